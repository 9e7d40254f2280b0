"""Which juror reads which entry: at least `readers` each, as even a load as conflicts allow, and one connected whole,
since only then can strict and mild jurors be told apart (`core.severity`)."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """A set of entries and jurors that are tied by readings, and to nothing outside."""

    entries: frozenset[int]
    jurors: frozenset[int]


@dataclass(frozen=True)
class Plan:
    """Readings to add. `short`: entries for which too few jurors are free of conflict; `sets`: how many unconnected
    sets remain (1 is what is wanted)."""

    added: list[tuple[int, int]]
    short: list[int]
    sets: int


def sets_of(readings: Iterable[tuple[int, int]]) -> list[Part]:
    """The unconnected sets among readings (entry, juror), largest first."""
    above: dict[tuple[str, int], tuple[str, int]] = {}

    def top(node: tuple[str, int]) -> tuple[str, int]:
        above.setdefault(node, node)
        while above[node] != node:
            above[node] = above[above[node]]
            node = above[node]
        return node

    nodes: dict[tuple[str, int], None] = {}
    for entry, juror in readings:
        one, other = ("entry", entry), ("juror", juror)
        nodes[one] = nodes[other] = None
        above[top(one)] = top(other)
    parts: dict[tuple[str, int], list[tuple[str, int]]] = defaultdict(list)
    for node in nodes:
        parts[top(node)].append(node)
    found = [
        Part(
            frozenset(key for kind, key in part if kind == "entry"),
            frozenset(key for kind, key in part if kind == "juror"),
        )
        for part in parts.values()
    ]
    return sorted(found, key=lambda part: -len(part.entries))


def assign(
    *,
    entries: Sequence[int],
    jurors: Sequence[int],
    conflicts: Collection[tuple[int, int]],
    readers: int,
    kept: Iterable[tuple[int, int]] = (),
    seed: int = 0,
) -> Plan:
    """The readings that are lacking; what is in `kept` stays. The same `seed` gives the same plan."""
    dice = random.Random(seed)  # noqa: S311 -- only fairness among equals, and the plan must be repeatable
    work = _Work(entries, jurors, conflicts, kept, dice)
    short = []
    for entry in sorted(work.entries, key=lambda one: (len(work.free(one)), dice.random())):
        while len(work.readers[entry]) < readers and (free := work.free(entry)):
            work.add(entry, work.least_laden(entry, free))
        if len(work.readers[entry]) < readers:
            short.append(entry)
    while work.tie_two_sets():
        pass
    return Plan(work.added, short, len(sets_of(work.readings())))


class _Work:
    def __init__(
        self,
        entries: Sequence[int],
        jurors: Sequence[int],
        conflicts: Collection[tuple[int, int]],
        kept: Iterable[tuple[int, int]],
        dice: random.Random,
    ) -> None:
        self.entries = list(entries)
        self.jurors = list(jurors)
        self.barred: dict[int, set[int]] = defaultdict(set)
        for entry, juror in conflicts:
            self.barred[entry].add(juror)
        self.readers: dict[int, set[int]] = {entry: set() for entry in self.entries}
        self.load: Counter[int] = Counter()
        self.together: Counter[tuple[int, int]] = Counter()
        self.added: list[tuple[int, int]] = []
        self.dice = dice
        for entry, juror in kept:
            if entry in self.readers:
                self._note(entry, juror)

    def free(self, entry: int) -> list[int]:
        """Who may read the entry and does not yet."""
        closed = self.barred[entry] | self.readers[entry]
        return [juror for juror in self.jurors if juror not in closed]

    def least_laden(self, entry: int, free: list[int]) -> int:
        """The least laden; among those who sat least often with the entry's other readers, so that all get mixed."""

        def mixed(juror: int) -> int:
            return sum(self.together[juror, other] for other in self.readers[entry])

        return min(free, key=lambda juror: (self.load[juror], mixed(juror), self.dice.random()))

    def add(self, entry: int, juror: int) -> None:
        self.added.append((entry, juror))
        self._note(entry, juror)

    def _note(self, entry: int, juror: int) -> None:
        for other in self.readers[entry]:
            self.together[juror, other] += 1
            self.together[other, juror] += 1
        self.readers[entry].add(juror)
        self.load[juror] += 1

    def readings(self) -> list[tuple[int, int]]:
        return [(entry, juror) for entry, jurors in self.readers.items() for juror in jurors]

    def tie_two_sets(self) -> bool:
        """Give a juror of one set an entry of another: the least laden who may. False where nothing (more) can be tied."""
        parts = sets_of(self.readings())
        if len(parts) < 2:
            return False
        choices = [
            (self.load[juror], self.dice.random(), entry, juror)
            for part in parts
            for entry in self.entries
            if entry in part.entries
            for juror in self.free(entry)
            if juror not in part.jurors and any(juror in other.jurors for other in parts)
        ]
        if not choices:
            return False
        _load, _chance, entry, juror = min(choices, key=lambda choice: choice[:2])
        self.add(entry, juror)
        return True
