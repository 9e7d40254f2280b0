"""How good the forecast is, told by years that it had not seen.

The Brier score is the mean square of (chance − what came), 0 the best; a coin gives 0.25. It stands beside two others on
the same cases: the base rate (everybody's share of the years before) and the naive rule that a task is safe when its
progress has kept up with its time. Where a curve from "said" to "came" (isotonic, pooled adjacent violators) makes the
score on years not seen better, it is laid over the forecast; where it does not, it is left away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from cyberweek.readiness.core.chance import Flags
from cyberweek.readiness.core.punctuality import Doubles

BINS: Final = 10
_CLIP: Final = 1e-3  # three hundred runs cannot tell a chance of 1 from one of 0.999
_WINS_BY: Final = 0.01  # of the score; less is noise


def brier(chance: Doubles, came: Flags) -> float:
    return float(((chance - came) ** 2).mean())


def log_score(chance: Doubles, came: Flags) -> float:
    """The mean of −log of what was said of what came: harsher than Brier to the wrongly certain."""
    said = np.clip(chance, _CLIP, 1 - _CLIP)
    return float(-np.log(np.where(came, said, 1 - said)).mean())


@dataclass(frozen=True)
class Bin:
    """Of `n` cases whose chance was said to be within `low` and `high`: the mean said, and the share that came."""

    low: float
    high: float
    n: int
    said: float
    came: float


def reliability(chance: Doubles, came: Flags, bins: int = BINS) -> list[Bin]:
    """Ten steps of said chance; steps without cases are left out."""
    at = np.minimum((chance * bins).astype(int), bins - 1)
    found = []
    for one in range(bins):
        these = at == one
        if these.any():
            said, share = float(chance[these].mean()), float(came[these].mean())
            found.append(Bin(one / bins, (one + 1) / bins, int(these.sum()), said, share))
    return found


@dataclass(frozen=True)
class Score:
    """What a forecast made of `n` cases, and what the two simple ways made of them."""

    n: int
    came: float
    brier: float
    log: float
    base_brier: float
    base_log: float
    naive_brier: float | None
    bins: tuple[Bin, ...]

    def plain(self) -> dict[str, Any]:
        return asdict(self)


def scored(chance: Doubles, came: Flags, *, base: float | Doubles, naive: Flags | None = None) -> Score:
    """`base`: the share that came in other years. `naive`: what the simple rule says of each case."""
    flat = np.broadcast_to(np.asarray(base, dtype=float), came.shape)
    return Score(
        n=len(came),
        came=float(came.mean()),
        brier=brier(chance, came),
        log=log_score(chance, came),
        base_brier=brier(flat, came),
        base_log=log_score(flat, came),
        naive_brier=None if naive is None else brier(naive.astype(float), came),
        bins=tuple(reliability(chance, came)),
    )


def keeps_up(share: Doubles, begins: Doubles, due: Doubles) -> Flags:
    """The naive rule: the share done is at least the share of the task's time that has passed (day 0 is now)."""
    passed = np.clip(-begins / np.maximum(due - begins + 1, 1), 0, 1)
    return np.asarray(share >= passed)


@dataclass(frozen=True)
class Curve:
    """A correction from said to true chance: straight between its points. No points: none."""

    said: tuple[float, ...] = ()
    true: tuple[float, ...] = ()

    def __call__(self, chance: float) -> float:
        return float(np.interp(chance, self.said, self.true)) if self.said else chance

    def all(self, chances: Doubles) -> Doubles:
        return np.interp(chances, self.said, self.true) if self.said else chances

    def plain(self) -> dict[str, Any]:
        return {"said": list(self.said), "true": list(self.true)}

    @classmethod
    def from_plain(cls, found: dict[str, Any]) -> Curve:
        return cls(tuple(found["said"]), tuple(found["true"]))


def isotonic(chance: Doubles, came: Flags, steps: int = 40) -> Curve:
    """The rising curve nearest to what came, from cases gathered in steps of equal number; 0 and 1 stay where they are
    unless the cases at the ends say otherwise."""
    order = np.argsort(chance, kind="stable")
    said = [part.mean() for part in np.array_split(chance[order], steps) if len(part)]
    pools = [
        [float(part.mean()), len(part), 1] for part in np.array_split(came[order].astype(float), steps) if len(part)
    ]
    merged: list[list[float]] = []
    for pool in pools:
        merged.append(pool)
        while len(merged) > 1 and merged[-2][0] >= merged[-1][0]:
            (low, n, a), (high, m, b) = merged[-2], merged[-1]
            merged[-2:] = [[(low * n + high * m) / (n + m), n + m, a + b]]
    true = [value for value, _, count in merged for _ in range(int(count))]
    points, at = np.unique(np.round(said, 6), return_index=True)
    return Curve(tuple(map(float, points)), tuple(float(true[one]) for one in at))


def correction(years: Sequence[tuple[Doubles, Flags]]) -> tuple[Curve, float, float]:
    """The curve to lay over, and the Brier scores without and with one, each year judged by a curve from the others.
    An empty curve where that does not win by a hundredth of the score, or where there are fewer than two years."""
    plain = brier(*_joined(years))
    if len(years) < 2:
        return Curve(), plain, plain
    said, came = [], []
    for at, (chance, truth) in enumerate(years):
        others = [one for i, one in enumerate(years) if i != at]
        said.append(isotonic(*_joined(others)).all(chance))
        came.append(truth)
    mended = brier(np.concatenate(said), np.concatenate(came))
    wins = mended < plain * (1 - _WINS_BY)
    return (isotonic(*_joined(years)) if wins else Curve()), plain, mended


def _joined(years: Sequence[tuple[Doubles, Flags]]) -> tuple[Doubles, Flags]:
    return np.concatenate([chance for chance, _ in years]), np.concatenate([came for _, came in years])
