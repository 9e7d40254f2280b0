import json

import numpy as np

from cyberweek.readiness.core.backtest import learnt_from
from cyberweek.readiness.core.history import made_nation, made_year
from cyberweek.readiness.core.punctuality import Past, Punctuality, learnt, scale_of, shrunk


def test_nothing_known_gives_what_is_believed_beforehand():
    nothing = np.zeros(0)
    assert learnt(Past(nothing.astype(int), [], nothing.astype(int), nothing, nothing)) == Punctuality()


def test_a_unit_seen_once_leans_on_its_like_and_one_seen_often_stands_for_itself():
    draw = np.random.default_rng(1)
    groups = np.concatenate([np.repeat(np.arange(40), 50), [90]])
    truth = draw.normal(0, 0.5, 40)
    values = np.concatenate([truth[groups[:-1]] + draw.normal(0, 0.3, 2000), [3.0]])
    found = shrunk(values, groups)
    assert abs(found.means[90]) < 2.6  # not the 3 of its single task
    assert found.variances[90] > 5 * found.variances[0]
    assert np.abs(np.array([found.means[i] for i in range(40)]) + found.mean - truth).max() < 0.2


def test_groups_that_do_not_differ_are_drawn_to_the_middle():
    draw = np.random.default_rng(2)
    found = shrunk(draw.normal(0, 1, 300), np.repeat(np.arange(100), 3))
    assert max(abs(one) for one in found.means.values()) < 0.5


def test_the_scale_is_the_likeliest_one():
    draw = np.random.default_rng(3)
    assert abs(scale_of(draw.logistic(0, 0.2, 20_000)) - 0.2) < 0.005


def test_slow_units_are_known_to_be_slow_though_the_past_has_heavier_tails():
    nation = made_nation(200, seed=4)
    known = learnt_from([made_year(nation, year) for year in range(4)])
    told = [known.cells[nation.cells[unit]] + known.units[unit][0] for unit in range(200)]
    assert np.corrcoef(told, nation.lateness)[0, 1] > 0.85


def test_hopeful_words_are_known_to_be_hopeful():
    nation = made_nation(200, seed=4)
    words = learnt_from([made_year(nation, year) for year in range(3)]).words
    assert words[0].bias < words[2].bias < 0
    assert words[0].sd > words[3].sd  # late words are worth more


def test_what_was_learnt_can_be_kept_as_json():
    nation = made_nation(30, seed=4)
    known = learnt_from([made_year(nation, year) for year in range(2)])
    assert Punctuality.from_plain(json.loads(json.dumps(known.plain()))) == known


def test_waits_are_learnt_where_there_are_enough():
    past = Past(np.zeros(9, dtype=int), ["a"] * 9, np.zeros(9, dtype=int), np.full(9, 5.0), np.full(9, 5.0))
    assert learnt(past, waits=np.full(50, 2.0)).wait_days == 2
    assert learnt(past, waits=np.full(5, 2.0)).wait_days == Punctuality().wait_days
