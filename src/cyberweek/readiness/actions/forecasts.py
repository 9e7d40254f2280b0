"""Making the forecast of an edition."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from django.db import transaction

from cyberweek.editions.models import Edition
from cyberweek.editions.queries import today_in
from cyberweek.kernel.actions import record
from cyberweek.planning.core.network import Circle
from cyberweek.readiness.core.calibration import Curve
from cyberweek.readiness.core.course import Outlook, Tasks, network, outlook
from cyberweek.readiness.core.forecast import RUNS, Together, foretell, of_regions
from cyberweek.readiness.core.forecast import Forecast as Foretold
from cyberweek.readiness.core.punctuality import Punctuality
from cyberweek.readiness.core.thisyear import SoFar, taught
from cyberweek.readiness.core.totals import Standing, Totals, cells_as_kept, of_region, places_within, totals
from cyberweek.readiness.core.why import Asking
from cyberweek.readiness.enums import SURE_FROM, standing_of
from cyberweek.readiness.enums import Standing as Row
from cyberweek.readiness.models import Calibration, Forecast, ForecastRow
from cyberweek.readiness.queries.forecasts import (
    cells_of_units,
    edges_of,
    last_calibration,
    last_forecast,
    last_words,
    stand_of,
    ways_down,
)
from cyberweek.regions.models import Region

from .calibrations import calibrate

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

_FRESH: Final = dt.timedelta(days=7)  # a calibration changes only when an edition ends
_KEPT: Final = 3  # forecasts whose rows are kept; of older ones the heads
_TOLD: Final = 5  # causes that a row names


@transaction.atomic
def make_forecast(
    *, edition: Edition, now: dt.datetime, seed: int | None = None, runs: int = RUNS, by: User | None = None
) -> Forecast:
    """Foretell who is ready on the opening day, and keep it: a row for each unit and each region.

    `seed` None: the edition's own, the same each night, so that a change is never one of the dice. Tasks that wait for
    each other in a circle are taken as if they did not, and the forecast names them.
    """
    began = time.monotonic()
    seed = edition.seed if seed is None else seed
    day = today_in(edition, now=now)
    calibration = _calibration(edition, now)
    stand = stand_of(edition, day)
    opening = (edition.starts - day).days
    tasks, circles = _without_circles(_open_tasks(edition, stand, opening, now))
    seen = outlook(tasks, taught(Punctuality.from_plain(calibration.known), _so_far(stand)))
    found = foretell(tasks, seen, opening=opening, seed=seed, runs=runs)
    earlier = last_forecast(edition)
    made = Forecast.objects.create(
        edition=edition, calibration=calibration, at=now, day=day, opening=edition.starts, seed=seed, runs=runs,
        tasks=len(stand.key), open_tasks=len(tasks), units=len(np.unique(stand.unit)), circles=circles,
    )  # fmt: skip
    case = _Case(made, opening, stand, tasks, seen, found, calibration)
    ForecastRow.objects.bulk_create(_with_before(case.rows(), earlier), batch_size=1000)
    made.milliseconds = round(1000 * (time.monotonic() - began))
    made.save(update_fields=["milliseconds"])
    _forget_old_rows(edition)
    record(
        actor=by, verb="forecast.make", thing=made, unit=edition.owner_id,
        after={"tasks": made.open_tasks, "runs": runs, "seed": seed},
    )  # fmt: skip
    return made


def _calibration(edition: Edition, now: dt.datetime) -> Calibration:
    found = last_calibration(edition)
    return found if found and now - found.at < _FRESH else calibrate(edition=edition, now=now)


def _open_tasks(edition: Edition, stand: Standing, opening: int, now: dt.datetime) -> Tasks:
    places = np.flatnonzero(~stand.is_done)
    cells = cells_of_units(np.unique(stand.unit).tolist())
    return Tasks(
        key=stand.key[places],
        unit=stand.unit[places],
        cell=[cells[unit] for unit in stand.unit[places].tolist()],
        begins=stand.begins[places].astype(np.float32),
        due=stand.due[places].astype(np.float32),
        share=(stand.progress[places] / 100).astype(np.float32),
        age=last_words(edition, now, stand.key[places]),
        blocked=stand.blocked[places],
        counts=stand.due[places] < opening,
        edges=edges_of(edition, stand.key[places]),
    )


def _so_far(stand: Standing) -> SoFar:
    """The edition's own tasks that have begun; one is over in the middle of the day on which it ended."""
    begun = np.flatnonzero((stand.begins < 0) & (stand.done_on <= 0) | (stand.begins < 0) & ~stand.is_done)
    cells = cells_of_units(np.unique(stand.unit[begun]).tolist())
    ended = stand.is_done[begun]
    until = np.where(ended, stand.done_on[begun] + 0.5, 0.0)
    return SoFar(
        unit=stand.unit[begun],
        cell=[cells[unit] for unit in stand.unit[begun].tolist()],
        planned=(stand.due - stand.begins + 1)[begun].astype(float),
        passed=until - stand.begins[begun],
        ended=ended,
    )


