"""Reads of the duty roster."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from cyberweek.editions.models import Edition
from cyberweek.readiness.core import roster
from cyberweek.readiness.core.roster import Clash, Span, Turn
from cyberweek.readiness.enums import DutyRole
from cyberweek.readiness.models import DutyHours, Shift
from cyberweek.regions.models import Unit
from cyberweek.regions.queries import Scope, scope_of

from .contingencies import line_above

if TYPE_CHECKING:
    from cyberweek.accounts.models import User


def shifts_visible_to(user: User, scope: Scope | None = None) -> QuerySet[Shift]:
    """Shifts of the units that the person sees, and of the units above theirs: whom one calls."""
    scope = scope or scope_of(user)
    seen = Unit.objects.filter(scope.seeing()).order_by()
    above = {pk for line in Unit.objects.filter(pk__in=scope.units).values_list("ancestry", flat=True) for pk in line}
    rows = Shift.objects.filter(Q(unit__in=seen) | Q(unit__in=above))
    return rows.select_related("unit", "person", "edition")


def on_duty_now(shifts: QuerySet[Shift], *, now: dt.datetime) -> QuerySet[Shift]:
    """Of the shifts those that last now, the highest units first."""
    return shifts.filter(starts__lte=now, ends__gt=now).order_by("unit__ancestry__len", "unit__code", "role", "pk")


def hours_of(edition: Edition, unit: Unit) -> dict[str, DutyHours]:
    return {row.role: row for row in DutyHours.objects.filter(edition=edition, unit=unit)}


@dataclass(frozen=True)
class Found:
    """What is wrong with the roster of one unit."""

    gaps: list[tuple[DutyHours, Span]]
    doubled: list[Clash]
    in_two_places: list[Clash]

    @property
    def is_fine(self) -> bool:
        return not (self.gaps or self.doubled or self.in_two_places)


def turns_of(shifts: Iterable[Shift]) -> list[Turn]:
    return [Turn(one.pk, _who(one), Span(one.starts, one.ends)) for one in shifts]


def _who(shift: Shift) -> tuple[str, int | str]:
    return ("person", shift.person_id) if shift.person_id else ("name", "".join(shift.name.split()).casefold())


def looked_through(edition: Edition, unit: Unit) -> Found:
    """Where nobody is on duty though somebody should be, where too many are, who is in two places. Two queries, and one
    for shifts elsewhere of the same people."""
    own = list(Shift.objects.filter(edition=edition, unit=unit).select_related("person"))
    found_gaps = []
    for hours in hours_of(edition, unit).values():
        spans = roster.wanted(edition.starts, edition.ends, hours.opens, hours.closes, edition.tz)
        turns = turns_of(one for one in own if one.role == hours.role)
        found_gaps += [(hours, gap) for gap in roster.gaps(turns, spans)]
    doubled = [
        clash for role in DutyRole.values for clash in roster.doubled(turns_of(s for s in own if s.role == role))
    ]
    people = {one.person_id for one in own if one.person_id}
    elsewhere = Shift.objects.filter(edition=edition, person__in=people).exclude(unit=unit)
    own_keys = {one.pk for one in own}
    twice = roster.in_two_places(turns_of([*own, *elsewhere]))
    return Found(found_gaps, doubled, [one for one in twice if {one.first.key, one.second.key} & own_keys])


def units_above(scope: Scope) -> QuerySet[Unit]:
    """The units above those in which the person serves: their roster is read, not kept."""
    return Unit.objects.filter(pk__in=line_above(scope))


def highest_of(scope: Scope) -> Unit | None:
    """The highest of the units in which the person serves."""
    return Unit.objects.filter(pk__in=scope.units).order_by("ancestry__len", "code").first()


def shifts_named(keys: Iterable[int]) -> dict[int, Shift]:
    """Shifts by their keys: one query."""
    return Shift.objects.select_related("unit", "person").in_bulk(list(keys))


def shifts_of(unit: Unit, edition: Edition) -> QuerySet[Shift]:
    return Shift.objects.filter(unit=unit, edition=edition).select_related("person")
