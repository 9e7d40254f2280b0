"""Reads of contingency plans and drills, and of what lacks one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from cyberweek.attachments.models import Attachment
from cyberweek.editions.models import Edition
from cyberweek.programme.core.moderation import LIVE
from cyberweek.programme.models import Activity
from cyberweek.programme.queries import activities_visible_to
from cyberweek.readiness.enums import BOTTOM_LINES, Danger
from cyberweek.readiness.models import Contingency, Drill, Measure
from cyberweek.regions.models import Unit
from cyberweek.regions.queries import Scope, scope_of

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

CROWD_FROM: Final = 500
"""Places from which an activity has a plan for its crowd."""


def contingencies_visible_to(user: User, scope: Scope | None = None) -> QuerySet[Contingency]:
    """Plans of units that the person sees, and of all units above theirs: these hold for them too."""
    scope = scope or scope_of(user)
    seen = Unit.objects.filter(scope.seeing()).order_by()
    above = line_above(scope)
    rows = Contingency.objects.filter(Q(unit__in=seen) | Q(unit__in=above))
    return rows.select_related("unit__region", "edition")


def line_above(scope: Scope) -> frozenset[int]:
    """Ids of the units over the person's own, these included: one query."""
    rows = Unit.objects.filter(pk__in=scope.units).values_list("ancestry", flat=True)
    return frozenset(pk for ancestry in rows for pk in ancestry)


def with_drills(rows: QuerySet[Contingency]) -> QuerySet[Contingency]:
    """… with `n_steps`, `n_activities` and `drilled`, when it was tried last."""
    return rows.annotate(
        n_steps=Count("steps", distinct=True),
        n_activities=Count("activities", distinct=True),
        drilled=Max("drills__held"),
    )


def drills_of(plan: Contingency) -> QuerySet[Drill]:
    rows = Drill.objects.filter(plan=plan).select_related("by").order_by("-held", "-pk")
    return rows.prefetch_related("measures__unit", "measures__task", "files__by")


@dataclass(frozen=True)
class Cover:
    """One unit and, for each bottom line, whether it has a plan of its own ("own"), one above it has ("above"), or none."""

    unit: Unit
    cells: list[tuple[Danger, str]]


def bare_units(edition: Edition, scope: Scope, *, first: int) -> tuple[int, list[Unit]]:
    """How many of the person's units and those under them hold an activity or have tasks and lack a plan of their own for
    some bottom line; and the first of them. They are looked for once."""
    units = Unit.objects.filter(scope.changing() | Q(pk__in=scope.units))
    busy: Any = Q(Exists(Activity.objects.filter(edition=edition, lead=OuterRef("pk"), status__in=LIVE))) | Q(
        Exists(edition.tasks.filter(unit=OuterRef("pk")))
    )
    lacks: Any = Q()
    for danger in BOTTOM_LINES:
        lacks |= ~Exists(Contingency.objects.filter(edition=edition, danger=danger, unit=OuterRef("pk")))
    keys = list(units.filter(busy).filter(lacks).order_by("ancestry").values_list("pk", flat=True))
    shown = Unit.objects.filter(pk__in=keys[:first]).select_related("region").order_by("ancestry")
    return len(keys), list(shown)


def cover_of(units: list[Unit], edition: Edition) -> list[Cover]:
    """For each of the units, bottom line by bottom line: one query."""
    lines = {pk for unit in units for pk in unit.ancestry}
    rows = Contingency.objects.filter(edition=edition, unit__in=lines, danger__in=BOTTOM_LINES)
    held = set(rows.values_list("unit_id", "danger"))
    return [Cover(unit, [(danger, _how(unit, danger, held)) for danger in BOTTOM_LINES]) for unit in units]


def _how(unit: Unit, danger: str, held: set[tuple[int, str]]) -> str:
    if (unit.pk, danger) in held:
        return "own"
    return "above" if any((pk, danger) in held for pk in unit.ancestry) else "none"


def crowds_without_plan(user: User, edition: Edition, scope: Scope, *, places: int) -> QuerySet[Activity]:
    """Live activities with at least so many places that no plan against crowds names, largest first."""
    plans = Contingency.activities.through.objects.filter(activity=OuterRef("pk"), contingency__danger=Danger.CROWD)
    rows = activities_visible_to(user, scope).filter(edition=edition, status__in=LIVE, capacity__gte=places)
    return rows.filter(~Exists(plans)).order_by("-capacity", "pk")


def plans_for(unit: Unit, edition: Edition, kind: str) -> QuerySet[Contingency]:
    """Plans against this danger that hold for the unit: its own first, then those of the units above it."""
    rows = Contingency.objects.filter(edition=edition, unit__in=unit.ancestry, danger=kind).select_related("unit")
    return rows.order_by("-unit__ancestry__len", "pk")


def files_of(plan: Contingency) -> QuerySet[Attachment]:
    """The files of a plan and of its drills."""
    drills = Drill.objects.filter(plan=plan)
    return Attachment.objects.filter(Q(pk__in=plan.files.values("pk")) | Q(pk__in=drills.values("files")))


def measures_of_drills(plan: Contingency) -> QuerySet[Measure]:
    return Measure.objects.filter(drill__plan=plan).select_related("unit")
