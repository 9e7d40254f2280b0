"""Files of reports."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from cyberweek.editions.models import Edition
from cyberweek.indicators.models import Evidence, Figure, Indicator, Report


def evidence_of(report: Report) -> QuerySet[Evidence]:
    """The files of a report, with who added them."""
    return Evidence.objects.filter(report=report).select_related("attachment", "attachment__by", "indicator")


def files_of(report: Report, *, indicator: Indicator | None = None) -> list[Evidence]:
    """The files of a report; with `indicator` those that show its figure, and those of the report as a whole."""
    rows = evidence_of(report)
    return list(rows.filter(Q(indicator=indicator) | Q(indicator=None)) if indicator else rows)


def shown_by_files(report: Report) -> dict[str, bool]:
    """For which indicators a file is there, by code; "" where one shows the report as a whole."""
    return {
        code or "": True for code in Evidence.objects.filter(report=report).values_list("indicator__code", flat=True)
    }


def all_figures(edition: Edition) -> QuerySet[Figure]:
    """Every figure of an edition, whether it counts or not."""
    return Figure.objects.filter(edition=edition)
