"""The timeline: bars by week, the chain that decides when all is done, and by how much the rest may slip."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet

from cyberweek.planning.core.deadlines import Standing, standing
from cyberweek.planning.core.network import Circle, Timing, critical_path, timings
from cyberweek.planning.core.weeks import Span
from cyberweek.planning.enums import OPEN
from cyberweek.planning.models import Dependency, Task

WHOLE: Final = 2000
"""Tasks in whose network the critical path is looked for; above it the question has no useful answer."""

_BRIEF: Final = ("pk", "begins", "due", "state", "progress")


@dataclass(frozen=True)
class Chain:
    """What the network of the tasks comes to. `timing` by task; `path`: the decisive chain, first task first."""

    timing: dict[int, Timing]
    path: list[int]
    after: dict[int, list[int]]


def chain_of(rows: QuerySet[Task], *, today: dt.date) -> Chain:
    """The critical path method on the open tasks among the rows, with what they wait for: two queries.

    Times are days from today. A task takes what is left of its planned days by its progress, and ends on its due day at
    the latest. Data with a circle in them (none can be entered) have no chain.
    """
    brief = {row[0]: row for row in rows.filter(state__in=OPEN).order_by().values_list(*_BRIEF)}
    links = Dependency.objects.filter(task__in=list(brief), after__state__in=OPEN)
    after: dict[int, list[int]] = {pk: [] for pk in brief}
    for task, *other in links.values_list("task_id", *(f"after__{name}" for name in _BRIEF)):
        after[task].append(other[0])
        brief.setdefault(other[0], tuple(other))
    days, begins, due = {}, {}, {}
    for pk, first, last, _state, progress in brief.values():
        days[pk] = -(-((last - first).days + 1) * (100 - progress) // 100)
        begins[pk] = max(0, (first - today).days)
        due[pk] = (last - today).days + 1
    try:
        timing = timings(after, days, begins=begins, due=due, end=max(due.values(), default=0))
    except Circle:
        return Chain({}, [], {})
    linked = {pk: before for pk, before in after.items() if before}
    found = {pk: one for pk, one in timing.items() if pk in linked or any(pk in before for before in linked.values())}
    return Chain(timing, critical_path(after, found), after)


@dataclass(frozen=True)
class Bar:
    """One row: its place on the line of weeks in hundredths, how it stands, and its slack in days (None: done, or not
    looked for)."""

    task: Task
    at: float
    wide: float
    standing: Standing
    slack: int | None
    slack_wide: float
    is_critical: bool
    is_first: bool  # of its group
    group: str

    @property
    def end(self) -> float:
        return round(self.at + self.wide, 3)

    @property
    def said_at(self) -> float:
        """Where a word beside the bar stands: after it, and after what it may slip."""
        return round(min(self.end + self.slack_wide, 93.0), 3)


@dataclass(frozen=True)
class Link:
    """A line from the end of one bar to the start of the next on the chain, in hundredths and rows."""

    x1: float
    y1: float
    x2: float
    y2: float

    @property
    def path(self) -> str:
        """For an SVG whose unit is a hundredth across and a row down: out, down or up, and in."""
        turn = max(self.x1, self.x2 - 0.6)
        return f"M{self.x1:.2f} {self.y1}H{turn:.2f}V{self.y2}H{self.x2:.2f}"


def bars_of(tasks: Sequence[Task], span: Span, chain: Chain, *, by: str, today: dt.date) -> list[Bar]:
    """The rows as they are drawn, grouped as they are ordered."""
    critical = set(chain.path)
    found: list[Bar] = []
    group: object = None
    for task in tasks:
        key = task.arrangement_id if by == "arrangement" else task.unit_id
        end = span.at(task.due + dt.timedelta(days=1))
        at = span.at(task.begins)
        name = str(task.arrangement or "") if by == "arrangement" else str(task.unit)
        timing = chain.timing.get(task.pk)
        slack = timing.slack if timing else None
        slipped = span.at(task.due + dt.timedelta(days=1 + max(0, slack or 0)))
        found.append(
            Bar(
                task, at, round(end - at, 3), standing(task.state, task.due, today), slack, round(slipped - end, 3),
                task.pk in critical, not found or key != group, name,
            )
        )  # fmt: skip
        group = key
    return found


def links_of(bars: Iterable[Bar], chain: Chain) -> list[Link]:
    """The lines between the bars of the chain that are on the page."""
    rows: dict[int, tuple[int, Bar]] = {}
    y = 0
    for bar in bars:
        y += 2 if bar.is_first else 1  # the name of a group takes a row
        rows[bar.task.pk] = (y - 1, bar)
    pairs = [(a, b) for a, b in zip(chain.path, chain.path[1:], strict=False) if a in rows and b in rows]
    found = []
    for a, b in pairs:
        (y1, one), (y2, other) = rows[a], rows[b]
        found.append(Link(one.at + one.wide, y1 + 0.5, other.at, y2 + 0.5))
    return found


def rows_drawn(bars: Iterable[Bar]) -> int:
    """How many rows high the drawing is."""
    return sum(2 if bar.is_first else 1 for bar in bars)
