"""How the tasks of a plan go in one year: when each unit begins and ends them, what it says of them on the way.

What happens differs on purpose from what the forecast believes (`readiness.core.punctuality`), as the past of
`readiness.core.history` does: units differ by a Student distribution, a year has a shock that all share, one task in
fifteen is stuck and takes long, ends gather on the days before the date, words run ahead of the work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .plan import Arrangement

Grid = NDArray[np.float64]
Flags = NDArray[np.bool_]

YEARS: Final = 5
_SHOCKS: Final = (0.02, 0.07, -0.04, 0.11, -0.01, 0.03)  # a typhoon in the fourth year; the last is the present one
_STUCK: Final = 1 / 15
_GATHER: Final = 0.35  # of those who would end somewhat early or late


@dataclass(frozen=True)
class Course:
    """One year: arrangement × unit, in days from the opening. `silent` units report nothing before the end."""

    begins: Grid
    ends: Grid
    stuck: Flags
    hope: Grid
    silent: Flags

    def share_on(self, day: float) -> Grid:
        """What each task says of itself on that day, 0 to 1 in tenths; 1 where it has ended."""
        true = np.clip((day - self.begins) / np.maximum(self.ends - self.begins, 0.5), 0, 1)
        told = np.round(np.minimum(true**self.hope, 0.9), 1)
        told = np.where(self.silent, 0.0, told)
        return np.where(self.ends <= day, 1.0, told)

    def blocked_on(self, day: float) -> Flags:
        """Which of them something holds up on that day."""
        middle = (self.begins + self.ends) / 2
        return np.asarray(self.stuck & (middle <= day) & (day < self.ends - 1), dtype=bool)


def habits(units: int, *, seed: int) -> Grid:
    """How much longer than planned each unit takes, as a logarithm: the same in every year."""
    return np.asarray(np.random.default_rng([seed, 2]).standard_t(5, units) * 0.14, dtype=np.float64)


def course(plan: Sequence[Arrangement], habit: Grid, *, seed: int, year: int) -> Course:
    """The year's course of every arrangement in every unit. `year`: 0 the first of the past, `YEARS` the present one."""
    draw = np.random.default_rng([seed, 3, year])
    shape = (len(plan), len(habit))
    planned = np.array([one.due - one.begins + 1 for one in plan], dtype=np.float64)[:, None]
    stuck = draw.random(shape) < _STUCK
    takes = np.exp(-0.28 + _SHOCKS[year] + habit + draw.logistic(0, 0.17, shape))
    takes *= np.where(stuck, draw.uniform(1.6, 3.5, shape), 1.0)
    late_start = np.maximum(0.0, draw.normal(0.06, 0.12, shape)) * planned
    begins, ends = np.empty(shape), np.empty(shape)
    gathers = draw.random(shape) < _GATHER
    hour = draw.uniform(0.38, 0.73, shape)
    for at, one in enumerate(plan):
        begins[at] = one.begins + late_start[at]
        raw = begins[at] + takes[at] * planned[at]
        for before in one.after:
            raw = np.maximum(raw, ends[before] + 0.5)  # finished only when what it waits for is
        near = np.abs(raw - one.due) < 0.18 * planned[at]
        raw = np.where(gathers[at] & near & (raw > one.due - 6), one.due - draw.integers(0, 2, len(habit)), raw)
        ends[at] = np.maximum(np.floor(np.maximum(raw, begins[at])) + hour[at], begins[at] + 0.2)
        for before in one.after:
            ends[at] = np.maximum(ends[at], ends[before] + 0.02)
    hope = np.clip(draw.normal(0.8, 0.18, shape), 0.4, 1.4)
    silent = np.broadcast_to(draw.random(len(habit)) < 1 / 6, shape)
    return Course(begins, ends, stuck, hope, silent)
