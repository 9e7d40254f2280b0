"""Tasks that wait for each other: an order to do them in, the circle that forbids one, and the critical path.

A network is a mapping from a task to the tasks that it comes after. Tasks named only as something to come after belong
to it too. Keys are ids or any other value that can be a key; what comes out keeps the order of what went in, so the same
network always gives the same answer. Time is in whole days.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)


class Circle(ValueError, Generic[Key]):  # noqa: N818 -- named for what is there
    """Tasks that wait for each other in a circle: each of `tasks` comes after the next, the last after the first."""

    def __init__(self, tasks: list[Key]) -> None:
        super().__init__(" → ".join(str(task) for task in [*tasks, *tasks[:1]]))
        self.tasks = tasks


def in_order(after: Mapping[Key, Collection[Key]]) -> list[Key]:
    """All tasks, each later than those that it comes after. Raises `Circle` with the tasks of one circle."""
    waits = _all_of(after)
    follows = followers(after)
    left = {task: len(before) for task, before in waits.items()}
    ready = deque(task for task, n in left.items() if not n)
    ordered: list[Key] = []
    while ready:
        task = ready.popleft()
        ordered.append(task)
        for later in follows.get(task, ()):
            left[later] -= 1
            if not left[later]:
                ready.append(later)
    if len(ordered) < len(waits):
        raise Circle(_circle_in({task: waits[task] for task, n in left.items() if n}))
    return ordered


def circle_with(after: Mapping[Key, Collection[Key]], task: Key, comes_after: Iterable[Key]) -> list[Key]:
    """The circle that would close if `task` came after these too, beginning with `task`; empty where none would.

    Only what is reached from `comes_after` is looked at, so `after` may hold as little as that.
    """
    came_from: dict[Key, Key] = {}
    reached = deque(dict.fromkeys(comes_after))
    came_from.update((one, task) for one in reached)
    while reached:
        one = reached.popleft()
        if one == task:
            return _walked_back(came_from, task)
        for before in after.get(one, ()):
            if before not in came_from:
                came_from[before] = one
                reached.append(before)
    return []


def _walked_back(came_from: Mapping[Key, Key], task: Key) -> list[Key]:
    circle = [task]
    while (last := came_from[circle[-1]]) != task:
        circle.append(last)
    return [task, *reversed(circle[1:])]


def followers(after: Mapping[Key, Collection[Key]]) -> dict[Key, list[Key]]:
    """The network turned round: for each task those that come after it."""
    found: dict[Key, list[Key]] = {}
    for task, before in after.items():
        for one in dict.fromkeys(before):
            found.setdefault(one, []).append(task)
    return found


def _all_of(after: Mapping[Key, Collection[Key]]) -> dict[Key, list[Key]]:
    waits = {task: list(dict.fromkeys(before)) for task, before in after.items()}
    for before in after.values():
        for one in before:
            waits.setdefault(one, [])
    return waits


def _circle_in(waits: Mapping[Key, Collection[Key]]) -> list[Key]:
    """Where every task waits for at least one other of them: walk from any until one is met again."""
    task = next(iter(waits))
    walked: dict[Key, int] = {}
    while task not in walked:
        walked[task] = len(walked)
        task = next(one for one in waits[task] if one in waits)
    return [one for one, at in walked.items() if at >= walked[task]]


@dataclass(frozen=True)
class Timing:
    """When a task can and must be done, in days of the caller's calendar. `slack`: by how many days it may slip before
    the end slips; below 0 the end cannot be kept as things are."""

    earliest_start: int
    earliest_finish: int
    latest_start: int
    latest_finish: int

    @property
    def slack(self) -> int:
        return self.latest_finish - self.earliest_finish

    @property
    def is_critical(self) -> bool:
        return self.slack <= 0


def timings(
    after: Mapping[Key, Collection[Key]],
    days: Mapping[Key, int],
    *,
    begins: Mapping[Key, int] | None = None,
    due: Mapping[Key, int] | None = None,
    end: int | None = None,
) -> dict[Key, Timing]:
    """The critical path method. `days`: how long each task takes; one that is not there takes none. `begins`: the day
    before which it does not start (0). `due`: the day by which it must be finished, if it has one. `end`: the day by
    which everything must be; without it the day on which the last task can be finished. Raises `Circle`."""
    begins, due = begins or {}, due or {}
    ordered = in_order(after)
    finish: dict[Key, int] = {}
    start: dict[Key, int] = {}
    for task in ordered:
        start[task] = max([begins.get(task, 0), *(finish[one] for one in after.get(task, ()))])
        finish[task] = start[task] + days.get(task, 0)
    last = end if end is not None else max(finish.values(), default=0)
    follows = followers(after)
    latest: dict[Key, int] = {}
    for task in reversed(ordered):
        limits = [latest[one] - days.get(one, 0) for one in follows.get(task, ())]
        latest[task] = min([due.get(task, last), last, *limits])
    return {task: Timing(start[task], finish[task], latest[task] - days.get(task, 0), latest[task]) for task in ordered}


def critical_path(after: Mapping[Key, Collection[Key]], found: Mapping[Key, Timing]) -> list[Key]:
    """The chain that decides when all is done, first task first: back from the task of least slack that is finished
    last, at each step to the one whose finish it had to wait for."""
    if not found:
        return []
    task = min(found, key=lambda one: (found[one].slack, -found[one].earliest_finish))
    path = [task]
    while before := [one for one in after.get(task, ()) if found[one].earliest_finish == found[task].earliest_start]:
        task = min(before, key=lambda one: found[one].slack)
        path.append(task)
    return path[::-1]
