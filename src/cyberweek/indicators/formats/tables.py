"""Figures as tables for spreadsheets: rows of plain values, with a head."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from cyberweek.indicators.models import Figure, Indicator, Total
from cyberweek.indicators.queries import Line


def number(value: Decimal) -> int | float:
    """As a spreadsheet counts with it."""
    return int(value) if value == value.to_integral_value() else float(value)


def totals_table(totals: Iterable[Total]) -> list[list[Any]]:
    """The totals of one region."""
    head = [
        _("Code"), _("Indicator"), _("Unit of count"), _("How it adds up"), _("Figure"), _("At least"), _("At most"),
        _("Figures"), _("Machine logs"), _("Documents"), _("Estimates"), _("As of (UTC)"),
    ]  # fmt: skip
    return [head, *(_total(total.indicator, total) for total in totals)]


def _total(indicator: Indicator, total: Total) -> list[Any]:
    return [
        indicator.code, str(indicator), str(total.get_count_display()), str(total.get_adding_display()), number(total.value),
        number(total.low), number(total.high), total.figures, total.logs, total.documents, total.estimates,
        f"{total.as_of:%Y-%m-%d %H:%M}",
    ]  # fmt: skip


def lines_table(lines: Iterable[Line]) -> list[list[Any]]:
    """An indicator by region."""
    head = [
        _("Code"), _("Region"), _("Figure"), _("At least"), _("At most"), _("People living there"), _("Per 100,000"),
        _("Figures"), _("Machine logs"), _("Documents"), _("Estimates"),
    ]  # fmt: skip
    rows: list[list[Any]] = [head]
    for line in lines:
        total = line.total
        counted: list[Any] = [number(total.value), number(total.low), number(total.high)] if total else ["", "", ""]
        graded: list[Any] = [total.figures, total.logs, total.documents, total.estimates] if total else [0, 0, 0, 0]
        people = line.population.people if line.population else ""
        rate = round(float(line.rate), 2) if line.rate is not None else ""
        rows.append([line.region.pk, str(line.region), *counted, people, rate, *graded])
    return rows


def figures_table(figures: Iterable[Figure]) -> list[list[Any]]:
    """Single figures with their pedigree."""
    head = [
        _("Number"), _("Activity"), _("Unit"), _("Region"), _("Indicator"), _("Unit of count"), _("Figure"),
        _("How it was counted"), _("On what it rests"), _("Evidence"), _("State"),
    ]  # fmt: skip
    rows: list[list[Any]] = [head]
    for one in figures:
        report = one.report
        activity = report.activity if report else None
        region = report.region if report else one.region
        rows.append(
            [
                activity.code if activity else "", str(activity or ""), str(report.unit) if report else one.source,
                str(region), str(one.indicator), str(one.indicator.get_count_display()), number(one.value),
                str(one.get_way_display()), one.basis, str(one.get_grade_display()), str(one.get_state_display()),
            ]
        )  # fmt: skip
    return rows
