"""Counts of tasks by unit, rolled up to the regions that hold the units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cyberweek.readiness.core.chance import Flags, Ints
from cyberweek.readiness.core.forecast import Forecast

Counts = NDArray[np.int64]

SOON: Final = 2  # days: due today, tomorrow or the day after
TASKS, DONE, BLOCKED, OVERDUE, DUE_SOON, PROGRESS = range(6)


@dataclass(frozen=True)
class Standing:
    """All tasks of an edition on a day that were not dropped, one a place, ordered by unit. Days count from that day;
    `done_on` is far ahead of what is not done."""

    key: Ints
    unit: Ints
    arrangement: Ints  # 0: none
    begins: Ints
    due: Ints
    progress: Ints
    blocked: Flags
    done_on: Ints

    @property
    def is_done(self) -> Flags:
        return self.done_on < NOT_DONE


NOT_DONE: Final = 10**6


@dataclass(frozen=True)
class Totals:
    """For each of `units`: by arrangement (`cells`: unit × arrangement × six counts), what must stand by the opening, and
    by day from `first` how many of these were due and were done by the end of it, and are expected to be."""

    units: Ints
    arrangements: Ints
    cells: Counts
    must: Counts
    done: Counts
    overdue: Counts
    first: int
    plan: Counts
    came: Counts
    ahead: NDArray[np.float64]


def totals(stand: Standing, opening: int, found: Forecast, open_places: Ints, counts: Flags) -> Totals:
    """`open_places`: where in `stand` the tasks of the forecast stand. `counts`: of these, which must stand."""
    units, at = np.unique(stand.unit, return_inverse=True)
    arrangements, of = np.unique(stand.arrangement, return_inverse=True)
    overdue = ~stand.is_done & (stand.due < 0)
    soon = ~stand.is_done & ~overdue & (stand.due <= SOON)
    measures = (np.ones(len(at)), stand.is_done, stand.blocked, overdue, soon, stand.progress)
    flat = at * len(arrangements) + of
    size = len(units) * len(arrangements)
    cells = np.stack([np.bincount(flat, one, size) for one in measures], axis=-1).astype(np.int64)
    must = stand.due < opening
    first = min(int(stand.begins[must].min(initial=0)), 0)
    days = max(opening, 1) - first

    def by_day(day: Ints, some: Flags) -> Counts:
        clipped = np.clip(day[some] - first, 0, days - 1)
        grid = np.bincount(at[some] * days + clipped, minlength=len(units) * days)
        return np.asarray(grid.reshape(len(units), days).cumsum(axis=1))

    ahead = np.zeros((len(units), found.ends.shape[1]))
    np.add.at(ahead, at[open_places[counts]], found.ends[counts] / found.runs)
    return Totals(
        units=units,
        arrangements=arrangements,
        cells=cells.reshape(len(units), len(arrangements), len(measures)),
        must=np.bincount(at, must, len(units)).astype(np.int64),
        done=np.bincount(at, must & stand.is_done, len(units)).astype(np.int64),
        overdue=np.bincount(at, must & overdue, len(units)).astype(np.int64),
        first=first,
        plan=by_day(stand.due, must),
        came=by_day(stand.done_on, must & stand.is_done),
        ahead=ahead.cumsum(axis=1),
    )


def of_region(found: Totals, places: Sequence[int]) -> dict[str, Any]:
    """The sums of these units, as a row of the forecast keeps them."""
    some = list(places)
    came = found.came[some].sum(axis=0)
    today = -found.first
    opening = found.plan.shape[1] - today
    return {
        "must": int(found.must[some].sum()),
        "done": int(found.done[some].sum()),
        "overdue": int(found.overdue[some].sum()),
        "cells": cells_as_kept(found, found.cells[some].sum(axis=0)),
        "curve": {
            "first": found.first,
            "plan": found.plan[some].sum(axis=0).tolist(),
            "done": came[: today + 1].tolist(),
            "ahead": np.round(came[today] + found.ahead[some].sum(axis=0)[1 : opening + 1], 1).tolist(),
        },
    }


def cells_as_kept(found: Totals, counts: Counts) -> dict[str, list[int]]:
    """{arrangement: six counts}, without tasks of no arrangement and arrangements without tasks."""
    return {
        str(one): row.tolist()
        for one, row in zip(found.arrangements.tolist(), counts, strict=True)
        if one and row[TASKS]
    }


def places_within(units: Mapping[int, Sequence[str]], order: Ints) -> dict[str, list[int]]:
    """For each region the places in `order` of the units in it and under it. `units`: each one's regions, top first."""
    found: dict[str, list[int]] = {}
    for place, unit in enumerate(order.tolist()):
        for region in units.get(unit, ()):
            found.setdefault(region, []).append(place)
    return found
