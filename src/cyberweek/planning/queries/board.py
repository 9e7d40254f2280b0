"""The board: a column a state, and my week: what presses, in the order in which it is looked at."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Q, QuerySet

from cyberweek.accounts.models import User
from cyberweek.editions.models import Edition
from cyberweek.planning.enums import OPEN, TaskState
from cyberweek.planning.models import Task
from cyberweek.regions.models import Unit
from cyberweek.regions.queries import Scope

from .notices import unread_of
from .tasks import for_list, in_state, pressing_on

SHOWN: Final = 25  # cards of a column
LINES: Final = 12  # rows of a part of my week
AHEAD: Final = 7  # days
COLUMNS: Final = (TaskState.TODO, TaskState.DOING, TaskState.BLOCKED, TaskState.DONE)


@dataclass(frozen=True)
class Column:
    """One column: its first cards, and how many there are in all."""

    state: TaskState
    cards: list[Task]
    n: int


def columns_of(rows: QuerySet[Task], counts: dict[str, int]) -> list[Column]:
    """The columns, first due first; what is done, last done first. One query a column."""
    found = []
    for state in COLUMNS:
        order = ("-done_at", "-pk") if state == TaskState.DONE else ("due", "pk")
        cards = list(for_list(in_state(rows, state)).order_by(*order)[:SHOWN])
        found.append(Column(state, cards, counts[state]))
    return found


@dataclass(frozen=True)
class Part:
    """A part of my week: its first rows, how many in all, and what the list is asked to show them all."""

    key: str
    rows: list[Task]
    n: int
    asked: str


def own_tasks(edition: Edition, user: User, scope: Scope) -> QuerySet[Task]:
    """What is mine to do: open tasks of the units where I serve, and those that I am accountable for."""
    mine = Q(unit__in=scope.units) | Q(accountable=user)
    return Task.objects.filter(mine, edition=edition, state__in=OPEN)


def below_that_press(edition: Edition, scope: Scope, *, today: dt.date) -> QuerySet[Task]:
    """What under my units needs me: blocked, or so late that it has come up a level."""
    below = Unit.objects.filter(ancestry__overlap=list(scope.editing)).exclude(pk__in=scope.units).order_by()
    return Task.objects.filter(pressing_on(today), edition=edition, unit__in=below, state__in=OPEN)


def week_of_tasks(edition: Edition, user: User, scope: Scope, *, today: dt.date) -> list[Part]:
    """My week: late, this week, blocked, and what needs me below. Six queries, whatever the size."""
    own = own_tasks(edition, user, scope)
    until = today + dt.timedelta(days=AHEAD)
    late = Q(due__lt=today)
    ahead = Q(due__gte=today, due__lt=until)
    blocked = Q(state=TaskState.BLOCKED) & ~late & ~ahead
    counts = own.aggregate(
        late=Count("pk", filter=late), ahead=Count("pk", filter=ahead), blocked=Count("pk", filter=blocked)
    )
    below = below_that_press(edition, scope, today=today)
    return [
        Part("late", _first(own.filter(late)), counts["late"], "whose=own&late=on"),
        Part("ahead", _first(own.filter(ahead), 4 * LINES), counts["ahead"], "whose=own&state=open"),
        Part("blocked", _first(own.filter(blocked)), counts["blocked"], "whose=own&state=blocked"),
        Part("below", _first(below), below.count(), "whose=below&late=press"),
    ]


def _first(rows: QuerySet[Task], n: int = LINES) -> list[Task]:
    return list(for_list(rows).order_by("due", "pk")[:n])


@dataclass(frozen=True)
class Pressing:
    """What waits in planning, in figures: what I was told, of my own tasks, and blocked or long late under my units."""

    told: int
    late: int
    ahead: int
    blocked: int
    below: int

    def any(self) -> bool:
        return bool(self.told or self.late or self.ahead or self.blocked or self.below)


def pressing(edition: Edition, user: User, scope: Scope, *, today: dt.date) -> Pressing:
    """For the front page of the desk, the same parts as on my week: three queries."""
    until = today + dt.timedelta(days=AHEAD)
    later = Q(due__gte=until)
    own = own_tasks(edition, user, scope).aggregate(
        late=Count("pk", filter=Q(due__lt=today)),
        ahead=Count("pk", filter=Q(due__gte=today, due__lt=until)),
        blocked=Count("pk", filter=Q(state=TaskState.BLOCKED) & later),
    )
    below = below_that_press(edition, scope, today=today).count()
    return Pressing(told=unread_of(user, edition).count(), **own, below=below)
