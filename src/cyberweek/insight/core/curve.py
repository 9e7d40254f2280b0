"""A day's papers as a line: five-minute means through a day, or single minutes where only little is known yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

SLOT: Final = 5  # minutes
DAY: Final = 1440
HOUR: Final = 60


def by_slot(minutes: Iterable[tuple[int, int]], *, until: int = DAY) -> list[tuple[int, float]]:
    """Papers a minute in each slot from midnight up to `until`: (minute of the day at the slot's middle, mean).

    `minutes` holds (minute of the day, papers) where there were any. The open slot is divided by the minutes gone.
    """
    sums: dict[int, int] = defaultdict(int)
    for minute, papers in minutes:
        if 0 <= minute < until:
            sums[minute // SLOT] += papers
    slots = []
    for slot in range(-(-min(until, DAY) // SLOT)):
        wide = min(SLOT, until - slot * SLOT)
        slots.append((min(slot * SLOT + 2, until), round(sums[slot] / wide, 1)))
    return slots


def by_minute(minutes: Iterable[tuple[int, int]], *, until: int) -> list[tuple[int, float]]:
    """Papers in each whole minute of the hour before `until` (a minute of the day; before midnight counts as none)."""
    known = dict(minutes)
    return [(minute, float(known.get(minute, 0))) for minute in range(until - HOUR, until) if minute >= 0]


def is_young(minutes: Iterable[tuple[int, int]], *, until: int, earlier: bool) -> bool:
    """True when the day's first paper is less than two hours old and no earlier day is there to compare with."""
    first = min((minute for minute, _papers in minutes), default=until)
    return not earlier and until - first < 2 * HOUR
