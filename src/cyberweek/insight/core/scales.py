"""Round numbers for axes and for the five steps of a map. `scales.js` says the same; a browser test compares the two."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

STEPS: Final = (10, 25, 50, 75)  # hundredths of the top at which the steps 2 to 5 begin


def round_above(value: float, leading: tuple[float, ...], least: int) -> int:
    """The smallest number of one of the `leading` figures with zeros behind that is not below `value` or `least`."""
    power = 1
    while True:
        for lead in leading:
            if (top := lead * power) >= value and top >= least:
                return int(top)
        power *= 10


def axis_top(most: float) -> int:
    """The top of an axis whose three parts are round: 3, 6, 12, 30, 60, 120, …"""
    return round_above(most, (3, 6, 12), 3)


def heat_bounds(counts: Iterable[int | None]) -> list[int]:
    """Where the steps 2 to 5 of a map begin, for counts of people; the first never splits a withheld group."""
    top = round_above(max((count for count in counts if count), default=0), (1, 2, 4), 100)
    return [top * step // 100 for step in STEPS]


def heat_step(count: int | None, bounds: list[int]) -> int:
    """The step of a count, 0 (nobody, or withheld) to 5."""
    return 1 + sum(count >= bound for bound in bounds) if count else 0
