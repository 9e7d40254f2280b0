"""The forecast: when every task ends in every run, and what follows for units and regions on the opening day.

A unit is ready in a run when all of its tasks that must stand by the opening have ended by then; its chance is the share
of such runs. That all of some hundred units are ready is next to impossible even where all goes well, so a region has two
figures: the share of its units that is expected to be ready, and the chance that at least nine in ten of them are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cyberweek.readiness.core.chance import Flags, Floats, Ints
from cyberweek.readiness.core.course import Outlook, Tasks, drawn, joined, network
from cyberweek.readiness.core.punctuality import Doubles

RUNS: Final = 300
MOST_UNITS: Final = 0.9
_AT_ONCE: Final = 4_000_000  # tasks times runs that are in memory together
_PARTS: Final = 20_000  # tasks that are drawn together: small enough to stay in the processor's cache


@dataclass(frozen=True)
class Forecast:
    """`ends[i, d]`: how often of `runs` task i ended on day d from now (the last day: then or later).
    `ready[u, r]`: whether unit `units[u]` was ready in run r."""

    runs: int
    opening: int
    ends: NDArray[np.uint16]
    units: Ints
    ready: Flags

    @property
    def chance_of_task(self) -> Doubles:
        """That each task has ended by the opening."""
        found: Doubles = self.ends[:, : self.opening + 1].sum(axis=1) / self.runs
        return found

    @property
    def chance_of_unit(self) -> Doubles:
        found: Doubles = self.ready.mean(axis=1)
        return found

    def day_by(self, share: float) -> Ints:
        """The day by which each task has ended in this share of the runs."""
        grown = self.ends.cumsum(axis=1, dtype=np.int64)
        return np.asarray((grown < np.ceil(share * self.runs)).sum(axis=1))

    def curve(self, chosen: Flags | Ints) -> Doubles:
        """How many of the chosen tasks are expected to have ended by each day from now."""
        found: Doubles = self.ends[chosen].sum(axis=0, dtype=np.int64).cumsum() / self.runs
        return found


def foretell(
    tasks: Tasks, seen: Outlook, *, opening: int, seed: int, runs: int = RUNS, days: int | None = None
) -> Forecast:
    """Simulate. `opening`: whole days from now to the opening. `days`: how far ends are told apart; beyond, they are
    "later". Tasks must be ordered by unit. Raises `planning.core.network.Circle`."""
    opening = max(0, opening)
    days = max(days or 0, opening + 8)
    net = network(tasks)
    counted = np.flatnonzero(tasks.counts)
    units, firsts = np.unique(tasks.unit[counted], return_index=True)
    ends = np.zeros(len(tasks) * (days + 1), dtype=np.uint16)
    ready = np.ones((len(units), runs), dtype=bool)
    rows = np.arange(len(tasks), dtype=np.int64)[:, None] * (days + 1)
    for block in _blocks(runs, len(tasks)):
        finished = joined(*_drawn_in_parts(tasks, seen, seed, block), net)
        if len(units):
            late = finished[counted] > opening
            ready[:, block.start : block.stop] = ~np.logical_or.reduceat(late, firsts, axis=0)
        day = np.clip(np.ceil(finished), 0, days).astype(np.int64)
        day += rows
        ends += np.bincount(day.ravel(), minlength=len(ends)).astype(np.uint16)
    return Forecast(runs, opening, ends.reshape(len(tasks), days + 1), units, ready)


def _blocks(runs: int, tasks: int) -> Iterator[range]:
    many = max(1, min(runs, _AT_ONCE // max(1, tasks)))
    for start in range(0, runs, many):
        yield range(start, min(runs, start + many))


def _drawn_in_parts(tasks: Tasks, seen: Outlook, seed: int, runs: range) -> tuple[Floats, Floats]:
    ends = np.empty((len(tasks), len(runs)), dtype=np.float32)
    work = np.empty_like(ends)
    for start in range(0, len(tasks), _PARTS):
        part = slice(start, start + _PARTS)
        ends[part], work[part] = drawn(taken(tasks, part), seen_of(seen, part), seed, runs)
    return ends, work


def taken(tasks: Tasks, places: slice | Ints) -> Tasks:
    """Some of the tasks, without their edges."""
    chosen = range(*places.indices(len(tasks))) if isinstance(places, slice) else places.tolist()
    return Tasks(
        tasks.key[places], tasks.unit[places], [tasks.cell[one] for one in chosen], tasks.begins[places],
        tasks.due[places], tasks.share[places], tasks.age[places], tasks.blocked[places], tasks.counts[places],
        np.zeros((0, 2), dtype=np.int64),
    )  # fmt: skip


def seen_of(seen: Outlook, places: slice | Ints) -> Outlook:
    """What is believed of these."""
    return Outlook(
        seen.origin[places], seen.passed[places], seen.middle[places], seen.leans[places], seen.scale[places],
        seen.unit_sd[places], seen.year_sd, seen.wait_days, seen.wait_sd,
    )  # fmt: skip


@dataclass(frozen=True)
class Together:
    """A region: the share of its units that is expected to be ready, and the chance that nine in ten are."""

    units: int
    share: float
    chance: float


def of_regions(
    found: Forecast, within: Mapping[str, Sequence[int]], sure: Sequence[int] = (), chances: Mapping[int, float] = {}
) -> dict[str, Together]:
    """`within`: the units of each region, those of the regions under it among them. `sure`: units with tasks of which
    none is open. `chances`: of units where they were corrected; the mean of these is then the share. Units without any
    task that counts do not count."""
    place = {int(unit): at for at, unit in enumerate(found.units)}
    known = set(sure) - set(place)
    together = {}
    for region, units in within.items():
        open_ones = [place[unit] for unit in units if unit in place]
        done = sum(unit in known for unit in units)
        total = len(open_ones) + done
        if not total:
            continue
        share = (found.ready[open_ones].sum(axis=0) + done) / total
        expected = sum(chances.get(int(found.units[at]), float(found.ready[at].mean())) for at in open_ones) + done
        together[region] = Together(total, expected / total, float((share >= MOST_UNITS - 1e-9).mean()))
    return together