def _without_circles(tasks: Tasks) -> tuple[Tasks, list[int]]:
    """The tasks without the edges inside circles, and the ids of the tasks in these."""
    found: list[int] = []
    while True:
        try:
            network(tasks)
        except Circle as circle:
            found += circle.tasks
            inside = np.flatnonzero(np.isin(tasks.key, circle.tasks))
            tasks = replace(tasks, edges=tasks.edges[~np.isin(tasks.edges, inside).all(axis=1)])
        else:
            return tasks, sorted(set(found))


@dataclass(frozen=True)
class _Case:
    """One forecast on its way into rows."""

    forecast: Forecast
    opening: int
    stand: Standing
    tasks: Tasks
    seen: Outlook
    found: Foretold
    calibration: Calibration

    def rows(self) -> list[ForecastRow]:
        places = np.flatnonzero(~self.stand.is_done)
        sums = totals(self.stand, max(0, self.opening), self.found, places, self.tasks.counts)
        of_units = Curve.from_plain(self.calibration.of_units)
        ways = ways_down(sums.units.tolist())
        chances = {
            int(unit): self._told(of_units(float(chance)))
            for unit, chance in zip(self.found.units, self.found.chance_of_unit, strict=True)
        }
        units = self._units(sums, chances, of_units, ways)
        return [*units.values(), *self._regions(sums, units, chances, ways)]

    def _told(self, chance: float) -> float:
        """While the opening is ahead nothing simulated is certain: half a run is left open at both ends."""
        least = 0.5 / self.forecast.runs if self.opening > 0 else 0.0
        return min(1 - least, max(least, chance))

    def _units(
        self, sums: Totals, chances: Mapping[int, float], corrected: Curve, ways: Mapping[int, list[str]]
    ) -> dict[int, ForecastRow]:
        """A row for each unit that has tasks which must stand."""
        asking = Asking(
            self.tasks, self.seen, opening=self.opening, seed=self.forecast.seed, line=SURE_FROM,
            corrected=lambda chance: self._told(corrected(chance)),
        )  # fmt: skip
        compact = self._compact()
        rows = {}
        for at, unit in enumerate(sums.units.tolist()):
            if not sums.must[at]:
                continue
            chance = chances.get(unit, 1.0)
            standing = standing_of(chance)
            rows[unit] = ForecastRow(
                forecast=self.forecast, unit_id=unit, region_id=ways[unit][-1], within_id=ways[unit][-1],
                chance=chance, standing=standing,
                sure=standing == Row.SURE, at_risk=standing == Row.AT_RISK,
                must=int(sums.must[at]), done=int(sums.done[at]), overdue=int(sums.overdue[at]),
                cells=cells_as_kept(sums, sums.cells[at]),
                why=_of_unit(asking, unit, self.forecast.runs) if standing != Row.SURE else {},
                tasks=compact.get(unit, []),
            )  # fmt: skip
        return rows

    def _compact(self) -> dict[int, list[list[int]]]:
        """For each unit its open tasks: id, chance in hundredths, the days by which it ends in 50 and 90 of 100 runs."""
        curve = Curve.from_plain(self.calibration.of_tasks)
        chance = np.round(100 * curve.all(self.found.chance_of_task)).astype(int)
        if self.opening > 0:
            chance = np.clip(chance, 1, 99)
        columns = (self.tasks.key, chance, self.found.day_by(0.5), self.found.day_by(0.9))
        kept: dict[int, list[list[int]]] = {}
        for unit, row in zip(self.tasks.unit.tolist(), np.stack(columns, axis=1).tolist(), strict=True):
            kept.setdefault(unit, []).append(row)
        return kept

    def _regions(
        self,
        sums: Totals,
        units: Mapping[int, ForecastRow],
        chances: Mapping[int, float],
        ways: Mapping[int, list[str]],
    ) -> list[ForecastRow]:
        places = places_within(ways, sums.units)
        members = {code: [int(sums.units[at]) for at in some] for code, some in places.items()}
        sure = [unit for unit in units if unit not in chances]
        together = of_regions(self.found, members, sure, chances)
        parents = dict(Region.objects.filter(pk__in=list(together)).values_list("pk", "parent_id"))
        late = self._expected_late(places)
        return [
            ForecastRow(
                forecast=self.forecast, region_id=code, within_id=parents[code],
                chance=both.share, most=both.chance, standing=standing_of(both.share), units=both.units,
                sure=sum(row.sure for row in inside), at_risk=sum(row.at_risk for row in inside),
                why=_of_region(both, inside, late.get(code, {})), **of_region(sums, places[code]),
            )
            for code, both in together.items()
            for inside in [[units[unit] for unit in members[code] if unit in units]]
        ]  # fmt: skip

    def _expected_late(self, places: Mapping[str, list[int]]) -> dict[str, dict[int, float]]:
        """For each region how many tasks of each arrangement are expected to miss the opening."""
        units = np.unique(self.stand.unit)
        counted = np.flatnonzero(self.tasks.counts)
        rows = np.flatnonzero(~self.stand.is_done)[counted]
        names, of = np.unique(self.stand.arrangement[rows], return_inverse=True)
        missing = 1 - Curve.from_plain(self.calibration.of_tasks).all(self.found.chance_of_task[counted])
        grid = np.zeros((len(units), max(1, len(names))))
        np.add.at(grid, (np.searchsorted(units, self.stand.unit[rows]), of), missing)
        return {
            code: {int(name): float(n) for name, n in zip(names, grid[some].sum(axis=0), strict=False) if name}
            for code, some in places.items()
        }


