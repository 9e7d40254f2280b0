"""A unit brings a sketch of the people it reached: different people without their names."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from cyberweek.indicators.core.sketches import check_sketch, estimate
from cyberweek.indicators.enums import Adding, Grade, State, Way
from cyberweek.indicators.models import Figure, Indicator, Report
from cyberweek.indicators.rules import is_open
from cyberweek.kernel.actions import record

from .reports import NotOpen

if TYPE_CHECKING:
    from cyberweek.accounts.models import User


@transaction.atomic
def add_sketch(
    *, report: Report, indicator: Indicator, sketch: bytes, basis: str, by: User, now: dt.datetime
) -> Figure:
    """Put a sketch into a report that is open; its value is the estimate. Raises `BadSketchError`, `NotOpen`."""
    if indicator.adding != Adding.UNION:
        raise ValueError(f"{indicator.code} is not made of sketches")
    report = Report.objects.select_for_update(of=("self",)).select_related("edition", "unit").get(pk=report.pk)
    if not is_open(report) or report.state != State.DRAFT:
        raise NotOpen
    kept = check_sketch(sketch)
    figure, _made = Figure.objects.update_or_create(
        report=report,
        indicator=indicator,
        defaults={
            "edition_id": report.edition_id, "value": Decimal(estimate(kept).value), "way": Way.MACHINE,
            "grade": Grade.LOG, "basis": basis, "state": State.DRAFT, "sketch": kept, "changed": now,
            "provenance": report.provenance,
        },
    )  # fmt: skip
    report.revision += 1
    report.changed, report.changed_by = now, by
    report.save(update_fields=["revision", "changed", "changed_by"])
    record(
        actor=by, verb="report.add-sketch", thing=report, unit=report.unit_id, after={indicator.code: str(figure.value)}
    )
    return figure
