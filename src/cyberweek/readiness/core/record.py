"""A past edition as it is written down: dates, ends and what was reported when. The forecast learns from these."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cyberweek.readiness.core.chance import Flags, Floats, Ints
from cyberweek.readiness.core.course import Tasks
from cyberweek.readiness.core.punctuality import Doubles, Past, Reports
from cyberweek.readiness.core.thisyear import SoFar

_REPORT_DAYS: Final = (-30, -20, -10, -4)
NEVER: Final = 1e6
"""The end of a task that was never finished."""


@dataclass(frozen=True)
class Record:
    """One edition's tasks, one a place, ordered by unit; days count from the opening. `told`: reports, ordered by time:
    (place of the task, day, share done, whether it was blocked then)."""

    year: int
    key: Ints
    unit: Ints
    cell: list[str]
    begins: Floats
    due: Floats
    ends: Doubles
    edges: Ints
    told_of: Ints
    told_on: Doubles
    told_share: Doubles
    told_blocked: Flags

    def past(self) -> Past:
        """What was finished."""
        done = np.flatnonzero(self.ends < NEVER)
        return Past(
            unit=self.unit[done],
            cell=[self.cell[one] for one in done],
            year=np.full(len(done), self.year, dtype=np.int64),
            planned=(self.due - self.begins + 1)[done].astype(float),
            took=(self.ends - self.begins)[done],
        )

    def state_on(self, day: float) -> tuple[Doubles, Flags, Doubles]:
        """The last that each task had said by that day: share done, whether blocked, and the day on which it said so."""
        share, blocked = np.zeros(len(self.unit)), np.zeros(len(self.unit), dtype=bool)
        when = np.full(len(self.unit), day, dtype=np.float64)
        said = np.flatnonzero(self.told_on <= day)  # ordered by time: the last word stays
        share[self.told_of[said]] = self.told_share[said]
        blocked[self.told_of[said]] = self.told_blocked[said]
        when[self.told_of[said]] = self.told_on[said]
        return share, blocked, when

    def reports(self) -> Reports:
        """What was said on some days by tasks under way that were finished later."""
        parts: list[tuple[NDArray[Any], ...]] = []
        for day in _REPORT_DAYS:
            share, _, when = self.state_on(day)
            these = (share > 0) & (self.ends > day) & (self.ends < NEVER) & (self.begins < when)
            lasts = (self.due - self.begins + 1)[these].astype(float)
            parts.append(((when - self.begins)[these], share[these], lasts, (self.ends - self.begins)[these]))
        return Reports(*(np.concatenate(part).astype(np.float64) for part in zip(*parts, strict=True)))

    def waits(self) -> Doubles:
        """How long tasks that said they were blocked waited until they said something else."""
        order = np.lexsort((self.told_on, self.told_of))
        of, on, blocked = self.told_of[order], self.told_on[order], self.told_blocked[order]
        follows = np.flatnonzero((of[1:] == of[:-1]) & blocked[:-1] & ~blocked[1:])
        found: Doubles = on[follows + 1] - on[follows]
        return found

    def so_far(self, day: float) -> SoFar:
        """What had begun by that day, and whether it had ended."""
        return SoFar.until(day, unit=self.unit, cell=self.cell, begins=self.begins, due=self.due, ends=self.ends)

    def on(self, day: float) -> tuple[Tasks, Flags, Ints]:
        """What stood open on that day, whether each ended by the opening, and its place."""
        places = np.flatnonzero(self.ends > day)
        at = np.full(len(self.unit), -1)
        at[places] = np.arange(len(places))
        edges = at[self.edges].reshape(-1, 2)
        share, blocked, when = self.state_on(day)
        tasks = Tasks(
            key=self.key[places],
            unit=self.unit[places],
            cell=[self.cell[one] for one in places],
            begins=(self.begins[places] - day).astype(np.float32),
            due=(self.due[places] - day).astype(np.float32),
            share=share[places].astype(np.float32),
            age=(day - when)[places].astype(np.float32),
            blocked=blocked[places],
            counts=self.due[places] < 0,
            edges=edges[(edges >= 0).all(axis=1)],
        )
        return tasks, self.ends[places] <= 0, places
