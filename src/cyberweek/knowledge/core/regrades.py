"""What a regrade would change: every paper graded twice, by the keys that count now and by those of a later release.

People are compared by their best papers; a rank is one plus the number of people who did better, shared by equals.
Held in memory are two best papers a person, some 0.6 KB.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple

import msgspec

from cyberweek.knowledge.core.chain import Entry
from cyberweek.knowledge.core.promotion import Row as Place
from cyberweek.knowledge.core.promotion import contenders, promote
from cyberweek.knowledge.core.release import Draw, Pack, Stage

SHOWN: Final = 20
"""Rows of each board, gains and losses that a preview keeps."""
STEPS: Final = (1, 11, 101, 1001)
"""Where a class of moves begins, in places."""


class Best(NamedTuple):
    """A paper in board order: less is better."""

    minus_score: int
    seconds: int
    at_ms: int
    attempt: str


class Row(msgspec.Struct, frozen=True):
    rank: int
    participant: str
    score: int
    seconds: int


class Move(msgspec.Struct, frozen=True):
    """A person's rank and score, before and after."""

    participant: str
    rank: int
    new_rank: int
    score: int
    new_score: int


class Line(msgspec.Struct, frozen=True):
    """Something that hangs on the boards, and who comes to it or loses it by the regrade: all are counted, the first
    SHOWN named."""

    kind: Literal["promotion", "draw"]
    name: str
    """The contest that the promotion leads to, or the day of the draw ("" for the whole contest)."""
    at: int
    """How many are promoted, or the points that the draw needs."""
    gained: int
    lost: int
    gainers: list[str] = []
    losers: list[str] = []


class Following(NamedTuple):
    """A contest that the best of this one go on to. `homes`: each region's own region at the level of the quota."""

    slug: str
    rule: Stage
    homes: Mapping[str, str] = {}
    declined: Collection[str] = ()


class ChangedKey(msgspec.Struct, frozen=True):
    """An item whose key differs between two releases, as option ids."""

    item: str
    before: list[str]
    after: list[str]


class Preview(msgspec.Struct, frozen=True):
    """What would change. `moves` counts people by class of move: -4 … -1 fell, 0 stayed, 1 … 4 rose (see STEPS)."""

    papers: int
    changed_papers: int
    people: int
    changed_people: int
    moves: dict[int, int]
    before: list[Row]
    after: list[Row]
    gains: list[Move]
    losses: list[Move]
    lines: list[Line]
    keys: list[ChangedKey]


