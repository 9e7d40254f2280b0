"""Which figures are asked about before they count. Pure arithmetic on a figure, its peers and its place.

An outlier is found as Iglewicz and Hoaglin (How to Detect and Handle Outliers, 1993) advise: by the modified z-score
0.6745 (x - median) / MAD, beyond 3.5. It is robust: up to half of the peers may be wrong without hiding one. Attendance
and reach spread over powers of ten, so x is log10(1 + figure): ten times too many and ten times too few weigh the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import log10
from statistics import median
from typing import Final

ENOUGH_PEERS: Final = 8
FARTHEST: Final = 3.5
_TO_SIGMA: Final = 0.6745  # the quartile of the normal distribution
# Peers that agree (thirty halls of exactly 200) make no one suspicious who has 250: never narrower than this MAD,
# at which a factor of about 2.2 is asked about.
_NARROWEST: Final = 0.067
CAPACITY_CLASSES: Final = (
    50,
    200,
    1000,
    5000,
)  # upper bounds of the classes; above, and without a capacity, are two more


@dataclass(frozen=True)
class Odd:
    """One reason to ask, and the numbers that its sentence names. `grave`: the level above verifies whatever is said."""

    doubt: str  # enums.Doubt
    numbers: dict[str, float] = field(default_factory=dict)
    grave: bool = False


@dataclass(frozen=True)
class Bounds:
    """What the dictionary says of an indicator. None: nothing."""

    least: float | None = None
    most: float | None = None
    most_capacity: float | None = None


def capacity_class(capacity: int | None) -> tuple[int | None, int | None]:
    """The least and the most capacity of the class that this one is in; (None, None) for activities without one."""
    if capacity is None:
        return None, None
    low = 0
    for high in CAPACITY_CLASSES:
        if capacity <= high:
            return low, high
        low = high + 1
    return low, 2**31 - 1


def modified_z(value: float, peers: Sequence[float]) -> float | None:
    """How far the figure is from its peers, in deviations (negative: below); None with too few peers to tell."""
    if len(peers) < ENOUGH_PEERS:
        return None
    logs = [log10(1 + one) for one in peers]
    middle = median(logs)
    spread = max(median(abs(one - middle) for one in logs), _NARROWEST)
    return _TO_SIGMA * (log10(1 + value) - middle) / spread


def oddities(
    value: float,
    *,
    peers: Sequence[float],
    bounds: Bounds,
    capacity: int | None,
    population: int | None,
    counts_people: bool,
) -> list[Odd]:
    """Every reason to ask about one figure. `population`: of the place, for units of count that are of its people."""
    found = []
    z = modified_z(value, peers)
    if z is not None and abs(z) > FARTHEST:
        found.append(Odd("outlier", {"peers": len(peers), "typical": round(median(peers), 2)}))
    if bounds.least is not None and value < bounds.least:
        found.append(Odd("bounds", {"least": bounds.least}))
    if bounds.most is not None and value > bounds.most:
        found.append(Odd("bounds", {"most": bounds.most}, grave=True))
    if bounds.most_capacity is not None and capacity and value > bounds.most_capacity * capacity:
        found.append(Odd("capacity", {"capacity": capacity}, grave=True))
    if counts_people and population is not None and value > population:
        found.append(Odd("population", {"population": population}, grave=True))
    return found


def mixed_up(figures: Mapping[str, tuple[str, float]]) -> set[str]:
    """Of figures (name: unit of count and value) the people that are the same number as the person-times beside them,
    from ten on: small numbers may well be equal."""
    times = {value for count, value in figures.values() if count == "person-times" and value >= 10}
    return {name for name, (count, value) in figures.items() if count == "people" and value in times}


def more_people_than_times(figures: Mapping[str, tuple[str, float]]) -> set[str]:
    """The people that exceed all person-times of the same activity together: impossible, for each came at least once."""
    times = [value for count, value in figures.values() if count == "person-times"]
    if not times:
        return set()
    return {name for name, (count, value) in figures.items() if count == "people" and value > sum(times)}
