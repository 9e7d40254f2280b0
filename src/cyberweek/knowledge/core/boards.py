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
from cyberweek.knowledge.core.marking import Marker
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

    def add(self, entry: Entry) -> None:
        """Counts an entry, if it is one that counts. Raises KeyError for an unknown release, ValueError as Marker does."""
        if entry.kind not in {"submit", "step"} or (entry.contest, entry.participant) in self._rulings.excluded:
            return
        marker = self._markers[entry.contest, entry.release]
        if marker.pack.practice:
            return
        regrade = self._rulings.regrades.get(entry.contest, 0)
        marks = marker.mark(entry, self._markers[entry.contest, regrade] if regrade > entry.release else None)
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
        ranked = sorted(self._bests.items(), key=lambda item: item[1])
        placed = [(contest, region, best) for (contest, _), best in ranked for region in self._home(best)]
        people = Counter((contest, region) for contest, region, _ in placed)
        cells = Counter((contest, region, -best.minus_score, best.seconds) for contest, region, best in placed)
        regions = people.keys() | self._region_papers.keys()
        return {
            "best": canonical(
                (contest, who, self._home(b), -b.minus_score, b.seconds, b.at_ms, b.attempt)
                for (contest, who), b in ranked
            ),
            "top": canonical(self._top(ranked)),
            "histogram": canonical((*cell, count) for cell, count in cells.items()),
            "region": canonical((*place, people[place], self._region_papers[place]) for place in regions),
            "topic": canonical((*topic, *counts) for topic, counts in self._topics.items()),
            "minute": canonical((*minute, papers) for minute, papers in self._minutes.items()),
        }

    def _top(self, ranked: Iterable[tuple[tuple[str, str], Best]]) -> Iterator[tuple[object, ...]]:
        places: Counter[tuple[str, str]] = Counter()
        for (contest, who), best in ranked:
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


def board_hash(tables: Tables) -> str:
    """SHA-256 over the projections in the order of TABLES."""
    return sha256(b"".join(tables[name] for name in TABLES)).hexdigest()