class Comparison:
    """Takes every paper that counts, in any order, then tells. `draw` is the contest's, `most` the points of a paper
    with all answers right."""

    def __init__(self, draw: Draw | None = None, most: int = 0) -> None:
        self._papers = 0
        self._changed_papers = 0
        self._before: dict[str, Best] = {}
        self._after: dict[str, Best] = {}
        self._regions: dict[str, str] = {}
        self._draw = draw
        self._needs = most if draw is None or draw.needs == "all-right" else draw.needs
        self._drawn: tuple[set[tuple[str, str]], set[tuple[str, str]]] = set(), set()
        """(day, participant) of those who take part in a draw, before and after."""

    def count(self, entry: Entry, *, score: int, new_score: int) -> None:
        self._papers += 1
        self._changed_papers += score != new_score
        now = Best(-score, entry.seconds, entry.at_ms, entry.attempt)
        then = now if score == new_score else Best(-new_score, entry.seconds, entry.at_ms, entry.attempt)
        _keep(self._before, entry.participant, now)
        _keep(self._after, entry.participant, then)
        self._regions[entry.participant] = entry.region
        if self._draw and entry.kind == "submit":
            day = entry.day if self._draw.every == "day" else ""
            for points, drawn in zip((score, new_score), self._drawn, strict=True):
                if points >= self._needs:
                    drawn.add((day, entry.participant))

    def preview(self, keys: Sequence[ChangedKey], following: Sequence[Following] = ()) -> Preview:
        """`following`: the contests that the best of this one go on to."""
        before, after = self._before, self._after
        ranks, new_ranks = _ranks(before), _ranks(after)
        moved = [
            Move(who, ranks[best[:2]], new_ranks[after[who][:2]], -best.minus_score, -after[who].minus_score)
            for who, best in before.items()
        ]
        by_gain = sorted(moved, key=lambda move: (move.new_rank - move.rank, move.rank, move.participant))
        by_loss = sorted(moved, key=lambda move: (move.rank - move.new_rank, move.rank, move.participant))
        return Preview(
            papers=self._papers,
            changed_papers=self._changed_papers,
            people=len(before),
            changed_people=sum(before[who][:2] != after[who][:2] for who in before),
            moves=dict(Counter(_step(move.rank - move.new_rank) for move in moved)),
            before=_first(before, ranks),
            after=_first(after, new_ranks),
            gains=[move for move in by_gain[:SHOWN] if move.new_rank < move.rank],
            losses=[move for move in by_loss[:SHOWN] if move.new_rank > move.rank],
            lines=[*map(self._promotion, following), *self._draws()],
            keys=list(keys),
        )

    def _promotion(self, stage: Following) -> Line:
        was, will = (self._promoted(bests, stage) for bests in (self._before, self._after))
        return _line("promotion", stage.slug, len(will), was, will)

    def _promoted(self, bests: Mapping[str, Best], stage: Following) -> list[str]:
        """Who goes on, in the order of the board."""
        board = (
            Place(who, stage.homes.get(self._regions[who], ""), -best.minus_score, *best[1:])
            for best, who in sorted((best, who) for who, best in bests.items())
        )
        rows = list(contenders(board, stage.rule, len(stage.declined)))
        return [place.row.participant for place in promote(rows, stage.rule, stage.declined).promoted]

    def _draws(self) -> Iterator[Line]:
        """A line for each day on which somebody gains or loses, or one that says that nobody does."""
        if self._draw is None:
            return
        days = sorted({day for day, _who in self._drawn[0] ^ self._drawn[1]}) or [""]
        for day in days:
            was, will = (sorted(who for on, who in drawn if on == day) for drawn in self._drawn)
            yield _line("draw", day, self._needs, was, will)


def changed_keys(before: Sequence[Pack], after: Pack) -> list[ChangedKey]:
    """Items that stand in both and whose key differs, by item; of several old keys the newest release's is told."""
    new = {item.id: set(item.key) for item in after.bank}
    found = {}
    for pack in before:
        for item in pack.bank:
            found[item.id] = item.key
    order = {item.id: item.key for item in after.bank}
    return [
        ChangedKey(item, sorted(key), sorted(order[item]))
        for item, key in sorted(found.items())
        if item in new and set(key) != new[item]
    ]


def _keep(bests: dict[str, Best], participant: str, paper: Best) -> None:
    held = bests.get(participant)
    if held is None or paper < held:
        bests[participant] = paper


def _ranks(bests: Mapping[str, Best]) -> dict[tuple[int, int], int]:
    """The rank of each (minus score, seconds)."""
    ranks, above = {}, 0
    for result, people in sorted(Counter(best[:2] for best in bests.values()).items()):
        ranks[result] = above + 1
        above += people
    return ranks


def _first(bests: Mapping[str, Best], ranks: Mapping[tuple[int, int], int]) -> list[Row]:
    order = sorted((best, who) for who, best in bests.items())[:SHOWN]
    return [Row(ranks[best[:2]], who, -best.minus_score, best.seconds) for best, who in order]


def _step(places: int) -> int:
    size = bisect_left(STEPS, abs(places) + 1)
    return size if places > 0 else -size


def _line(kind: Literal["promotion", "draw"], name: str, at: int, was: Sequence[str], will: Sequence[str]) -> Line:
    kept = {*was} & {*will}
    gainers, losers = ([who for who in side if who not in kept] for side in (will, was))
    return Line(kind, name, at, len(gainers), len(losers), gainers[:SHOWN], losers[:SHOWN])
