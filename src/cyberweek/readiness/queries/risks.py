"""Reads of the risk register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from cyberweek.editions.models import Edition
from cyberweek.kernel.queries import says
from cyberweek.readiness.core.levels import level_of
from cyberweek.readiness.enums import LIVE_RISKS, RiskLevel
from cyberweek.readiness.models import Measure, Risk, RiskEvent
from cyberweek.regions.models import Unit
from cyberweek.regions.queries import Scope, scope_of

if TYPE_CHECKING:
    from cyberweek.accounts.models import User


def risks_visible_to(user: User, scope: Scope | None = None) -> QuerySet[Risk]:
    """Risks of units that the person sees, and those that were passed up to one of theirs."""
    scope = scope or scope_of(user)
    units = Unit.objects.filter(scope.seeing()).order_by()
    rows = Risk.objects.filter(Q(unit__in=units) | Q(holder__in=scope.units))
    return rows.select_related("unit__region", "holder", "owner", "edition")


@dataclass(frozen=True)
class AskedRisks:
    """What is asked of the register; what is empty is not asked. `state`: one, or "live"."""

    q: str = ""
    state: str = "live"
    level: str = ""
    whose: str = ""  # "mine": I own; "hands": in the hands of my units
    unit: Unit | None = None
    likelihood: int | None = None
    impact: int | None = None


def risks_asked(rows: QuerySet[Risk], asked: AskedRisks, *, user: User, scope: Scope) -> QuerySet[Risk]:
    """Of the rows those that fit, whatever their place in the matrix (see `in_cell`)."""
    if asked.q:
        rows = rows.filter(says(asked.q, "title", "unit__name"))
    if asked.state == "live":
        rows = rows.filter(state__in=LIVE_RISKS)
    elif asked.state:
        rows = rows.filter(state=asked.state)
    if asked.level:
        rows = rows.filter(level=asked.level)
    if asked.whose == "mine":
        rows = rows.filter(owner=user)
    if asked.whose == "hands":
        rows = rows.filter(holder__in=scope.units)
    if asked.unit:
        rows = rows.filter(unit__ancestry__contains=[asked.unit.pk])
    return rows


def in_cell(rows: QuerySet[Risk], asked: AskedRisks) -> QuerySet[Risk]:
    """Of the rows those in one place of the matrix."""
    if asked.likelihood and asked.impact:
        return rows.filter(likelihood=asked.likelihood, impact=asked.impact)
    return rows


def gravest_first(rows: QuerySet[Risk]) -> QuerySet[Risk]:
    """By level, then by impact and likelihood; with `n_measures` and `n_open` (measures not done)."""
    rank = Case(
        *[When(level=level, then=Value(at)) for at, level in enumerate(RiskLevel.values)],
        default=Value(9),
        output_field=IntegerField(),
    )
    counted = rows.annotate(
        n_measures=Count("measures", distinct=True),
        n_open=Count("measures", filter=Q(measures__done=None) & ~Q(measures__task__state="done"), distinct=True),
        rank=rank,
    )
    return counted.order_by("rank", "-impact", "-likelihood", "pk")


@dataclass(frozen=True)
class Place:
    """One place of the 5 × 5 matrix."""

    likelihood: int
    impact: int
    level: str
    label: str
    n: int
    is_asked: bool


def matrix_of(rows: QuerySet[Risk], asked: AskedRisks) -> list[list[Place]]:
    """How many of the rows are in each place, likeliest first: one query."""
    counts = {
        (one["likelihood"], one["impact"]): one["n"]
        for one in rows.order_by().values("likelihood", "impact").annotate(n=Count("pk", distinct=True))
    }
    return [
        [
            Place(
                likely, impact, level := level_of(likely, impact), str(RiskLevel(level).label),
                counts.get((likely, impact), 0), (asked.likelihood, asked.impact) == (likely, impact),
            )
            for impact in range(1, 6)
        ]
        for likely in range(5, 0, -1)
    ]  # fmt: skip


def level_counts(rows: QuerySet[Risk]) -> dict[str, int]:
    found = dict(rows.order_by().values_list("level").annotate(n=Count("pk", distinct=True)))
    return {level: found.get(level, 0) for level in RiskLevel.values}


def events_of(risk: Risk) -> QuerySet[RiskEvent]:
    """Its history, last first."""
    return RiskEvent.objects.filter(risk=risk).select_related("by").order_by("-pk")


def measures_of(rows: Iterable[Risk]) -> dict[int, list[Measure]]:
    """The measures of each of the risks: one query."""
    found: dict[int, list[Measure]] = {row.pk: [] for row in rows}
    for one in Measure.objects.filter(risk__in=list(found)).select_related("unit", "task").order_by("due", "pk"):
        assert one.risk_id is not None
        found[one.risk_id].append(one)
    return found


def top_risks(edition: Edition, units: QuerySet[Unit], *, most: int) -> list[Risk]:
    """The gravest live risks of these units: for the agenda pack."""
    rows = Risk.objects.filter(edition=edition, unit__in=units, state__in=LIVE_RISKS).select_related(
        "unit", "holder", "owner"
    )
    return list(gravest_first(rows)[:most])


def reviews_due(rows: QuerySet[Risk], *, today: dt.date) -> int:
    """How many live ones should have been looked at again."""
    return rows.filter(state__in=LIVE_RISKS, review__lt=today).count()


def measures_in(risk: Risk) -> QuerySet[Measure]:
    return Measure.objects.filter(risk=risk).select_related("unit", "risk")
