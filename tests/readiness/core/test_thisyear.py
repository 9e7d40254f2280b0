"""What an edition under way teaches of itself: laws, and what it wins on years that were made by other laws than ours."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cyberweek.readiness.core.backtest import learnt_from
from cyberweek.readiness.core.course import outlook
from cyberweek.readiness.core.forecast import foretell
from cyberweek.readiness.core.history import made_nation, made_year
from cyberweek.readiness.core.punctuality import Punctuality
from cyberweek.readiness.core.thisyear import SoFar, taught

KNOWN = Punctuality(units={1: (0.1, 0.2), 2: (0.0, 0.2)}, year_sd=0.1)


def so_far(took: float, *, n: int = 40, unit: int = 1, ended: bool = True) -> SoFar:
    return SoFar(np.full(n, unit), ["county/media"] * n, np.full(n, 10.0), np.full(n, took), np.full(n, ended))


def test_nothing_begun_teaches_nothing():
    assert taught(KNOWN, so_far(1, n=0)) == KNOWN


@pytest.mark.parametrize(("took", "sign"), [(20, 1), (5, -1)])
def test_late_ends_shift_the_year_and_their_unit_and_early_ones_the_other_way(took, sign):
    found = taught(KNOWN, so_far(took))
    assert sign * found.mean > 0.02
    assert sign * (found.units[1][0] - 0.1) > 0.05
    assert found.units[2] == KNOWN.units[2]  # of which nothing is seen
    assert found.units[1][1] < 0.2
    assert found.year_sd < 0.1


def test_an_open_task_past_its_date_says_late_and_one_that_has_just_begun_says_nothing():
    assert taught(KNOWN, so_far(25, ended=False)).mean > 0.02
    assert taught(KNOWN, so_far(0.5, ended=False)).mean == pytest.approx(0, abs=1e-3)


def test_finished_ones_alone_do_not_flatter():
    """Of tasks that take just as long as believed, on a day when half have ended: the open ones hold the balance."""
    draw = np.random.default_rng(5)
    n, now = 4000, 10.0
    takes = 10 * np.exp(0.35 * 0.5513 * draw.logistic(0, 1, n))
    ended = takes <= now
    known = Punctuality(units=dict.fromkeys(range(80), (0.0, 0.15)))
    cells = ["county/media"] * n
    whole = SoFar(np.arange(n) % 80, cells, np.full(n, 10.0), np.minimum(takes, now), ended)
    assert abs(taught(known, whole).mean) < 0.03
    only = SoFar(whole.unit[ended], cells[: ended.sum()], whole.planned[ended], whole.passed[ended], whole.ended[ended])
    assert taught(known, only).mean < -0.05


def test_a_year_not_seen_is_told_better_with_its_own_tasks():
    nation = made_nation(80, seed=7)
    years = [made_year(nation, year) for year in range(5)]
    scores = []
    for held in years:
        known = learnt_from([year for year in years if year is not held])
        stood, came, _ = held.on(-20)
        for one in (known, taught(known, held.so_far(-20))):
            said = foretell(stood, outlook(stood, one), opening=20, seed=1, runs=100).chance_of_task
            scores.append(float(((said - came)[stood.counts] ** 2).mean()))
    assert sum(scores[1::2]) < 0.98 * sum(scores[::2])


def test_what_is_believed_of_cells_and_rest_stays():
    found = taught(replace(KNOWN, cells={"county/media": 0.3}), so_far(20))
    assert (found.cells, found.rest_sd, found.words) == ({"county/media": 0.3}, KNOWN.rest_sd, KNOWN.words)
