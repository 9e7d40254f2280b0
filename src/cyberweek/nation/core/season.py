"""The activities of a simulated season, and what is reported of them. Arrays, one activity a place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Doubles = NDArray[np.float64]

ACTIVITIES: Final = 60_000
FIRST_DAY: Final = -60  # from the opening: schools, villages and neighbourhoods begin long before the Week
LAST_DAY: Final = 6
DONE_BEFORE: Final = 0.72  # of the activities, at the plan's usual today

KINDS: Final = (
    "lecture",
    "publicity",
    "theme-day",
    "contest",
    "drill",
    "exhibition",
    "forum",
    "ceremony",
    "other",
    "closing",
)
_KIND_SHARES: Final = (0.30, 0.34, 0.12, 0.07, 0.05, 0.04, 0.03, 0.02, 0.025, 0.005)
_USUAL_SIZE: Final = (120, 260, 300, 180, 60, 900, 220, 500, 150, 300)  # the median of each kind
STATUSES: Final = ("published", "approved", "submitted", "draft", "returned", "cancelled")
_STATUS_SHARES: Final = (0.93, 0.015, 0.02, 0.01, 0.005, 0.02)
_LEVEL_WEIGHTS: Final = {"nation": 30.0, "province": 22.0, "city": 14.0, "county": 6.0}

OUTLIERS: Final = 0.010
"""Planted: this share of reports says about a hundred times what is likely; 7 in 10 of them are asked about."""
MIXED_UP: Final = 0.015
"""Planted: this share of reports gives person-times as people."""
UNSENT: Final = 0.08

# Indicators of an activity: share of reports that have it, its median beside the attendance, its spread.
FIGURES: Final = {
    "people-reached": (0.90, 0.85, 0.05),
    "materials": (0.70, 0.90, 0.50),
    "consultations": (0.45, 0.06, 0.60),
    "online-views": (0.12, 25.0, 1.10),
    "volunteers": (0.25, 0.05, 0.50),
    "duration": (0.40, 0.015, 0.40),
}


@dataclass(frozen=True)
class Season:
    """`unit`: place of its lead in the list of units. `day`: days from the opening. `hour`, `minutes`, `places`."""

    unit: Ints
    kind: Ints
    status: Ints
    day: Ints
    hour: Ints
    minutes: Ints
    places: Ints


def season(levels: list[str], weights: Doubles, *, count: int, today: int, seed: int) -> Season:
    """Activities by level and by `weights` of the units (the people in their province). `today` is days from the opening;
    most are over by then, so that there is something to report on."""
    draw = np.random.default_rng([seed, 4])
    pull = weights * np.array([_LEVEL_WEIGHTS[level] for level in levels])
    unit = draw.choice(len(levels), size=count, p=pull / pull.sum())
    kind = draw.choice(len(KINDS), size=count, p=_KIND_SHARES)
    over = draw.random(count) < DONE_BEFORE
    split = min(max(today, FIRST_DAY + 1), LAST_DAY)
    day = np.where(over, draw.integers(FIRST_DAY, split, count), draw.integers(split, LAST_DAY + 1, count))
    size = np.array(_USUAL_SIZE, dtype=np.float64)[kind] * np.exp(draw.normal(0, 0.7, count))
    return Season(
        unit=unit.astype(np.int64),
        kind=kind.astype(np.int64),
        status=draw.choice(len(STATUSES), size=count, p=_STATUS_SHARES).astype(np.int64),
        day=day.astype(np.int64),
        hour=draw.integers(8, 19, count).astype(np.int64),
        minutes=(30 * draw.integers(2, 9, count)).astype(np.int64),
        places=np.maximum(10, np.round(size, -1)).astype(np.int64),
    )


@dataclass(frozen=True)
class Reported:
    """What is reported, a row each report. `values`: by indicator, −1 where the report does not have it.
    `odd`: planted outliers; `mixed`: planted person-times given as people; `caught`: was asked about."""

    sent: NDArray[np.bool_]
    values: dict[str, Ints]
    odd: NDArray[np.bool_]
    mixed: NDArray[np.bool_]
    caught: NDArray[np.bool_]


def reported(places: Ints, *, seed: int) -> Reported:
    """Reports on activities with so many places: skewed, as reported figures are."""
    draw = np.random.default_rng([seed, 5])
    count = len(places)
    came = np.maximum(5, places * np.exp(draw.normal(-0.25, 0.45, count)))
    odd = draw.random(count) < OUTLIERS
    attendance = np.round(np.where(odd, came * draw.uniform(60, 180, count), came))
    values = {"attendance": attendance.astype(np.int64)}
    mixed = draw.random(count) < MIXED_UP
    for code, (share, usual, spread) in FIGURES.items():
        found = np.maximum(1, np.round(came * usual * np.exp(draw.normal(0, spread, count))))
        if code == "people-reached":
            found = np.where(mixed, attendance, np.minimum(found, attendance))
        has = (draw.random(count) < share) | (mixed & (code == "people-reached"))
        values[code] = np.where(has, found, -1).astype(np.int64)
    return Reported(draw.random(count) >= UNSENT, values, odd, mixed, (odd | mixed) & (draw.random(count) < 0.7))
