"""Lines over an axis as places in a unit square: x to the right, y upward."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from cyberweek.documents.core.parts import Curve
from cyberweek.documents.core.text import figure, printable

_HUES: Final = (3, 0, 4, 1, 6, 2, 5)  # the order in which neighbours are told apart best
_TICKS: Final = 8
_NOUGHT: Final = 1e-9  # less than this is no height that could be drawn

Place = tuple[float, float]


class Drawing(NamedTuple):
    """`pieces`: a list a line, each of the stretches without a gap. `grid`, `ticks`: where and what stands there."""

    pieces: list[list[list[Place]]]
    hues: list[int | None]  # a day's place, from 0; None is ink: the desk has no hue of its own
    grid: list[tuple[float, str]]
    ticks: list[tuple[float, str]]
    top: float


def drawing(part: Curve) -> Drawing:
    values = [v for line in part.lines for v in line.values if v is not None and math.isfinite(v)]
    step = _step(max(values, default=1.0))
    top = step * max(1, math.ceil(max(values, default=1.0) / step - 1e-9))
    across = max(1, len(part.points) - 1)
    pieces = []
    for line in part.lines:
        mine: list[list[Place]] = [[]]
        for index, value in enumerate(line.values):
            if value is None or not math.isfinite(value):
                mine.append([])
            else:
                mine[-1].append((round(index / across, 4), round(min(1.0, max(0.0, value / top)), 4)))
        pieces.append([piece for piece in mine if piece])
    digits = 0 if step >= 1 else -math.floor(math.log10(step))
    grid = [(round(i * step / top, 4), figure(i * step, digits)) for i in range(round(top / step) + 1)]
    every = max(1, math.ceil((len(part.points) - 1) / _TICKS))
    ticks = [(round(i / across, 4), printable(name)) for i, name in enumerate(part.points) if i % every == 0]
    drawn = sum(not line.plan for line in part.lines)
    hues = iter(_HUES * (len(part.lines) // len(_HUES) + 1))
    chosen = [None if line.plan or drawn == 1 else next(hues) for line in part.lines]
    return Drawing(pieces, chosen, grid, ticks, top)


def _step(highest: float) -> float:
    """A round step (1, 2, 2.5 or 5 times a power of ten) that makes about four of the way up."""
    if highest < _NOUGHT:
        return 1.0
    rough = highest / 4
    power = 10.0 ** math.floor(math.log10(rough))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough * (1 - 1e-9))
