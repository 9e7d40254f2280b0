"""How items did: facility and discrimination, from marked papers.

facility        the share right among those who were shown the item (classical difficulty, p)
discrimination  the point-biserial correlation of the item (right or not) with the share of the paper's other items
                that were right; None where it does not vary, or for fewer than 30 papers

Source of both: Lord and Novick, Statistical Theories of Mental Test Scores (1968), chapter 15.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

FEWEST: Final = 30


@dataclass
class Tally:
    """The sums behind one item's figures."""

    shown: int = 0
    answered: int = 0
    right: int = 0
    rest: float = 0.0  # sum of the other items' share right
    rest_squared: float = 0.0
    rest_when_right: float = 0.0

    def add(self, *, answered: bool, right: bool, rest: float) -> None:
        self.shown += 1
        self.answered += answered
        self.right += right
        self.rest += rest
        self.rest_squared += rest * rest
        self.rest_when_right += rest * right

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


@dataclass
class Statistics:
    """Tallies by item, filled paper by paper."""

    tallies: dict[str, Tally] = field(default_factory=dict)

    def add(self, items: Sequence[str], answered: int, right: int) -> None:
        """One paper: the items in its order, and as bits from the lowest on what was answered and what was right."""
        total, others = right.bit_count(), len(items) - 1
        for place, item in enumerate(items):
            is_right = bool(right >> place & 1)
            self.tallies.setdefault(item, Tally()).add(
                answered=bool(answered >> place & 1),
                right=is_right,
                rest=(total - is_right) / others if others else 0.0,
            )


def of_papers(papers: Iterable[tuple[Sequence[str], int, int]]) -> dict[str, Tally]:
    """The tallies of (items, answered, right) for each paper."""
    statistics = Statistics()
    for items, answered, right in papers:
        statistics.add(items, answered, right)
    return statistics.tallies
