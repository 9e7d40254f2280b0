"""A made-up nation's past, to try the forecast on: what happened is known, and not made by the forecast's own model.

How it differs from what `punctuality` believes, on purpose: units differ by a Student distribution, not a normal one; a
year's shock is not drawn but given; one task in twelve is stuck and takes twice to six times its days; many ends gather on
the last two days before the due date, where people are (the deadline draws); reports are rounded to tens, too hopeful in
the middle and slow at the end, and one unit in six reports nothing until it is done.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from cyberweek.readiness.core.chance import Flags, Floats, Ints
from cyberweek.readiness.core.course import Tasks
from cyberweek.readiness.core.punctuality import Doubles, Past, Reports
from cyberweek.readiness.core.thisyear import SoFar

SECTORS: Final = ("education", "telecom", "finance", "government", "media")
YEAR_SHOCKS: Final = (0.0, 0.06, -0.05, 0.12, -0.02, 0.05, 0.0, -0.08)  # a typhoon in the fourth
HORIZON: Final = 90  # days before the opening on which the first tasks begin


@dataclass(frozen=True)
class Year:
    """All that happened in one year, one task a place, ordered by unit; days are counted from the opening (−5: five
    days before it). `hope`: how a unit's words run ahead of its work. `silent`: reports nothing. `stuck`: blocked from
    `stuck_from` to its end less two days."""

    year: int
    unit: Ints
    cell: list[str]
    begins: Floats
    due: Floats
    ends: Floats
    hope: Floats
    silent: Flags
    stuck: Flags
    stuck_from: Floats
    edges: Ints

    def past(self) -> Past:
        """As the history that later years learn from."""
        year = np.full(len(self.unit), self.year, dtype=np.int64)
        planned, took = (self.due - self.begins + 1).astype(float), (self.ends - self.begins).astype(float)
        return Past(self.unit, self.cell, year, planned, took)

    def share_on(self, day: float) -> Floats:
        """What each task says of itself on that day: 1 when it has ended."""
        true = np.clip((day - self.begins) / np.maximum(self.ends - self.begins, 0.5), 0, 1)
        told = np.minimum(true**self.hope, 0.95)
        told = np.where(self.silent, 0, np.round(told, 1))
        return np.where(self.ends <= day, 1, told).astype(np.float32)

    def reports(self, days: tuple[float, ...] = (-30, -20, -10, -4)) -> Reports:
        """What was said on some days by tasks not yet ended."""
        parts = []
        for day in days:
            share = self.share_on(day)
            these = (share > 0) & (self.ends > day) & (self.begins < day)
            begun = day - self.begins[these]
            lasts = self.due[these] - self.begins[these] + 1
            parts.append((begun, share[these], lasts, self.ends[these] - self.begins[these]))
        return Reports(*(np.concatenate(part).astype(np.float64) for part in zip(*parts, strict=True)))

    def so_far(self, day: float) -> SoFar:
        """What had begun by that day, and whether it had ended."""
        return SoFar.until(day, unit=self.unit, cell=self.cell, begins=self.begins, due=self.due, ends=self.ends)

    def on(self, day: float) -> tuple[Tasks, Flags, Ints]:
        """What stood open on that day, as the forecast sees it; for each whether it ended by the opening; its places."""
        open_ones = np.flatnonzero(self.ends > day)
        at = np.full(len(self.unit), -1)
        at[open_ones] = np.arange(len(open_ones))
        edges = at[self.edges]
        edges = edges[(edges >= 0).all(axis=1)]
        blocked = self.stuck & (self.stuck_from <= day) & (day < self.ends - 2)
        tasks = Tasks(
            key=open_ones + 1_000_000 * self.year,
            unit=self.unit[open_ones],
            cell=[self.cell[one] for one in open_ones],
            begins=(self.begins[open_ones] - day).astype(np.float32),
            due=(self.due[open_ones] - day).astype(np.float32),
            share=self.share_on(day)[open_ones],
            age=np.zeros(len(open_ones), dtype=np.float32),
            blocked=blocked[open_ones],
            counts=self.due[open_ones] < 0,
            edges=edges,
        )
        return tasks, self.ends[open_ones] <= 0, open_ones


@dataclass(frozen=True)
class Nation:
    """Units with their true habits; the same in every year."""

    seed: int
    cells: list[str]
    lateness: Doubles
    hope: Doubles
    silent: Flags


def made_nation(units: int, seed: int) -> Nation:
    """Sectors differ, and units in them by a Student distribution with four degrees of freedom."""
    draw = np.random.default_rng([seed, 0])
    sector = draw.integers(0, len(SECTORS), units)
    lateness = 0.08 * (sector - 2) + 0.13 * draw.standard_t(4, units) - 0.12
    hope = np.clip(draw.normal(0.8, 0.15, units), 0.4, 1.3)
    return Nation(seed, [f"county/{SECTORS[one]}" for one in sector], lateness, hope, draw.random(units) < 1 / 6)


def made_year(nation: Nation, year: int, tasks_each: int = 12) -> Year:
    """One year: `year` counts from 0 and chooses its shock."""
    draw = np.random.default_rng([nation.seed, 1, year])
    units = len(nation.cells)
    unit = np.repeat(np.arange(units), tasks_each)
    n = len(unit)
    place = np.tile(np.arange(tasks_each), units)
    planned = draw.integers(4, 26, n).astype(float)
    due = -2.0 - np.round((tasks_each - 1 - place) / tasks_each * (HORIZON - 30)) + draw.integers(-4, 5, n)
    due = np.where(draw.random(n) < 0.06, 10.0, np.minimum(due, -1))  # some are for after the opening
    begins = due - planned + 1
    log = nation.lateness[unit] + YEAR_SHOCKS[year % len(YEAR_SHOCKS)] + draw.normal(0, 0.28, n)
    stuck = draw.random(n) < 1 / 12
    log += np.where(stuck, np.log(draw.uniform(2, 6, n)), 0)
    ends = begins + planned * np.exp(log)
    drawn_in = (draw.random(n) < 0.45) & (np.abs(ends - due) < 0.35 * planned)  # the deadline draws
    ends = np.where(drawn_in, due + draw.choice([-1.0, -0.2, 0.4, 0.9], n), ends)
    edges = _edges(draw, place, unit, due, begins)
    for task, after in edges:  # in order: what comes before has a smaller place
        left = max(0.0, due[task] - max(begins[task] - 1, due[after])) / planned[task]
        ends[task] = max(ends[task], ends[after] + left * (ends[task] - begins[task]))
    ends = np.maximum(ends, begins + 0.3)
    return Year(
        year, unit, [nation.cells[one] for one in unit], begins.astype(np.float32), due.astype(np.float32),
        ends.astype(np.float32), nation.hope[unit].astype(np.float32), nation.silent[unit], stuck,
        (begins + 0.4 * planned).astype(np.float32), edges,
    )  # fmt: skip


def _edges(draw: np.random.Generator, place: Ints, unit: Ints, due: Doubles, begins: Doubles) -> Ints:
    """A third of the tasks come after an earlier one of their unit, a few after one of another unit."""
    found = []
    last = int(place.max())
    for task in np.flatnonzero((place > 0) & (draw.random(len(place)) < 0.36)).tolist():
        back = int(draw.integers(1, place[task] + 1))
        after = task - back
        if draw.random() < 0.1 and unit[task] > 0:
            after -= last + 1  # the same task of the unit before
        if due[after] <= due[task] and begins[after] <= begins[task]:
            found.append((task, after))
    return np.array(found, dtype=np.int64).reshape(-1, 2)
