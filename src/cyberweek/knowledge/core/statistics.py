"""How items did: facility and discrimination, from marked papers.

facility        the share right among those who were shown the item (classical difficulty, p)
discrimination  the point-biserial correlation of the item (right or not) with the share of the paper's other items
                that were right; None where it does not vary, or for fewer than 30 papers

Source of both: Lord and Novick, Statistical Theories of Mental Test Scores (1968), chapter 15.

What is flagged, from 100 papers on, for below a correlation's standard error is more than 0.1:
too easy        95 % and more are right: "extremely easy" in Moodle's quiz statistics
like guessing   no more are right than would be by chance, of items with one answer
does not discriminate  a discrimination below 0.20: "poor" in Ebel and Frisbie, Essentials of Educational Measurement
                (5th ed. 1991), chapter 13; not said of what is too easy, where it cannot be otherwise
key suspect     a discrimination below nought by more than two standard errors (2 / sqrt(n)), or a wrong option, ticked on
                at least a tenth of the papers, whose choosers did better on the rest than those who ticked the key
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

FEWEST: Final = 30
FEWEST_FLAGGED: Final = 100
TOO_EASY: Final = 0.95
FLAT: Final = 0.20
_OFTEN: Final = 0.1
_LETTERS: Final = "abcdefgh"


class Flag(StrEnum):
    """Why somebody should look at an item."""

    EASY = "easy"
    GUESSED = "guessed"
    FLAT = "flat"
    KEY = "key"


@dataclass
class Tally:
    """The sums behind one item's figures. `chosen`: how often each mark (the letters that were ticked) was made, and
    `rest_of`: the other items' share right summed over its papers."""

    shown: int = 0
    answered: int = 0
    right: int = 0
    rest: float = 0.0  # sum of the other items' share right
    rest_squared: float = 0.0
    rest_when_right: float = 0.0
    chosen: Counter[str] = field(default_factory=Counter)
    rest_of: Counter[str] = field(default_factory=Counter)

    def add(self, *, answered: bool, right: bool, rest: float, mark: str = "") -> None:
        self.shown += 1
        self.answered += answered
        self.right += right
        self.rest += rest
        self.rest_squared += rest * rest
        self.rest_when_right += rest * right
        if mark:
            self.chosen[mark] += 1
            self.rest_of[mark] += rest  # type: ignore[assignment]  # a Counter sums floats as well

    @property
    def facility(self) -> float:
        return self.right / self.shown

    @property
    def discrimination(self) -> float | None:
        n = self.shown
        if n < FEWEST or not 0 < self.right < n:
            return None
        mean, share = self.rest / n, self.right / n
        spread = self.rest_squared / n - mean * mean
        if spread <= 1e-12:
            return None
        covariance = self.rest_when_right / n - share * mean
        return round(max(-1.0, min(1.0, covariance / math.sqrt(spread * share * (1 - share)))), 4)


class Chosen(NamedTuple):
    """How often an option was ticked, and the mean share right on the other items of those papers."""

    n: int
    rest: float | None


@dataclass
class Statistics:
    """Tallies by item, filled paper by paper."""

    tallies: dict[str, Tally] = field(default_factory=dict)

    def add(self, items: Sequence[str], answered: int, right: int, marks: Sequence[str] = ()) -> None:
        """One paper: the items in its order, as bits from the lowest on what was answered and what was right, and
        for each item the letters that were ticked."""
        total, others = right.bit_count(), len(items) - 1
        for place, item in enumerate(items):
            is_right = bool(right >> place & 1)
            self.tallies.setdefault(item, Tally()).add(
                answered=bool(answered >> place & 1),
                right=is_right,
                rest=(total - is_right) / others if others else 0.0,
                mark=marks[place] if marks else "",
            )


def of_papers(papers: Iterable[tuple[Sequence[str], int, int]]) -> dict[str, Tally]:
    """The tallies of (items, answered, right) for each paper."""
    statistics = Statistics()
    for items, answered, right in papers:
        statistics.add(items, answered, right)
    return statistics.tallies


def options_of(tally: Tally, size: int) -> list[Chosen]:
    """For each of an item's `size` options, in the order of the release, how it was chosen."""
    found = []
    for letter in _LETTERS[:size]:
        marks = [mark for mark in tally.chosen if letter in mark]
        n = sum(tally.chosen[mark] for mark in marks)
        found.append(Chosen(n, sum(tally.rest_of[mark] for mark in marks) / n if n else None))
    return found


def flags_of(tally: Tally, *, options: Sequence[Chosen], key: set[int], one_answer: bool) -> list[Flag]:
    """Why to look at an item, worst first; `key`: the places of the right options."""
    n, found = tally.shown, []
    if n < FEWEST_FLAGGED:
        return []
    share, r = tally.right / n, tally.discrimination
    if (r is not None and r < -2 / math.sqrt(n)) or _outdone(tally, options, key):
        found.append(Flag.KEY)
    if one_answer and share <= 1 / len(options):
        found.append(Flag.GUESSED)
    if share >= TOO_EASY:
        found.append(Flag.EASY)
    elif r is not None and r < FLAT and Flag.KEY not in found:
        found.append(Flag.FLAT)
    return found


def _outdone(tally: Tally, options: Sequence[Chosen], key: set[int]) -> bool:
    if not tally.right:
        return False
    best = tally.rest_when_right / tally.right
    return any(
        place not in key and one.rest is not None and one.n >= _OFTEN * tally.shown and one.rest > best
        for place, one in enumerate(options)
    )
