"""What a regrade would change: every paper graded twice, by the keys that count now and by those of a later release.

People are compared by their best papers; a rank is one plus the number of people who did better, shared by equals.
Held in memory are two best papers a person, some 0.6 KB.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import msgspec

from cyberweek.knowledge.core.release import Pack

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
    """A place or a score that something hangs on: how many come to it, how many lose it."""

    kind: str
    at: int
    gained: int
    lost: int


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
    """Takes every paper that counts, in any order, then tells."""

    def __init__(self) -> None:
        self._papers = 0
        self._changed_papers = 0
        self._before: dict[str, Best] = {}
        self._after: dict[str, Best] = {}

    def count(self, participant: str, seconds: int, at_ms: int, attempt: str, *, score: int, new_score: int) -> None:
        self._papers += 1
        self._changed_papers += score != new_score
        now = Best(-score, seconds, at_ms, attempt)
        then = now if score == new_score else Best(-new_score, seconds, at_ms, attempt)
        _keep(self._before, participant, now)
        _keep(self._after, participant, then)

    def preview(self, keys: Sequence[ChangedKey], *, top: Sequence[int] = (), scores: Sequence[int] = ()) -> Preview:
        """`top`: places up to which something is given; `scores`: points from which it is."""
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
            lines=[*_lines(moved, top, scores)],
            keys=list(keys),
        )


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


def _lines(moved: Sequence[Move], top: Sequence[int], scores: Sequence[int]) -> Iterator[Line]:
    for at in top:
        gained = sum(move.new_rank <= at < move.rank for move in moved)
        lost = sum(move.rank <= at < move.new_rank for move in moved)
        yield Line("rank", at, gained, lost)
    for at in scores:
        gained = sum(move.score < at <= move.new_score for move in moved)
        lost = sum(move.new_score < at <= move.score for move in moved)
        yield Line("score", at, gained, lost)
