"""All boards of all contests, rebuilt from entries by plain Python: what the standings' SQL must agree with.

    counts    a submit or a step of a ranked release, unless its participant is excluded
    marks     by the paper's own release, or by the one that a regrade names, if that is later
    best      of a participant in a contest: most points, then fewest seconds, then the earlier, then the lower attempt id
    ancestry  of a paper: its region's, from the nation down, and then `team:<id>` where it was played for a team

Papers, minutes and topics count submits alone; everything else follows from the bests.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final, NamedTuple

import msgspec

from cyberweek.knowledge.core.chain import Entry
from cyberweek.knowledge.core.marking import Marker, Marks
from cyberweek.knowledge.core.rulings import Rulings

BOARD_SIZE: Final = 20
TABLES: Final = ("best", "top", "histogram", "region", "topic", "minute")
Tables = dict[str, bytes]


class Best(NamedTuple):
    """A participant's best paper; the smaller tuple is the better paper."""

    minus_score: int
    seconds: int
    at_ms: int
    attempt: str
    region: str
    team: str


class Boards:
    """Holds one best a participant, whatever the number of papers."""

    def __init__(
        self,
        markers: Mapping[tuple[str, int], Marker],
        ancestry: Mapping[str, Sequence[str]],
        rulings: Rulings | None = None,
    ) -> None:
        self._markers = markers
        self._regions = ancestry
        self._rulings = rulings or Rulings()
        self._bests: dict[tuple[str, str], Best] = {}
        self._region_papers: Counter[tuple[str, str]] = Counter()
        self._topics: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
        self._minutes: Counter[tuple[str, int]] = Counter()

    def add(self, entry: Entry, own: Marks | None = None) -> None:
        """Counts an entry, if it is one that counts; `own` are its marks by its own release, where they are known.

        Raises KeyError for an unknown release, ValueError as Marker does."""
        if entry.kind not in {"submit", "step"} or (entry.contest, entry.participant) in self._rulings.excluded:
            return
        marker = self._markers[entry.contest, entry.release]
        if marker.pack.practice:
            return
        regrade = self._rulings.regrades.get(entry.contest, 0)
        if regrade > entry.release:
            marks = marker.mark(entry, self._markers[entry.contest, regrade])
        else:
            marks = own or marker.mark(entry)
        best = Best(-marks.score, entry.seconds, entry.at_ms, entry.attempt, entry.region, entry.team)
        player = entry.contest, entry.participant
        if player not in self._bests or best < self._bests[player]:
            self._bests[player] = best
        if entry.kind == "step":
            return
        self._minutes[entry.contest, entry.at_ms // 60_000] += 1
        for region in self._ancestry(entry.region, entry.team):
            self._region_papers[entry.contest, region] += 1
        for topic, mask in marker.topics.items():
            self._topics[entry.contest, topic][0] += (marks.correct & mask).bit_count()
            self._topics[entry.contest, topic][1] += (marks.answered & mask).bit_count()

    def tables(self) -> Tables:
        """Each projection as canonical bytes: its rows as JSON, sorted, a line each."""
        return {
            "best": canonical(self._best_rows()),
            **{name: canonical(rows) for name, rows in self._counts().items()},
        }

    def hash(self) -> str:
        """The `board_hash` of `tables`, without a second copy of everybody's best."""
        total = sha256()
        for place, row in enumerate(self._best_rows()):
            total.update(b"\n" * (place > 0) + msgspec.json.encode(row))
        for rows in self._counts().values():
            total.update(canonical(rows))
        return total.hexdigest()

    def _best_rows(self) -> Iterator[tuple[object, ...]]:
        """In canonical order: no two rows have the same contest and participant, and no id contains what JSON escapes."""
        for player in sorted(self._bests):
            best = self._bests[player]
            yield *player, self._home(best), -best.minus_score, best.seconds, best.at_ms, best.attempt

    def _counts(self) -> dict[str, Iterable[tuple[object, ...]]]:
        """All other projections, in the order of TABLES."""
        people: Counter[tuple[str, str]] = Counter()
        cells: Counter[tuple[str, str, int, int]] = Counter()
        for (contest, _who), best in self._bests.items():
            for region in self._home(best):
                people[contest, region] += 1
                cells[contest, region, -best.minus_score, best.seconds] += 1
        regions = people.keys() | self._region_papers.keys()
        return {
            "top": self._top(),
            "histogram": ((*cell, count) for cell, count in cells.items()),
            "region": ((*place, people[place], self._region_papers[place]) for place in regions),
            "topic": ((*topic, *counts) for topic, counts in self._topics.items()),
            "minute": ((*minute, papers) for minute, papers in self._minutes.items()),
        }

    def _top(self) -> Iterator[tuple[object, ...]]:
        places: Counter[tuple[str, str]] = Counter()
        for contest, who in sorted(self._bests, key=self._bests.__getitem__):
            best = self._bests[contest, who]
            for region in self._home(best):
                if places[contest, region] < BOARD_SIZE:
                    places[contest, region] += 1
                    yield contest, region, who, -best.minus_score, best.seconds, best.at_ms, best.attempt

    def _home(self, best: Best) -> list[str]:
        return self._ancestry(best.region, best.team)

    def _ancestry(self, region: str, team: str) -> list[str]:
        return [*self._regions.get(region, [region]), *([f"team:{team}"] if team else [])]


def canonical(rows: Iterable[Any]) -> bytes:
    return b"\n".join(sorted(msgspec.json.encode(row) for row in rows))


def hash_in_order(tables: Iterable[Iterable[Any]]) -> str:
    """The `board_hash` of rows that come in its order already, without holding them: see ledgers.SHOWN."""
    total = sha256()
    for rows in tables:
        for place, row in enumerate(rows):
            total.update(b"\n" * (place > 0) + msgspec.json.encode(row))
    return total.hexdigest()


def board_hash(tables: Tables) -> str:
    """SHA-256 over the projections in the order of TABLES."""
    return sha256(b"".join(tables[name] for name in TABLES)).hexdigest()
