"""Scores freed of the severity of those who gave them.

Every juror gives a sheet's total (0 to 100) to some of the entries. The model is additive, that of a two-way table with
holes and, with a rating scale taken as a measure, of many-facet measurement (Linacre 1989):

    total = mean + entry effect + juror effect + rest

Both effects are taken as drawn at random and shrunk (Henderson's mixed-model equations): an effect that rests on few
sheets is believed less. The three variances come in closed form from sums of squares (Henderson's method 3), so that the
same sheets always give the same figures and a juror who is stricter by any constant changes neither the variance of
entries nor that of the rest. Where all jurors see all entries the differences between entries do not depend on severity
at all; where each sees some, an entry read by strict jurors is lifted.

What no model can do is compare sets of jurors who share no entry: `sets` numbers them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from .assignment import sets_of

Floats = npt.NDArray[np.float64]

FLAT_FROM: Final = 3  # sheets, from which equal totals say something about a juror
TIED: Final = 0.005  # points on the scale of 100: less is not shown, so it does not rank
_LEAST_RATIO: Final = 1e-6  # keeps the equations solvable where the sheets fit the model exactly
_NO_SIGNAL: Final = 0.05  # share of the rest's variance given to entries when the sheets show none of their own


@dataclass(frozen=True)
class Sheet:
    """One juror's total for one entry."""

    entry: int
    juror: int
    total: float


@dataclass(frozen=True)
class Standing:
    """An entry after correction. `error` is the standard error of `corrected` among entries of the same set."""

    entry: int
    raw: float
    corrected: float
    error: float
    sheets: int
    set: int
    rank: int | None  # 1 is best; equal at two decimals share a rank; None where sets cannot be compared
    tied: bool


@dataclass(frozen=True)
class Severity:
    """A juror's part: how much below (negative: strict) or above the others, for the same entries."""

    juror: int
    shift: float
    error: float
    sheets: int
    flat: bool  # gave everyone the same: says nothing about which entry is better
    single: bool  # one sheet: severity and the entry's quality can hardly be told apart


@dataclass(frozen=True)
class Outcome:
    """All entries, best first, and all jurors. `reliability`: the share of the corrected scores' variance that is the
    entries' own (0 to 1); None where there are too few sheets to say."""

    standings: list[Standing]
    severities: list[Severity]
    sets: int
    reliability: float | None
    mean: float
    rest: float | None  # standard deviation of what the model leaves unexplained, in points


def corrected(sheets: Sequence[Sheet]) -> Outcome:
    """The outcome of the sheets; entries without a sheet do not stand in it."""
    if not sheets:
        return Outcome([], [], 0, None, 0.0, None)
    table = _Table(sheets)
    variances = table.variances()
    effects = table.solved(variances)
    sets = sets_of([(sheet.entry, sheet.juror) for sheet in sheets])
    number = {entry: index for index, part in enumerate(sets, start=1) for entry in part.entries}
    standings = _standings(table, effects, number, comparable=len(sets) == 1)
    return Outcome(
        standings=standings,
        severities=_severities(table, effects),
        sets=len(sets),
        reliability=_reliability(effects, variances),
        mean=round(float(effects.mean), 6),
        rest=None if variances.assumed else float(np.sqrt(variances.rest)),
    )


@dataclass(frozen=True)
class _Variances:
    entries: float
    jurors: float
    rest: float
    assumed: bool  # no sheets to spare: nothing could be estimated


@dataclass(frozen=True)
class _Effects:
    mean: float
    entries: Floats
    jurors: Floats
    entry_errors: Floats
    juror_errors: Floats


