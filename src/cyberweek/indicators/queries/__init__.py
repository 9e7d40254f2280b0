"""Reads of the indicators: the dictionary, reports, figures, totals, and the sources of machine figures."""

from .dictionary import asked_of, dictionary_of, indicator_named, population_of, populations_of, wordings_of
from .reports import (
    ReportCounts,
    Wanted,
    counts_of,
    figures_of,
    ledger_of,
    listed,
    names_to_answer,
    open_questions,
    peers_of,
    people_to_remind,
    report_of_activity,
    report_of_unit,
    reports_visible_to,
    to_verify,
    units_that_report,
    waiting_for,
)
from .sources import Reading, Source, register_source, sources
from .totals import (
    Line,
    comparable,
    figures_visible_to,
    freshness,
    history_of,
    lines_under,
    regions_readable,
    rows_behind,
    total_of,
    totals_of,
)

__all__ = [
    "Line", "Reading", "ReportCounts", "Source", "Wanted", "asked_of", "comparable", "counts_of", "dictionary_of",
    "figures_of", "figures_visible_to", "freshness", "history_of", "indicator_named", "ledger_of", "lines_under",
    "listed", "names_to_answer", "open_questions", "peers_of", "people_to_remind", "population_of", "populations_of",
    "register_source", "regions_readable", "report_of_activity", "report_of_unit", "reports_visible_to", "rows_behind",
    "sources", "to_verify", "total_of", "totals_of", "units_that_report", "waiting_for", "wordings_of",
]  # fmt: skip
