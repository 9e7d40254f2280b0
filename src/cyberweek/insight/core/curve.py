"""A day's papers as a line: five-minute means through a day, or single minutes where only little is known yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from .scales import axis_top

SLOT: Final = 5  # minutes
DAY: Final = 1440
HOUR: Final = 60
QUARTER: Final = 15


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
    """Papers in each whole minute since the first paper, a quarter of an hour at least and an hour at most."""
    known = dict(minutes)
    first = until - min(HOUR, max(QUARTER, until - min(known, default=until)))
    return [(minute, float(known.get(minute, 0))) for minute in range(max(0, first), until)]


def is_young(minutes: Iterable[tuple[int, int]], *, until: int, earlier: bool) -> bool:
    """True when the day's first paper is less than two hours old and no earlier day is there to compare with."""
    first = min((minute for minute, _papers in minutes), default=until)
    return not earlier and until - first < 2 * HOUR


LEFT, RIGHT, TOP, BOTTOM = 96, 1410, 20, 390  # the plot in a view box of 1440 x 450


@dataclass(frozen=True)
class Line:
    """A line as data (for the script that redraws it) and as drawn."""

    data: str
    points: str


@dataclass(frozen=True)
class Chart:
    """Papers a minute from `first` to `last` (minutes of the day), up to `top`."""

    first: int
    last: int
    top: int
    young: bool
    today: Line
    area: str
    earlier: list[Line]
    now: tuple[float, float]
    rate: float  # papers in the last whole minute
    levels: list[tuple[int, float]]  # papers a minute, y
    times: list[tuple[str, float]]  # 08:00, x


def chart_of(today: list[tuple[int, int]], earlier: list[list[tuple[int, float]]], *, until: int) -> Chart:
    """The chart at the minute of the day `until`, of today's single minutes and the means of earlier days."""
    young = is_young(today, until=until, earlier=bool(earlier))
    points = by_minute(today, until=until) if young else by_slot(today, until=until)
    first, last = (points[0][0] if points else 0, max(until, QUARTER)) if young else (0, DAY)
    top = axis_top(max((value for line in [points, *earlier] for _minute, value in line), default=0))

    def x(minute: float) -> float:
        return round(LEFT + (minute - first) / (last - first) * (RIGHT - LEFT), 1)

    def y(value: float) -> float:
        return round(BOTTOM - value / top * (BOTTOM - TOP), 1)

    def line(values: list[tuple[int, float]]) -> Line:
        data = " ".join(f"{minute},{value:g}" for minute, value in values)
        return Line(data, " ".join(f"{x(minute):g},{y(value):g}" for minute, value in values))

    drawn = line(points)
    end = points[-1] if points else (until, 0.0)
    step = (5 if last - first <= 2 * QUARTER else 10) if young else 240
    ticks = range(-(-first // step) * step, last + 1, step)
    return Chart(
        first, last, top, young, drawn,
        f"{drawn.points} {x(end[0]):g},{BOTTOM} {x(points[0][0] if points else until):g},{BOTTOM}",
        [line(values) for values in earlier],
        (x(end[0]), y(end[1])),
        float(dict(today).get(until - 1, 0)),
        [(top * third // 3, y(top * third / 3)) for third in range(4)],
        [(f"{tick // 60:02}:{tick % 60:02}", x(tick)) for tick in ticks],
    )  # fmt: skip