class _Table:
    """The sheets as numbers: who gave whom how much."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self.entries: list[Any] = list(dict.fromkeys(sheet.entry for sheet in sheets))
        self.jurors: list[Any] = list(dict.fromkeys(sheet.juror for sheet in sheets))
        of_entry = {entry: index for index, entry in enumerate(self.entries)}
        of_juror = {juror: index for index, juror in enumerate(self.jurors)}
        self.at = np.array([of_entry[sheet.entry] for sheet in sheets])
        self.by = np.array([of_juror[sheet.juror] for sheet in sheets])
        self.totals = np.array([sheet.total for sheet in sheets], dtype=float)
        self.counts = np.zeros((len(self.entries), len(self.jurors)))
        np.add.at(self.counts, (self.at, self.by), 1.0)
        self.of_entries: Floats = self.counts.sum(axis=1)
        self.of_jurors: Floats = self.counts.sum(axis=0)

    def variances(self) -> _Variances:
        """Henderson's method 3: what the full model explains beyond the model without entries, and without jurors."""
        n = len(self.totals)
        centred = self.totals - self.totals.mean()
        full, rank = self._left_by_both(centred)
        spare = n - rank
        if spare <= 0:
            return _Variances(1.0, 1.0, 1.0, assumed=True)
        rest = max(full / spare, 0.0)
        by_jurors = self._left_by_one(centred, self.by, self.of_jurors)
        by_entries = self._left_by_one(centred, self.at, self.of_entries)
        more_entries, more_jurors = rank - len(self.jurors), rank - len(self.entries)
        cross = self.counts**2
        entries = self._component(by_jurors - full, more_entries, rest, n - float((cross / self.of_jurors).sum()))
        jurors = self._component(
            by_entries - full, more_jurors, rest, n - float((cross / self.of_entries[:, None]).sum())
        )
        return _Variances(max(entries, _NO_SIGNAL * rest), jurors, rest, assumed=False)

    @staticmethod
    def _component(gained: float, freedom: int, rest: float, weight: float) -> float:
        return max((gained - freedom * rest) / weight, 0.0) if weight > 1e-9 else 0.0

    def _left_by_one(self, values: Floats, group: npt.NDArray[Any], sizes: Floats) -> float:
        sums = np.bincount(group, weights=values, minlength=len(sizes))
        return float((values**2).sum() - (sums**2 / sizes).sum())

    def _left_by_both(self, values: Floats) -> tuple[float, int]:
        """The sum of squares left by fixed entries and jurors, and how many of their effects can be told apart."""
        entry_sums = np.bincount(self.at, weights=values, minlength=len(self.entries))
        juror_sums = np.bincount(self.by, weights=values, minlength=len(self.jurors))
        absorbed = np.diag(self.of_jurors) - self.counts.T @ (self.counts / self.of_entries[:, None])
        right = juror_sums - self.counts.T @ (entry_sums / self.of_entries)
        jurors, _left, rank, _singular = np.linalg.lstsq(absorbed, right, rcond=1e-10)
        entries = (entry_sums - self.counts @ jurors) / self.of_entries
        rests = values - entries[self.at] - jurors[self.by]
        return float((rests**2).sum()), len(self.entries) + int(rank)

    def solved(self, variances: _Variances) -> _Effects:
        """The mixed-model equations, entries absorbed: what remains to be solved is as large as the jury."""
        scale = max(variances.rest, 1e-12)
        on_entries = max(scale / max(variances.entries, 1e-12), _LEAST_RATIO)
        on_jurors = max(scale / max(variances.jurors, 1e-12), _LEAST_RATIO)
        spread = self.of_entries + on_entries
        sides = np.column_stack([self.of_entries, self.counts])  # the mean, then the jurors
        sums = np.bincount(self.at, weights=self.totals, minlength=len(self.entries))
        top = np.concatenate(
            [[self.totals.sum()], np.bincount(self.by, weights=self.totals, minlength=len(self.jurors))]
        )
        matrix = np.zeros((len(self.jurors) + 1, len(self.jurors) + 1))
        matrix[0, 0] = len(self.totals)
        matrix[0, 1:] = matrix[1:, 0] = self.of_jurors
        matrix[1:, 1:] = np.diag(self.of_jurors + on_jurors)
        matrix -= sides.T @ (sides / spread[:, None])
        inverse = np.linalg.pinv(matrix, hermitian=True)
        solution = inverse @ (top - sides.T @ (sums / spread))
        entries = (sums - sides @ solution) / spread
        reach = sides / spread[:, None]
        entry_spread = 1 / spread + np.einsum("ij,jk,ik->i", reach, inverse, reach)
        return _Effects(
            mean=float(solution[0]),
            entries=entries,
            jurors=solution[1:],
            entry_errors=np.sqrt(np.maximum(entry_spread * variances.rest, 0.0)),
            juror_errors=np.sqrt(np.maximum(np.diag(inverse)[1:] * variances.rest, 0.0)),
        )


def _standings(table: _Table, effects: _Effects, number: dict[Any, int], *, comparable: bool) -> list[Standing]:
    raw = np.bincount(table.at, weights=table.totals, minlength=len(table.entries)) / table.of_entries
    values = effects.mean + effects.entries
    shown = np.round(values, 2)
    rows = []
    for index in sorted(range(len(table.entries)), key=lambda one: (-shown[one], str(table.entries[one]))):
        equal = int((np.abs(shown - shown[index]) < TIED).sum())
        rows.append(
            Standing(
                entry=table.entries[index],
                raw=round(float(raw[index]), 6),
                corrected=round(float(values[index]), 6),
                error=float(effects.entry_errors[index]),
                sheets=int(table.of_entries[index]),
                set=number[table.entries[index]],
                rank=1 + int((shown > shown[index] + TIED).sum()) if comparable else None,
                tied=comparable and equal > 1,
            )
        )
    return rows


def _severities(table: _Table, effects: _Effects) -> list[Severity]:
    rows = []
    for index, juror in enumerate(table.jurors):
        given = table.totals[table.by == index]
        rows.append(
            Severity(
                juror=juror,
                shift=round(float(effects.jurors[index]), 6),
                error=float(effects.juror_errors[index]),
                sheets=len(given),
                flat=len(given) >= FLAT_FROM and float(np.ptp(given)) < TIED,
                single=len(given) == 1,
            )
        )
    return sorted(rows, key=lambda one: (one.shift, str(one.juror)))


def _reliability(effects: _Effects, variances: _Variances) -> float | None:
    """Share of variance that is the entries': 1 − mean squared error / variance between entries."""
    if variances.assumed:
        return None
    if variances.rest <= 0:
        return 1.0
    noise = float((effects.entry_errors**2).mean())
    return max(0.0, min(1.0, 1 - noise / variances.entries))
