"""Reads of tasks: every one starts from a scope."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Count, Q, QuerySet

from cyberweek.accounts.models import User
from cyberweek.editions.models import Edition
from cyberweek.kernel.queries import says
from cyberweek.planning.core.deadlines import LATE
from cyberweek.planning.enums import OPEN, EventKind, TaskState
from cyberweek.planning.models import Evidence, Task, TaskEvent
from cyberweek.regions.models import Post, Unit
from cyberweek.regions.queries import Scope, scope_of, units_changeable_by, units_matching

if TYPE_CHECKING:
    from collections.abc import Iterable

# Whole texts stay out of lists: a page of 50 tasks needs none of them.
LONG: Final = ("what", "deliverables")


def tasks_visible_to(user: User, scope: Scope | None = None) -> QuerySet[Task]:
    """Tasks of the person's units and those under them, and of the units of the same region."""
    # Units are asked first: 3,000 of them, where a join would look at the ancestry of each of 200,000 tasks.
    return Task.objects.filter(unit__in=Unit.objects.filter((scope or scope_of(user)).seeing()).order_by())


def tasks_changeable_by(user: User, scope: Scope | None = None) -> QuerySet[Task]:
    """Tasks that the person may report on and edit: of their units and those under them."""
    return Task.objects.filter(unit__in=Unit.objects.filter((scope or scope_of(user)).changing()).order_by())


@dataclass(frozen=True)
class Asked:
    """What a coordinator asks of the tasks, the same on every page; what is empty is not asked."""

    q: str = ""
    whose: str = ""  # "own": of my units; "below": of those under them
    unit: Unit | None = None  # with all under it
    region: str = ""  # with all under it
    within: str = ""  # "itself": of that unit or region alone
    level: str = ""
    sector: str = ""
    arrangement: int | None = None
    day: int | None = None
    state: str = ""  # a state, or "open"
    who: str = ""  # "me", "nobody"
    late: str = ""  # "on": past the due day; "press": blocked, or so late that it has come up a level
    parent: int | None = None

    def of_units(self) -> bool:
        """True when it asks only some units."""
        return bool(self.whose or self.unit or self.region or self.level or self.sector)


def units_asked(scope: Scope, asked: Asked) -> QuerySet[Unit]:
    """The units in sight whose tasks are asked for."""
    units = Unit.objects.filter(scope.seeing()).order_by()
    if asked.whose == "own":
        units = units.filter(pk__in=scope.units)
    if asked.whose == "below":
        units = units.filter(ancestry__overlap=list(scope.units)).exclude(pk__in=scope.units)
    if asked.unit and asked.within == "itself":
        units = units.filter(pk=asked.unit.pk)
    elif asked.unit:
        units = units.filter(ancestry__contains=[asked.unit.pk])
    if asked.region and asked.within == "itself":
        units = units.filter(region=asked.region)
    elif asked.region:
        units = units.filter(region__ancestry__contains=[asked.region])
    if asked.level:
        units = units.filter(level=asked.level)
    if asked.sector:
        units = units.filter(sector=asked.sector)
    return units


def tasks_asked(edition: Edition, user: User, scope: Scope, asked: Asked, *, today: dt.date) -> QuerySet[Task]:
    """Of the tasks in sight those that are asked for, whatever their state (see `in_state`), by due day."""
    rows = Task.objects.filter(edition=edition, unit__in=units_asked(scope, asked))
    if asked.q:
        named = Q(unit__in=units_matching(Unit.objects.order_by(), q=asked.q).values("pk"))
        rows = rows.filter(named | says(asked.q, "title"))
    if asked.arrangement:
        rows = rows.filter(arrangement=asked.arrangement)
    if asked.day:
        rows = rows.filter(theme_day__number=asked.day, theme_day__edition=edition)
    if asked.who == "me":
        rows = rows.filter(accountable=user)
    if asked.who == "nobody":
        rows = rows.filter(accountable=None, state__in=OPEN)
    if asked.late == "press":
        rows = rows.filter(pressing_on(today), state__in=OPEN)
    elif asked.late:
        rows = rows.filter(state__in=OPEN, due__lt=today)
    if asked.parent:
        rows = rows.filter(parent=asked.parent)
    return rows.order_by("due", "pk")


