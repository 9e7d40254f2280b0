"""Answers shared within a group: two people who err alike more often than chance lets them.

Right answers say nothing: whoever knows the subject gives them. Of the items that two people both answered wrongly, the
statistic counts those where they chose the same wrong options. By chance they agree on an item with probability Σ q²,
where q is the share of each wrong answer among all who were wrong on it. The count is then a sum of independent
events, and its exact tail is the pair's p-value (the idea of the K index and of Angoff's indices, for papers that are
drawn at random). A pair is flagged when p ≤ ALPHA / pairs compared (Bonferroni), and at least LEAST_SAME items agree.

Pairs are compared within a group only: one device, one network, one team. Of each item the first answer counts.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final, NamedTuple

from cyberweek.forensics.core.chance import poisson_binomial_tail

ALPHA: Final = 0.01
LEAST_SAME: Final = 4
LARGEST_GROUP: Final = 300
"""In larger groups only people whose papers came in next to each other are compared."""
NEIGHBOURS: Final = 30

ItemKey = tuple[int, str]
"""Release and item: letters mean the same within one release only."""
Errors = Mapping[ItemKey, str]
"""What somebody answered wrongly: item to the letters given."""


class Alike(NamedTuple):
    """Two participants who err alike: on how many items both were wrong, on how many the same way."""

    first: str
    second: str
    both_wrong: int
    same: int
    expected: float
    p: float


class Popularity:
    """How wrong answers spread over their options, in everybody's papers."""

    def __init__(self) -> None:
        self._wrong: defaultdict[ItemKey, Counter[str]] = defaultdict(Counter)

    def add(self, item: ItemKey, answer: str) -> None:
        self._wrong[item][answer] += 1

    def agreement(self, item: ItemKey) -> float:
        """The chance that two who are wrong on it are wrong in the same way; 1 where that cannot be told."""
        counts = self._wrong[item]
        total = counts.total()
        if total < 10:  # too few to know what is popular: agreeing on it counts for nothing
            return 1.0
        return sum((count / total) ** 2 for count in counts.values())


def pairs_of(group: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Whom to compare in a group that stands in the order of its papers."""
    if len(group) <= LARGEST_GROUP:
        yield from combinations(group, 2)
        return
    for place, one in enumerate(group):
        for other in group[place + 1 : place + 1 + NEIGHBOURS]:
            yield one, other


def compare(first: Errors, second: Errors, popularity: Popularity) -> tuple[int, int, float, float]:
    """Items both got wrong, items wrong in the same way, how many were to be expected, the p-value."""
    both = first.keys() & second.keys()
    chances = [popularity.agreement(item) for item in both]
    same = sum(first[item] == second[item] for item in both)
    return len(both), same, sum(chances), poisson_binomial_tail(chances, same)


def alike(
    groups: Iterable[Sequence[str]], errors: Mapping[str, Errors], popularity: Popularity
) -> tuple[list[Alike], int]:
    """The pairs that stand out, and how many were compared."""
    found, compared = [], 0
    for one, other in {pair for group in groups for pair in pairs_of(group)}:
        compared += 1
        both, same, expected, p = compare(errors.get(one, {}), errors.get(other, {}), popularity)
        if same >= LEAST_SAME and p <= ALPHA:
            found.append(Alike(one, other, both, same, expected, p))
    limit = ALPHA / max(1, compared)
    return sorted((pair for pair in found if pair.p <= limit), key=lambda pair: pair.p), compared
