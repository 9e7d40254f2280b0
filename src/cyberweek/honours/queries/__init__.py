"""Reads of typical cases: `desk` for organisers, `jury` for jurors and about them, `public` for everybody."""

from .desk import (
    calls_visible_to,
    entries_of_call,
    entries_visible_to,
    entry_counts,
    moves_of,
    names_behind,
    objections_of,
    part_of,
    results_of,
    units_addressed,
    with_call_counts,
)
from .jury import (
    Progress,
    conflicts_of_jury,
    covered_entry,
    juries_of,
    jurors_of,
    outcome_of,
    progress_of,
    sheets_for,
    sheets_of_entry,
)
from .public import (
    Asked,
    calls_announced,
    cases_published,
    narrowed,
    shortlist_of,
    years_with_cases,
)

__all__ = [
    "Asked", "Progress", "calls_announced", "calls_visible_to", "cases_published", "conflicts_of_jury", "covered_entry",
    "entries_of_call", "entries_visible_to", "entry_counts", "juries_of", "jurors_of", "moves_of", "names_behind",
    "narrowed", "objections_of", "outcome_of", "part_of", "progress_of", "results_of", "sheets_for", "sheets_of_entry",
    "shortlist_of", "units_addressed", "with_call_counts", "years_with_cases",
]  # fmt: skip
