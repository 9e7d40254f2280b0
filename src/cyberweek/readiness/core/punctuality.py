"""How long tasks really take: learnt from past tasks, unit by unit, with little known units leaning on their like.

Time is measured on each task's own scale: y = log(days from its beginning to its end / days that the plan gave it). So
y = 0 is exactly on its date. The model is

    y = mean + cell + unit + year + rest

where a cell is a level and sector; cell and unit are shrunk to what they belong to by as much as their few tasks leave
open (empirical Bayes by the method of moments), year is a shock that a whole nation shares (a typhoon, a late plan), and
the rest is logistic: its tails are heavier than the normal's, and its scale is fitted by maximum likelihood, so that one
stuck task in twenty does not widen all the others.

What a task reports while it is under way is a second witness: a share p done after e days says that all will take e / p.
How far such words are off, and in which direction (the last tenth is long), is learnt by p.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cyberweek.readiness.core.chance import TO_SCALE, Ints

Doubles = NDArray[np.float64]

LEAST_DAYS: Final = 0.5  # an end before the beginning, or on the same day, counts as half a day
STEPS: Final = (0.15, 0.35, 0.55, 0.75, 0.92, 1.0)  # reported shares up to each of these are told apart
_ENOUGH: Final = 30  # reports, waits: below this what is believed beforehand stands


@dataclass(frozen=True)
class Word:
    """What a reported share up to `up_to` is worth: by how much log(e / p) is too great, and its standard deviation."""

    up_to: float
    bias: float
    sd: float


@dataclass(frozen=True)
class Punctuality:
    """All that is believed of how long tasks take. Where nothing was learnt yet the defaults speak: on its date at the
    median, two tasks of three within a third more or less."""

    mean: float = 0.0
    cells: Mapping[str, float] = field(default_factory=dict)  # offsets from the mean
    units: Mapping[int, tuple[float, float]] = field(default_factory=dict)  # offset from the cell, its sd
    unit_sd: float = 0.15  # of a unit never seen
    year_sd: float = 0.08
    rest_sd: float = 0.35
    words: Sequence[Word] = tuple(Word(step, -0.3 * (1 - step), 0.55 - 0.5 * step) for step in STEPS)
    wait_days: float = 4.0  # the median that a blocked task waits from today
    wait_sd: float = 0.8  # of its logarithm
    tasks: int = 0  # how many finished tasks it was learnt from
    years: tuple[int, ...] = ()

    def plain(self) -> dict[str, Any]:
        """As JSON; `from_plain` reads it back."""
        return asdict(self) | {"units": {str(unit): list(pair) for unit, pair in self.units.items()}}

    @classmethod
    def from_plain(cls, found: Mapping[str, Any]) -> Punctuality:
        units = {int(unit): (float(mean), float(sd)) for unit, (mean, sd) in found["units"].items()}
        words = tuple(Word(**one) for one in found["words"])
        return cls(**{**found, "units": units, "words": words, "years": tuple(found["years"])})


@dataclass(frozen=True)
class Past:
    """Finished tasks, one a place: unit, cell and year of each, its planned and its real days."""

    unit: Ints
    cell: Sequence[str]
    year: Ints
    planned: Doubles
    took: Doubles


@dataclass(frozen=True)
class Reports:
    """What tasks said of themselves on some day before their end: the days since they began, the share reported, the
    days that the plan gave them, and those that they took in the end."""

    elapsed: Doubles
    share: Doubles
    planned: Doubles
    took: Doubles


@dataclass(frozen=True)
class Shrunk:
    """Means of groups, each drawn to the mean of all by what its size leaves open."""

    mean: float
    between: float  # variance of the groups' true means
    within: float  # variance inside a group
    means: dict[Any, float]  # offsets from `mean`
    variances: dict[Any, float]  # what stays open of each


def shrunk(values: Doubles, groups: NDArray[Any]) -> Shrunk:
    """One-way random effects by the method of moments."""
    names, at = np.unique(groups, return_inverse=True)
    n = np.bincount(at).astype(float)
    raw = np.bincount(at, values) / n
    mean, total, many = float(values.mean()), len(values), len(names)
    within = float(((values - raw[at]) ** 2).sum() / max(1, total - many))
    if many < 2:
        return Shrunk(mean, 0.0, within, {names[0].item(): 0.0}, {names[0].item(): 0.0})
    typical = (total - (n**2).sum() / total) / (many - 1)
    spread = float((n * (raw - mean) ** 2).sum() / (many - 1))
    between = max(0.0, float((spread - within) / typical))
    trust = n * between / (n * between + within) if between else np.zeros(many)
    left = between * (1 - trust)
    return Shrunk(
        mean,
        between,
        within,
        {name.item(): float(one) for name, one in zip(names, trust * (raw - mean), strict=True)},
        {name.item(): float(one) for name, one in zip(names, left, strict=True)},
    )


def learnt(past: Past, reports: Reports | None = None, waits: Doubles | None = None) -> Punctuality:
    """What past tasks teach. `waits`: days that blocked tasks waited. Without any past tasks the defaults."""
    if not len(past.took):
        return Punctuality()
    y = np.log(np.maximum(past.took, LEAST_DAYS) / past.planned)
    y = np.clip(y, *np.quantile(y, [0.002, 0.998]))  # a date typed wrong must not speak for a unit
    by_year = shrunk(y, past.year)
    levelled = y - np.array([by_year.means[year] for year in past.year.tolist()])
    by_cell = shrunk(levelled, np.asarray(past.cell))
    left = levelled - by_cell.mean - np.array([by_cell.means[cell] for cell in past.cell])
    by_unit = shrunk(left, past.unit)
    rest = left - np.array([by_unit.means[unit] for unit in past.unit.tolist()])
    defaults = Punctuality()
    return Punctuality(
        mean=by_cell.mean,
        cells=by_cell.means,
        units={unit: (mean, by_unit.variances[unit] ** 0.5) for unit, mean in by_unit.means.items()},
        unit_sd=by_unit.between**0.5,
        year_sd=max(by_year.between**0.5, 0.02) if len(by_year.means) > 1 else defaults.year_sd,
        rest_sd=max(0.05, scale_of(rest) / TO_SCALE),
        words=_words(reports) if reports is not None else defaults.words,
        **_waits(waits),
        tasks=len(y),
        years=tuple(sorted(by_year.means)),
    )


def scale_of(rest: Doubles) -> float:
    """The maximum likelihood scale of a logistic distribution around 0: where the sum of z·tanh(z/2) is their number."""
    low, high, middle = 1e-3, 10.0, 1.0
    for _ in range(40):
        middle = (low * high) ** 0.5
        z = rest / middle
        low, high = (middle, high) if (z * np.tanh(z / 2)).sum() > len(rest) else (low, middle)
    return middle


def _words(reports: Reports) -> tuple[Word, ...]:
    """By robust moments: median, and median distance from it."""
    share = np.clip(reports.share, 0.01, 1)
    off = np.log(np.maximum(reports.elapsed, LEAST_DAYS) / share / reports.planned)
    off -= np.log(np.maximum(reports.took, LEAST_DAYS) / reports.planned)
    found, least = [], 0.0
    for step, default in zip(STEPS, Punctuality().words, strict=True):
        these = off[(share > least) & (share <= step)]
        least = step
        if len(these) < _ENOUGH:
            found.append(default)
            continue
        middle = float(np.median(these))
        found.append(Word(step, middle, max(0.05, 1.4826 * float(np.median(np.abs(these - middle))))))
    return tuple(found)


def _waits(waits: Doubles | None) -> dict[str, float]:
    if waits is None or len(waits) < _ENOUGH:
        return {}
    logs = np.log(np.maximum(waits, LEAST_DAYS))
    return {"wait_days": float(np.exp(np.median(logs))), "wait_sd": max(0.1, float(logs.std()))}
