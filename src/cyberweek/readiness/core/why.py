"""Why a unit is not sure, and what would turn it.

The same numbers are drawn again for the unit's open tasks and what these wait for (chance.py makes that exact), and every
question is answered on them: what if this were settled today? Two answers differ by the one task alone, so a difference
of a point is a point and no noise.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

import numpy as np

from cyberweek.readiness.core.chance import Flags, Floats, Ints
from cyberweek.readiness.core.course import Network, Outlook, Tasks, drawn, joined, network
from cyberweek.readiness.core.forecast import seen_of, taken

LINE: Final = 0.85  # from here on a unit is called on course
_LIKELY: Final = 8  # tasks among which the smallest set is sought by trying all
_SMALL: Final = 3  # the size of set up to which all are tried
_ACTIONS: Final = 12  # a longer list is no advice
_SUSPECTS: Final = 20
_NEXT: Final = 5  # of them that are tried at each step of a longer list
_BEFORE: Final = 0.999  # of two tasks late equally often the one that is waited for is asked about second
_RUNS: Final = 300

Corrected = Callable[[float], float]


@dataclass(frozen=True)
class Cause:
    """A task by key, the chance of the unit if it were settled today, and by how much that is more than now."""

    task: int
    chance: float
    gain: float


@dataclass(frozen=True)
class Why:
    """`causes`: what holds the unit up, the gravest first. `turn`: the fewest tasks that, settled today, lift it over
    the line, and its chance then; where none do, all that help and how far that brings it (`turns` is False)."""

    chance: float
    causes: tuple[Cause, ...] = ()
    turn: tuple[int, ...] = ()
    turned: float = 0.0
    turns: bool = False


@dataclass
class _Case:
    """One unit's tasks with what they wait for, drawn once."""

    tasks: Tasks
    net: Network
    ends: Floats
    work: Floats
    opening: int
    corrected: Corrected
    known: dict[frozenset[int], float] = field(default_factory=dict)
    late: Flags = field(init=False)  # of tasks that count, as things are
    tied: frozenset[int] = field(init=False)  # tasks that wait or are waited for

    def __post_init__(self) -> None:
        self.late = self._late(frozenset())
        self.tied = frozenset(np.unique([*self.net.after, *self.net.task]).tolist())

    def _late(self, settled: frozenset[int]) -> Flags:
        """A settled task has no work left in it, and still waits for what it comes after."""
        places = sorted(settled)
        ends, work = self.ends.copy(), self.work
        ends[places] = 0
        if self.net.levels:
            if places:
                work = work.copy()
                work[places] = 0
            ends = joined(ends, work, self.net)
        late: Flags = (ends > self.opening) & self.tasks.counts[:, None]
        return late

    def chance(self, settled: frozenset[int]) -> float:
        """Of being ready when these are settled today."""
        if settled not in self.known:
            if settled.isdisjoint(self.tied):
                left = self.late.sum(axis=0) - self.late[sorted(settled)].sum(axis=0)
                self.known[settled] = self.corrected(float((left == 0).mean()))
            else:
                self.known[settled] = self.corrected(float((~self._late(settled).any(axis=0)).mean()))
        return self.known[settled]

    def suspects(self, settled: frozenset[int] = frozenset()) -> list[int]:
        """The tasks worth asking about next: late most often themselves, or before one that is."""
        often = (self._late(settled) if settled else self.late).mean(axis=1)
        for edges, _, _ in reversed(self.net.levels):
            np.maximum.at(often, self.net.after[edges], often[self.net.task[edges]] * _BEFORE)
        ranked = np.argsort(-often, kind="stable")[:_SUSPECTS]
        return [int(one) for one in ranked if often[one] > 0]


class Asking:
    """Answers for one forecast; `line` is the chance from which a unit is called on course."""

    def __init__(
        self,
        tasks: Tasks,
        seen: Outlook,
        *,
        opening: int,
        seed: int,
        line: float = LINE,
        corrected: Corrected = lambda chance: chance,
    ) -> None:
        self._tasks, self._seen = tasks, seen
        self._opening, self._seed, self._line, self._corrected = max(0, opening), seed, line, corrected
        order = np.argsort(tasks.edges[:, 0], kind="stable")
        self._edges = tasks.edges[order]
        self._first = np.searchsorted(self._edges[:, 0], np.arange(len(tasks) + 1))

    def why(self, unit: int, runs: int = _RUNS) -> Why:
        """What holds this unit up. A unit without open tasks that count has nothing that does."""
        tasks = self._tasks
        own = np.arange(*np.searchsorted(tasks.unit, [unit, unit + 1]))
        case = self._case(own[tasks.counts[own]], runs)
        now = case.chance(frozenset())
        gains = [(case.chance(frozenset({one})) - now, one) for one in case.suspects()]
        gains.sort(key=lambda pair: (-pair[0], -case.late[pair[1]].mean(), pair[1]))
        causes = tuple(
            Cause(int(case.tasks.key[one]), now + gain, gain) for gain, one in gains if gain > 0 or case.late[one].any()
        )
        if now >= self._line or not gains:
            return Why(now, causes)
        turn = self._fewest(case, [one for _, one in gains])
        turned = case.chance(frozenset(turn))
        return Why(now, causes, tuple(int(case.tasks.key[one]) for one in turn), turned, turned >= self._line)

    def _case(self, targets: Ints, runs: int) -> _Case:
        places = self._with_all_before(targets)
        at = {int(place): i for i, place in enumerate(places)}
        edges = [
            (at[int(place)], at[int(after)])
            for place in places
            for after in self._edges[self._first[place] : self._first[place + 1], 1]
        ]
        some = taken(self._tasks, places)
        counts = np.isin(places, targets)
        tasks = Tasks(
            some.key, some.unit, some.cell, some.begins, some.due, some.share, some.age, some.blocked, counts,
            np.array(edges, dtype=np.int64).reshape(-1, 2),
        )  # fmt: skip
        ends, work = drawn(tasks, seen_of(self._seen, places), self._seed, range(runs))
        return _Case(tasks, network(tasks), ends, work, self._opening, self._corrected)

    def _with_all_before(self, targets: Ints) -> Ints:
        found, new = set(targets.tolist()), targets.tolist()
        while new:
            before = {int(one) for task in new for one in self._edges[self._first[task] : self._first[task + 1], 1]}
            new = list(before - found)
            found |= before
        return np.array(sorted(found), dtype=np.int64)

    def _fewest(self, case: _Case, ranked: Sequence[int]) -> list[int]:
        """All small sets of the likeliest tasks are tried, smallest first; then one is added at a time, the best of those
        that are late most often, and what turns out not to be needed is taken out again."""
        likely = ranked[:_LIKELY]
        enough = case.chance(frozenset(likely)) >= self._line
        for size in range(1, min(_SMALL, len(likely)) + 1 if enough else 1):
            best = max(combinations(likely, size), key=lambda some: case.chance(frozenset(some)))
            if case.chance(frozenset(best)) >= self._line:
                return [one for one in ranked if one in best]
        chosen: list[int] = []
        now = case.chance(frozenset())
        while now < self._line and len(chosen) < _ACTIONS:
            left = [one for one in case.suspects(frozenset(chosen)) if one not in chosen][:_NEXT]
            if not left:
                break
            chosen.append(max(left, key=lambda one: (case.chance(frozenset([*chosen, one])), -left.index(one))))
            now = case.chance(frozenset(chosen))
        for one in list(chosen):
            rest = frozenset(chosen) - {one}
            if case.chance(rest) >= min(self._line, now):
                chosen.remove(one)
        return chosen
