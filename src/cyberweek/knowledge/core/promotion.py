"""Promotion: who of an earlier contest's board plays the next one, who stands in reserve, and where a tie was decided.

    quota    of each region the first `count`
    top      of all others the first `top`
    moved up when somebody declines, the rule is applied to those who are left; who comes in by that moves up, at most
             `reserve` people. So a region's place stays with its region, and nobody who had a place loses it
    reserve  those who would be next, in the order of the board, as many as are still to be had

The board's order is: more points, less time, handed in earlier, and at the very same millisecond the attempt's id.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from cyberweek.knowledge.core.release import Stage

Reason = Literal["quota", "top", "moved-up"]


class Row(NamedTuple):
    """A participant's best paper. `region` is theirs at the quota's level, "" where there is none."""

    participant: str
    region: str
    score: int
    seconds: int
    at_ms: int
    attempt: str


class Place(NamedTuple):
    row: Row
    reason: Reason
    tied: bool
    """Somebody without a place has the same points and time: who handed in first decided."""


class Promotion(NamedTuple):
    promoted: list[Place]
    reserve: list[Row]


def board_order(row: Row) -> tuple[int, int, int, str]:
    return -row.score, row.seconds, row.at_ms, row.attempt


def promote(rows: Sequence[Row], rule: Stage, declined: Collection[str] = ()) -> Promotion:
    """Applies the rule to a board; the order in which rows are given does not matter."""
    board = sorted(rows, key=board_order)
    first = dict(_picks(board, rule))
    left = [row for row in board if row.participant not in declined]
    now = dict(_picks(left, rule))
    moved = [row.participant for row in left if row.participant in now and row.participant not in first]
    reasons: dict[str, Reason] = {person: first[person] for person in now if person in first}
    reasons |= dict.fromkeys(moved[: rule.reserve], "moved-up")
    waiting = [row for row in left if row.participant not in reasons]
    results = {(row.score, row.seconds) for row in waiting}
    promoted = [
        Place(row, reasons[row.participant], (row.score, row.seconds) in results)
        for row in left
        if row.participant in reasons
    ]
    return Promotion(promoted, waiting[: max(0, rule.reserve - len(moved))])


def contenders(board: Iterable[Row], rule: Stage, declined: int) -> Iterator[Row]:
    """Of a board that comes in its order, enough for whatever the rule gives when so many have declined."""
    of_region = rule.per_region.count + declined if rule.per_region else 0
    taken: Counter[str] = Counter()
    others = rule.top + rule.reserve + declined + 1
    for row in board:
        if row.region and taken[row.region] < of_region:
            taken[row.region] += 1
            yield row
        elif others:
            others -= 1
            yield row


def _picks(board: Sequence[Row], rule: Stage) -> Iterator[tuple[str, Reason]]:
    taken: Counter[str] = Counter()
    top = rule.top
    for row in board:
        if rule.per_region and row.region and taken[row.region] < rule.per_region.count:
            taken[row.region] += 1
            yield row.participant, "quota"
        elif top:
            top -= 1
            yield row.participant, "top"