def pressing_on(today: dt.date) -> Q:
    """Of open tasks those that concern the level above: blocked, or as late as when they go up."""
    return Q(state=TaskState.BLOCKED) | Q(state__in=OPEN, due__lte=today - dt.timedelta(days=LATE))


def in_state(rows: QuerySet[Task], state: str) -> QuerySet[Task]:
    """Of the rows those in a state; "open": not done and not dropped."""
    if state == "open":
        return rows.filter(state__in=OPEN)
    return rows.filter(state=state) if state else rows


def counts_of(rows: QuerySet[Task]) -> dict[str, int]:
    """How many of the rows are in each state, and "open": one query."""
    found = dict(rows.order_by().values_list("state").annotate(n=Count("*")))
    counts = {str(state): found.get(state, 0) for state in TaskState.values}
    return counts | {"open": sum(counts[state] for state in OPEN)}


def for_list(rows: QuerySet[Task]) -> QuerySet[Task]:
    """With the names that a row of a list shows, and without the long texts."""
    return rows.select_related("unit", "accountable", "theme_day", "arrangement").defer(
        *LONG, *(f"arrangement__{name}" for name in (*LONG, "issued"))
    )


def whole(rows: QuerySet[Task]) -> QuerySet[Task]:
    """With all that the page of a task and its rules read."""
    return rows.select_related(
        "edition", "unit__region", "accountable", "theme_day", "arrangement__plan__unit", "arrangement__plan__edition",
        "parent__unit", "parent__accountable",
    )  # fmt: skip


def plan_changed(tasks: Iterable[Task]) -> set[int]:
    """Those of the tasks that the plan changed since a person last wrote of them: one query."""
    kinds = [EventKind.PLAN_CHANGED, EventKind.WITHDRAWN, EventKind.EDITED, EventKind.PROGRESS]
    last = TaskEvent.objects.filter(task__in=[task.pk for task in tasks], kind__in=kinds)
    rows = last.order_by("task_id", "-id").distinct("task_id").values_list("task_id", "kind")
    return {pk for pk, kind in rows if kind in {EventKind.PLAN_CHANGED, EventKind.WITHDRAWN}}


def events_of(task: Task) -> QuerySet[TaskEvent]:
    """Its history, last first."""
    return TaskEvent.objects.filter(task=task).select_related("by").order_by("-id")


def parts_of(task: Task) -> QuerySet[Task]:
    """What it was broken down into."""
    rows = Task.objects.filter(parent=task).select_related("unit", "accountable").defer(*LONG)
    return rows.order_by("due", "unit__code", "pk")


def waits_for(task: Task) -> QuerySet[Task]:
    """The tasks that it waits for. Whoever sees a task sees these too, with state and date, if not their page."""
    return Task.objects.filter(dependents__task=task).select_related("unit").defer(*LONG).order_by("due", "pk")


def holds_up(task: Task) -> QuerySet[Task]:
    """The tasks that wait for it."""
    return Task.objects.filter(dependencies__after=task).select_related("unit").defer(*LONG).order_by("due", "pk")


def people_to_name(unit: Unit) -> QuerySet[User]:
    """Who can be accountable for a task of the unit: whoever has a post there or above and may sign in."""
    held = Post.objects.filter(unit__in=unit.ancestry).order_by().values("person")
    return User.objects.filter(pk__in=held, is_active=True).order_by("name", "pk")


def people_to_set(scope: Scope) -> QuerySet[User]:
    """Whom one can make accountable for many tasks at once: those with a post in one's own units."""
    held = Post.objects.filter(unit__in=scope.editing).order_by().values("person")
    return User.objects.filter(pk__in=held, is_active=True).order_by("name", "pk")


def units_to_break_down_for(user: User, scope: Scope, task: Task) -> QuerySet[Unit]:
    """The units under the task's own."""
    below = units_changeable_by(user, scope).filter(ancestry__contains=[task.unit_id])
    return below.exclude(pk=task.unit_id).order_by("code")


def evidence_of(task: Task) -> QuerySet[Evidence]:
    """The files that show that it is done."""
    return Evidence.objects.filter(task=task).select_related("attachment__by")
