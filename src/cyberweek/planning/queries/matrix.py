"""The matrix: areas down, arrangements across; each cell counts the tasks behind it. One GROUP BY."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Avg, Count, Exists, Min, OuterRef, Q, QuerySet

from cyberweek.editions.models import Edition
from cyberweek.planning.core.deadlines import NEAR
from cyberweek.planning.enums import OPEN, TaskState
from cyberweek.planning.models import Arrangement, Plan, Task
from cyberweek.regions.models import Region, Unit
from cyberweek.regions.queries import Scope

from .plans import plans_visible_to

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

COLUMNS: Final = 8  # arrangements on a page


@dataclass(frozen=True)
class Cell:
    """The tasks of one area for one arrangement, dropped ones apart."""

    n: int = 0
    done: int = 0
    late: int = 0
    soon: int = 0
    blocked: int = 0
    begun: int = 0
    progress: int = 0  # mean, in hundredths
    days: int = 0  # by how many the latest is late

    @property
    def kind(self) -> str:
        """done, late, blocked, due, doing or todo; "" where there is no task."""
        if not self.n:
            return ""
        if self.done == self.n:
            return "done"
        if self.late:
            return "late"
        if self.blocked:
            return "blocked"
        if self.soon:
            return "due"
        return "doing" if self.begun or self.done else "todo"


@dataclass
class Row:
    """An area (or a unit) with its cells by arrangement and their sum."""

    name: str
    key: str  # code of the region or unit
    kind: str  # "region", "itself", "unit"
    cells: dict[int, Cell] = field(default_factory=dict)
    total: Cell = Cell()


def plans_to_show(edition: Edition, user: User, scope: Scope) -> list[Plan]:
    """The plans that have gone down and that the person sees, the highest first."""
    live = Exists(Arrangement.objects.filter(plan=OuterRef("pk")).exclude(issued={}))
    plans = plans_visible_to(user, scope).filter(live, edition=edition, issued_at__isnull=False)
    return list(plans.order_by("unit__ancestry__len", "pk")[:50])


def columns_of(plan: Plan) -> QuerySet[Arrangement]:
    """What stands across, by due day."""
    rows = Arrangement.objects.filter(plan=plan, is_withdrawn=False).exclude(issued={})
    return rows.only("pk", "code", "title", "due", "plan", "is_milestone").order_by("due", "code")


def focus_of(scope: Scope, code: str) -> Region | None:
    """The region whose parts stand down: the one asked for, else the highest of the person's own."""
    if code and (found := Region.objects.filter(pk=code).first()):
        return found
    return Region.objects.filter(pk__in=scope.regions).order_by("ancestry__len", "code").first()


def _figures(today: dt.date) -> dict[str, Any]:
    is_open = Q(state__in=OPEN)
    return {
        "n": Count("pk"),
        "done": Count("pk", filter=Q(state=TaskState.DONE)),
        "late": Count("pk", filter=is_open & Q(due__lt=today)),
        "soon": Count("pk", filter=is_open & Q(due__gte=today, due__lt=today + dt.timedelta(days=NEAR))),
        "blocked": Count("pk", filter=Q(state=TaskState.BLOCKED)),
        "begun": Count("pk", filter=is_open & Q(progress__gt=0)),
        "mean": Avg("progress"),
        "first": Min("due", filter=is_open),
    }


def _cell(found: dict[str, Any], today: dt.date) -> Cell:
    days = max(0, (today - found["first"]).days) if found["first"] else 0
    names = ("n", "done", "late", "soon", "blocked", "begun")
    return Cell(**{name: found[name] for name in names}, progress=int(found["mean"] or 0), days=days)


def areas_in(rows: QuerySet[Task], focus: Region, arrangements: Sequence[Arrangement], *, today: dt.date) -> list[Row]:
    """The regions right under `focus` that have tasks, and what lies in `focus` itself; the latest first. Two queries."""
    depth = len(focus.ancestry)
    found = list(_grouped(rows, f"unit__region__ancestry__{depth}", arrangements, today))
    codes = {area for area, _a, _cell in found if area}
    names = {region.pk: str(region) for region in Region.objects.filter(pk__in=codes)}
    made: dict[str, Row] = {}
    for area, arrangement, cell in found:
        key = area or ""
        row = made.get(key) or made.setdefault(
            key, Row(names.get(key, str(focus)), key or focus.pk, "region" if key else "itself")
        )
        row.cells[arrangement] = cell
    return _summed(made.values())


def units_in(
    rows: QuerySet[Task], units: Iterable[Unit], arrangements: Sequence[Arrangement], *, today: dt.date
) -> list[Row]:
    """One row a unit, in the order of `units`: one query."""
    made = {unit.pk: Row(str(unit), unit.code, "unit") for unit in units}
    for unit, arrangement, cell in _grouped(rows.filter(unit__in=list(made)), "unit_id", arrangements, today):
        made[unit].cells[arrangement] = cell
    for row in made.values():
        row.total = _sum(row.cells.values())
    return list(made.values())


def _grouped(
    rows: QuerySet[Task], key: str, arrangements: Sequence[Arrangement], today: dt.date
) -> Iterable[tuple[Any, int, Cell]]:
    asked = rows.filter(arrangement__in=[one.pk for one in arrangements]).exclude(state=TaskState.DROPPED)
    for found in asked.order_by().values(key, "arrangement_id").annotate(**_figures(today)):
        yield found[key], found["arrangement_id"], _cell(found, today)


def _summed(rows: Iterable[Row]) -> list[Row]:
    made = list(rows)
    for row in made:
        row.total = _sum(row.cells.values())
    return sorted(made, key=lambda row: (-row.total.late, row.total.done / (row.total.n or 1), row.key))


def _sum(cells: Iterable[Cell]) -> Cell:
    found = list(cells)
    n = sum(one.n for one in found)
    mean = sum(one.progress * one.n for one in found) // n if n else 0
    parts = {name: sum(getattr(one, name) for one in found) for name in ("done", "late", "soon", "blocked", "begun")}
    return Cell(n=n, **parts, progress=mean, days=max((one.days for one in found), default=0))
