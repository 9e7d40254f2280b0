import json

import numpy as np
import pytest

from cyberweek.readiness.core.backtest import learnt_from
from cyberweek.readiness.core.calibration import (
    Curve,
    brier,
    correction,
    isotonic,
    keeps_up,
    log_score,
    reliability,
    scored,
)
from cyberweek.readiness.core.course import outlook
from cyberweek.readiness.core.forecast import foretell
from cyberweek.readiness.core.history import made_nation, made_year


@pytest.fixture(scope="module")
def nation():
    return made_nation(160, seed=11)


@pytest.fixture(scope="module")
def years(nation):
    return [made_year(nation, year) for year in range(4)]


def told(years, held, day):
    """What was said `day` days before the opening of a year that the forecast had not seen, and what came."""
    known = learnt_from([year for year in years if year.year != held])
    tasks, came, _ = years[held].on(day)
    found = foretell(tasks, outlook(tasks, known), opening=-day, seed=5)
    units_came = np.array([came[tasks.counts & (tasks.unit == unit)].all() for unit in found.units])
    naive = keeps_up(tasks.share, tasks.begins, tasks.due)
    some = tasks.counts
    return found.chance_of_task[some], came[some], naive[some], found.chance_of_unit, units_came


def test_scores_of_the_textbook():
    came = np.array([True, False])
    assert brier(np.array([0.5, 0.5]), came) == 0.25
    assert brier(np.array([1.0, 0.0]), came) == 0
    assert log_score(np.array([0.5, 0.5]), came) == pytest.approx(np.log(2))
    assert log_score(np.array([0.0, 1.0]), came) < 10  # certainly wrong is bad and not infinite


def test_bins_hold_every_case_once():
    chance = np.array([0.0, 0.05, 0.5, 1.0])
    bins = reliability(chance, np.array([False, False, True, True]))
    assert [(one.low, one.n) for one in bins] == [(0.0, 2), (0.5, 1), (0.9, 1)]


@pytest.mark.parametrize("day", [-20, -10, -4])
@pytest.mark.parametrize("held", [1, 3])
def test_years_not_seen_are_told_far_better_than_by_the_base_rate_or_the_naive_rule(years, held, day):
    chance, came, naive, _, _ = told(years, held, day)
    score = scored(chance, came, base=float(came.mean()), naive=naive)  # the base rate is even told the truth
    assert score.brier < 0.65 * score.base_brier
    assert score.brier < 0.75 * score.naive_brier
    assert score.log < 0.65 * score.base_log


@pytest.mark.parametrize("held", [1, 3])
def test_units_are_told_better_than_by_their_base_rate(years, held):
    _, _, _, chance, came = told(years, held, -10)
    assert brier(chance, came) < 0.6 * brier(np.full(len(came), came.mean()), came)


def test_what_is_said_comes_about_as_often(years):
    """With the correction, each year by a curve from the others: people end on their due date more often than the model
    believes, so the plain forecast says too little in the middle, and the curve wins."""
    cases = [told(years, held, -10)[:2] for held in range(4)]
    curve, plain, mended = correction(cases)
    assert curve != Curve()
    assert mended < plain
    said = [isotonic(*map(np.concatenate, zip(*(cases[:at] + cases[at + 1 :]), strict=True))) for at in range(4)]
    chance = np.concatenate([one.all(case[0]) for one, case in zip(said, cases, strict=True)])
    for one in reliability(chance, np.concatenate([came for _, came in cases])):
        if one.n > 100:
            assert abs(one.said - one.came) < 0.1, one


def test_a_curve_is_laid_over_where_it_wins_on_years_not_seen():
    draw = np.random.default_rng(1)
    true = draw.random((3, 3000))
    bent = [(one**3, draw.random(3000) < one) for one in true]
    curve, plain, mended = correction(bent)
    assert mended < plain * 0.95
    assert curve(0.125) == pytest.approx(0.5, abs=0.06)
    assert (np.diff(curve.true) >= 0).all()


def test_a_curve_is_left_away_where_there_is_nothing_to_mend():
    draw = np.random.default_rng(1)
    straight = [(one, draw.random(3000) < one) for one in draw.random((3, 3000))]
    assert correction(straight)[0] == Curve()
    assert correction(straight[:1])[0] == Curve()
    assert Curve()(0.3) == 0.3


def test_a_curve_can_be_kept_as_json():
    curve = isotonic(np.linspace(0, 1, 500), np.linspace(0, 1, 500) > 0.4)
    assert Curve.from_plain(json.loads(json.dumps(curve.plain()))) == curve
    assert curve.all(np.array([0.1, 0.9])).tolist() == [curve(0.1), curve(0.9)]
