"""What an edition under way teaches about itself: its own finished tasks, and those that still are not finished.

Those finished early are the fast ones, so finished tasks alone would flatter. An open task speaks too: it takes longer
than what has passed. Together they are censored observations of y (see `punctuality`) = what is believed of the unit +
a shift of the year + a shift of the unit + rest; the rest is logistic, the shifts are normal around nought with the
standard deviations that the past left open. Both densities are log-concave, so the likeliest shifts are found by steps
that never overshoot (the curvature of a logistic is at most 1 / (2 scale²)).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from cyberweek.readiness.core.chance import TO_SCALE, Flags, Floats, Ints
from cyberweek.readiness.core.punctuality import LEAST_DAYS, Doubles, Punctuality

_ROUNDS: Final = 25
_LEAST_SD: Final = 0.02  # of the year's shift: something always stays open


@dataclass(frozen=True)
class SoFar:
    """Tasks that have begun, one a place: the days that the plan gave, those that passed until its end or until now, and
    whether it has ended."""

    unit: Ints
    cell: Sequence[str]
    planned: Doubles
    passed: Doubles
    ended: Flags

    @classmethod
    def until(
        cls, day: float, *, unit: Ints, cell: Sequence[str], begins: Floats, due: Floats, ends: Floats | Doubles
    ) -> SoFar:
        """What of these tasks had begun by that day, and whether it had ended."""
        begun = np.flatnonzero(begins < day)
        over: Doubles = ends[begun].astype(float)
        return cls(
            unit=unit[begun],
            cell=[cell[one] for one in begun.tolist()],
            planned=(due - begins + 1)[begun].astype(float),
            passed=np.minimum(over, day) - begins[begun],
            ended=over <= day,
        )


def taught(known: Punctuality, so_far: SoFar) -> Punctuality:
    """What is believed after the year's own tasks: the mean shifted, the units moved, and both surer than before."""
    if not len(so_far.unit):
        return known
    units, at = np.unique(so_far.unit, return_inverse=True)
    prior = np.array([known.units.get(int(unit), (0.0, known.unit_sd)) for unit in units])
    cells = np.array([known.cells.get(cell, 0.0) for cell in so_far.cell])
    y = np.log(np.maximum(so_far.passed, LEAST_DAYS) / so_far.planned) - known.mean - cells - prior[at, 0]
    scale = known.rest_sd * TO_SCALE
    weak = 1 / np.maximum(prior[:, 1], 1e-3) ** 2
    strong = 1 / known.year_sd**2
    unit_shift, year_shift = np.zeros(len(units)), 0.0
    for _ in range(_ROUNDS):
        slope, bend = _pull(y - year_shift - unit_shift[at], so_far.ended, scale)
        unit_shift += (np.bincount(at, slope) - weak * unit_shift) / (np.bincount(at, bend) + weak)
        slope, bend = _pull(y - year_shift - unit_shift[at], so_far.ended, scale)
        year_shift += float((slope.sum() - strong * year_shift) / (bend.sum() + strong))
    _slope, bend = _pull(y - year_shift - unit_shift[at], so_far.ended, scale, now=True)
    left = 1 / (np.bincount(at, bend) + weak)
    moved = {
        int(unit): (float(mean + shift), float(sd) ** 0.5)
        for unit, mean, shift, sd in zip(units, prior[:, 0], unit_shift, left, strict=True)
    }
    year_sd = max(_LEAST_SD, float(1 / (bend.sum() + strong)) ** 0.5)
    return replace(known, mean=known.mean + year_shift, units={**known.units, **moved}, year_sd=year_sd)


def _pull(rest: Doubles, ended: Flags, scale: float, *, now: bool = False) -> tuple[Doubles, Doubles]:
    """How the log-likelihood of each task grows with its shift, and how it bends at most (`now`: here)."""
    z = np.clip(rest / scale, -60, 60)
    beyond = 1 / (1 + np.exp(-z))
    slope = np.where(ended, np.tanh(z / 2), beyond) / scale
    most = np.where(ended, 0.5, 0.25)
    here = beyond * (1 - beyond) * np.where(ended, 2, 1)
    return slope, (here if now else most) / scale**2
