"""The forecast tried on years that are over: each is told from the others and from what of its own had happened by then, on
a few days before its opening."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import numpy as np

from cyberweek.readiness.core.calibration import Curve, Score, correction, keeps_up, scored
from cyberweek.readiness.core.chance import Flags, Ints
from cyberweek.readiness.core.course import Tasks, outlook
from cyberweek.readiness.core.forecast import foretell
from cyberweek.readiness.core.punctuality import Doubles, Past, Punctuality, Reports, learnt
from cyberweek.readiness.core.thisyear import SoFar, taught

DAYS: Final = (-20, -10, -5)
_RUNS: Final = 200
_LEAST: Final = 50  # cases; below this a score says nothing


class PastYear(Protocol):
    """A year that is over, its days counted from its opening."""

    @property
    def year(self) -> int: ...

    def past(self) -> Past: ...

    def reports(self) -> Reports: ...

    def so_far(self, day: float) -> SoFar:
        """What had begun by a day."""

    def on(self, day: float) -> tuple[Tasks, Flags, Ints]:
        """What stood open on a day, whether each ended by the opening, and its place."""


@dataclass(frozen=True)
class Report:
    """How well the forecast would have done. `mended`: the Brier score with the curve laid over, each year by a curve
    from the others. `by_day`: days before the opening, cases, Brier score, base rate's."""

    years: tuple[int, ...]
    tasks: Score
    units: Score | None
    mended: float
    units_mended: float
    by_day: tuple[tuple[int, int, float, float], ...]

    def plain(self) -> dict[str, Any]:
        return {
            "years": list(self.years),
            "tasks": self.tasks.plain(),
            "units": self.units.plain() if self.units else None,
            "mended": self.mended,
            "units_mended": self.units_mended,
            "by_day": [list(row) for row in self.by_day],
        }


@dataclass
class _Cases:
    said: list[Doubles] = field(default_factory=list)
    came: list[Flags] = field(default_factory=list)
    naive: list[Flags] = field(default_factory=list)
    base: list[Doubles] = field(default_factory=list)

    def years(self, each: int) -> list[tuple[Doubles, Flags]]:
        """The cases year by year; each year gave `each` parts."""
        return [
            (np.concatenate(self.said[at : at + each]), np.concatenate(self.came[at : at + each]))
            for at in range(0, len(self.said), each)
        ]

    def score(self) -> Score | None:
        came = np.concatenate(self.came) if self.came else np.zeros(0, dtype=bool)
        if len(came) < _LEAST:
            return None
        said, base = np.concatenate(self.said), np.concatenate(self.base)
        naive = np.concatenate(self.naive) if self.naive else None
        return scored(said, came, base=base, naive=naive)


def learnt_from(years: Sequence[PastYear], waits: Doubles | None = None) -> Punctuality:
    """What these years teach together."""
    if not years:
        return Punctuality()
    pasts, reports = [year.past() for year in years], [year.reports() for year in years]
    past = Past(
        unit=np.concatenate([one.unit for one in pasts]),
        cell=[cell for one in pasts for cell in one.cell],
        year=np.concatenate([one.year for one in pasts]),
        planned=np.concatenate([one.planned for one in pasts]),
        took=np.concatenate([one.took for one in pasts]),
    )
    names = ("elapsed", "share", "planned", "took")
    joined = [np.concatenate([getattr(one, name) for one in reports]) for name in names]
    return learnt(past, Reports(*joined), waits)


def judged(years: Sequence[PastYear], *, seed: int, runs: int = _RUNS) -> tuple[Report | None, Curve, Curve]:
    """The report, and the curves to lay over the chances of tasks and of units. A lone year is told from what is believed
    beforehand. No report where there are too few cases."""
    tasks, units = _Cases(), _Cases()
    for held in years:
        known = learnt_from([year for year in years if year is not held])
        for day in DAYS:
            _tell(held, day, known, tasks, units, seed=seed, runs=runs)
    _set_base(tasks, len(years))
    _set_base(units, len(years))
    score = tasks.score()
    if score is None:
        return None, Curve(), Curve()
    curve, _, mended = correction(tasks.years(len(DAYS)))
    unit_curve, _, units_mended = correction(units.years(len(DAYS))) if units.score() else (Curve(), 0.0, 0.0)
    report = Report(
        tuple(year.year for year in years), score, units.score(), mended, units_mended, tuple(_by_day(tasks))
    )
    return report, curve, unit_curve


def _tell(held: PastYear, day: int, known: Punctuality, tasks: _Cases, units: _Cases, *, seed: int, runs: int) -> None:
    stood, came, _ = held.on(day)
    found = foretell(stood, outlook(stood, taught(known, held.so_far(day))), opening=-day, seed=seed, runs=runs)
    some = stood.counts
    tasks.said.append(found.chance_of_task[some])
    tasks.came.append(came[some])
    tasks.naive.append(keeps_up(stood.share.astype(float), stood.begins.astype(float), stood.due.astype(float))[some])
    place = np.searchsorted(found.units, stood.unit[some])
    missed = np.bincount(place, ~came[some], minlength=len(found.units))
    units.said.append(found.chance_of_unit)
    units.came.append(missed == 0)


def _set_base(cases: _Cases, years: int) -> None:
    """The base rate of a day: what came on that day of the other years; of a lone year the very truth of that day."""
    for at, came in enumerate(cases.came):
        others = [cases.came[one] for one in range(at % len(DAYS), len(cases.came), len(DAYS)) if one != at]
        rate = np.concatenate(others if years > 1 else [came])
        cases.base.append(np.full(len(came), rate.mean() if len(rate) else 0.5))


def _by_day(cases: _Cases) -> list[tuple[int, int, float, float]]:
    rows = []
    for at, day in enumerate(DAYS):
        parts = slice(at, None, len(DAYS))
        said, came = np.concatenate(cases.said[parts]), np.concatenate(cases.came[parts]).astype(float)
        base = np.concatenate(cases.base[parts])
        if len(said):
            rows.append((-day, len(said), float(((said - came) ** 2).mean()), float(((base - came) ** 2).mean())))
    return rows