def _of_unit(asking: Asking, unit: int, runs: int) -> dict[str, Any]:
    """{"causes": [[task, chance if settled today, gain]], "turn": [tasks], "turned": chance, "turns": over the line?}"""
    why = asking.why(unit, runs)
    return {
        "causes": [[one.task, round(one.chance, 4), round(one.gain, 4)] for one in why.causes[:_TOLD]],
        "turn": list(why.turn),
        "turned": round(why.turned, 4),
        "turns": why.turns,
    }


def _of_region(both: Together, inside: list[ForecastRow], late: Mapping[int, float]) -> dict[str, Any]:
    """{"units": [[unit, chance, chance once turned]], "arrangements": [[arrangement, tasks expected late]], "turn": how
    many units, "turned": the share then, "turns": over the line?}. Units that can be lifted most come first."""
    weak = [row for row in inside if row.standing != Row.SURE]
    weak.sort(key=lambda row: (row.chance - row.why["turned"], row.chance))
    share, turn = both.share, 0
    for row in weak:
        if share >= SURE_FROM:
            break
        share += max(0.0, row.why["turned"] - row.chance) / both.units
        turn += 1
    most = sorted(late.items(), key=lambda pair: -pair[1])[:3]
    return {
        "units": [[row.unit_id, round(row.chance, 4), row.why["turned"]] for row in weak[:_TOLD]],
        "arrangements": [[one, round(n, 1)] for one, n in most if n >= 0.5],
        "turn": turn,
        "turned": round(share, 4),
        "turns": share >= SURE_FROM,
    }


def _with_before(rows: list[ForecastRow], earlier: Forecast | None) -> list[ForecastRow]:
    """Each row with what the forecast before said of the same."""
    if earlier:
        said = earlier.rows.values_list("unit_id", "region_id", "chance")
        known: dict[tuple[int | None, str | None], float] = {
            (unit, None if unit else region): chance for unit, region, chance in said
        }
        for row in rows:
            row.before = known.get((row.unit_id, None if row.unit_id else row.region_id))
    return rows


def _forget_old_rows(edition: Edition) -> None:
    kept = list(Forecast.objects.filter(edition=edition).values_list("pk", flat=True)[:_KEPT])
    ForecastRow.objects.filter(forecast__edition=edition).exclude(forecast__in=kept).delete()
