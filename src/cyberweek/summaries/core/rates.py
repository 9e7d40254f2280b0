"""Rates of places that differ in size, made comparable: what a small place shows by chance is drawn towards the mean.

Empirical Bayes after Clayton & Kaldor, "Empirical Bayes estimates of age-standardized relative risks for use in disease
mapping", Biometrics 43 (1987) 671-681, with the moments of Marshall, "Mapping disease and mortality rates using
empirical Bayes estimators", Applied Statistics 40 (1991) 283-294: counts are Poisson with rates from one gamma
distribution. Visitors come in groups, so their counts scatter more than Poisson's: counts and people are both divided by
`dispersion` (of a sum of groups x: the sum of x² over the sum of x), which leaves each rate and widens its interval.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

PER: Final = 10_000
_TAIL: Final = 0.025


@dataclass(frozen=True, slots=True)
class Place:
    """What was counted in a place, and how many people live there."""

    count: float
    people: float


@dataclass(frozen=True, slots=True)
class Rate:
    """Per 10,000 people: as counted, drawn towards the mean, and between which bounds it lies with 95 %.
    `stands_out`: 1 above and -1 below what chance would do to a place of the mean rate, else 0."""

    raw: float
    shrunk: float
    low: float
    high: float
    stands_out: int


@dataclass(frozen=True, slots=True)
class Compared:
    """`mean`: of all places together, per 10,000. `rates` in the order of the places."""

    mean: float
    rates: tuple[Rate, ...]


def compare(places: Sequence[Place], *, dispersion: float = 1.0) -> Compared | None:
    """The rates of places side by side; None where there are fewer than two, or nobody was counted anywhere."""
    people = sum(place.people for place in places)
    total = sum(place.count for place in places)
    if len(places) < 2 or total <= 0 or any(place.people <= 0 for place in places):
        return None
    phi = max(1.0, dispersion)
    mean = total / people
    spread = sum(place.people * (place.count / place.people - mean) ** 2 for place in places) / people
    between = max(0.0, spread - mean * phi / (people / len(places)))
    return Compared(mean * PER, tuple(_rate(place, mean, between, phi) for place in places))


def _rate(place: Place, mean: float, between: float, phi: float) -> Rate:
    raw = place.count / place.people
    count, people = place.count / phi, place.people / phi
    # Gamma(mean²/between, mean/between); where places do not differ beyond chance it is a point at the mean.
    if between <= 0 or mean * mean / between > 1e9:
        low, high = _interval(count, people)
        return Rate(raw * PER, mean * PER, mean * PER, mean * PER, _outside(mean, low, high))
    shape, rate = mean * mean / between + count, mean / between + people
    low, high = gamma_quantile(_TAIL, shape) / rate, gamma_quantile(1 - _TAIL, shape) / rate
    shrunk = shape / rate
    low, high = min(low, shrunk), max(high, shrunk)  # of a very skewed distribution the mean lies beyond the quantile
    return Rate(raw * PER, shrunk * PER, low * PER, high * PER, _outside(mean, low, high))


def _interval(count: float, people: float) -> tuple[float, float]:
    """The exact interval of a Poisson count (Garwood 1936), per person."""
    low = gamma_quantile(_TAIL, count) / people if count > 0 else 0.0
    return low, gamma_quantile(1 - _TAIL, count + 1) / people


def _outside(mean: float, low: float, high: float) -> int:
    return 1 if low > mean else -1 if high < mean else 0


@lru_cache(maxsize=4096)
def gamma_quantile(share: float, shape: float) -> float:
    """Where a gamma variable of this shape and scale 1 has `share` of its mass below, to 12 figures: Newton's steps from
    the normal approximation of the cube root, halving wherever a step would leave the bracket."""
    z = math.sqrt(2) * _inverse_erf(2 * share - 1)
    guess = float(shape * max(1 - 1 / (9 * shape) + z / (3 * math.sqrt(shape)), 0.0) ** 3)
    if shape > 1e6:  # the cube root is normal to better than we print (Wilson and Hilferty 1931)
        return guess
    low, high = 0.0, shape + 10 * math.sqrt(shape) + 10
    while gamma_below(high, shape) < share:
        high *= 2
    at = guess if low < guess < high else high / 2
    for _ in range(400):
        lacking = share - gamma_below(at, shape)
        low, high = (at, high) if lacking > 0 else (low, at)
        density = math.exp((shape - 1) * math.log(at) - at - math.lgamma(shape))
        following = at + lacking / density if density > 0 else low
        if not low < following < high:
            following = (low + high) / 2
        if abs(following - at) <= 1e-13 * following or high - low <= 1e-13 * high:
            return following
        at = following
    return at


def gamma_below(x: float, shape: float) -> float:
    """The regularised lower incomplete gamma function: a series below the mean, a continued fraction above it."""
    if x <= 0:
        return 0.0
    front = math.exp(shape * math.log(x) - x - math.lgamma(shape))
    if x < shape + 1:
        term = total = 1 / shape
        n = shape
        while term > total * 1e-16:
            n += 1
            term *= x / n
            total += term
        return min(1.0, front * total)
    b = x + 1 - shape
    c = 1e300
    d = 1 / b
    fraction = d
    for i in range(1, 100_000):
        a = -i * (i - shape)
        b += 2
        d = 1 / (a * d + b)
        c = b + a / c
        step = d * c
        fraction *= step
        if abs(step - 1) < 1e-15:
            break
    return max(0.0, 1 - front * fraction)


@cache
def _inverse_erf(y: float) -> float:
    low, high = -6.0, 6.0
    for _ in range(100):
        middle = (low + high) / 2
        if math.erf(middle) < y:
            low = middle
        else:
            high = middle
    return (low + high) / 2
