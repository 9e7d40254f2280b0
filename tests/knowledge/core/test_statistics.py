from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cyberweek.knowledge.core.statistics import FEWEST_FLAGGED, Flag, Statistics, flags_of, of_papers, options_of

PAPERS = st.lists(st.tuples(st.integers(0, 31), st.integers(0, 31)), min_size=30, max_size=80)


def test_facility_and_what_was_left_open_are_counted():
    tallies = of_papers([(["a", "b"], 0b01, 0b01), (["b", "a"], 0b11, 0b10)])
    assert (tallies["a"].shown, tallies["a"].answered, tallies["a"].right) == (2, 2, 2)
    assert (tallies["b"].shown, tallies["b"].answered, tallies["b"].right) == (2, 1, 0)


def test_an_item_that_only_the_best_get_right_discriminates_fully():
    papers = [(["a", "b", "c"], 7, 7 if n % 2 else 0) for n in range(40)]
    assert of_papers(papers)["a"].discrimination == 1.0


def test_few_papers_and_items_that_do_not_vary_have_no_discrimination():
    assert of_papers([(["a", "b"], 3, 1)] * 29)["a"].discrimination is None
    assert of_papers([(["a", "b"], 3, 1)] * 40)["a"].discrimination is None


@given(PAPERS)
def test_discrimination_is_the_correlation_with_the_rest_of_the_paper(rows):
    items = ["a", "b", "c", "d", "e"]
    found = of_papers((items, answered | right, right) for answered, right in rows)["a"].discrimination
    own = [right & 1 for _answered, right in rows]
    rest = [(right >> 1).bit_count() / 4 for _answered, right in rows]
    mean_own, mean_rest = sum(own) / len(own), sum(rest) / len(rest)
    spread = math.sqrt(sum((x - mean_own) ** 2 for x in own) * sum((y - mean_rest) ** 2 for y in rest))
    if spread < 1e-9:
        assert found is None or abs(found) < 1.01
    else:
        covariance = sum((x - mean_own) * (y - mean_rest) for x, y in zip(own, rest, strict=True))
        assert found == pytest.approx(covariance / spread, abs=1e-3)


def item_of(*groups: tuple[int, str, int]):
    """Papers of one item and four more, as (how many, mark, how many of the four others are right); the key is a."""
    statistics = Statistics()
    for n, mark, others in groups:
        right = (mark == "a") | ((1 << others) - 1) << 1
        for _ in range(n):
            statistics.add(["x", "o1", "o2", "o3", "o4"], 31, right, [mark, *"aaaa"])
    return statistics.tallies["x"]


def flags(*groups, key=frozenset({0}), one_answer=True):
    tally = item_of(*groups)
    return flags_of(tally, options=options_of(tally, 4), key=set(key), one_answer=one_answer)


def test_how_options_were_chosen_is_told_with_how_their_choosers_did_on_the_rest():
    tally = item_of((60, "a", 4), (30, "b", 2), (10, "cd", 0), (5, "", 1))
    assert [(one.n, one.rest) for one in options_of(tally, 4)] == [(60, 1.0), (30, 0.5), (10, 0.0), (10, 0.0)]


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ([(60, "a", 4), (40, "b", 1)], []),
        ([(95, "a", 3), (5, "b", 1)], [Flag.EASY]),
        ([(94, "a", 3), (6, "b", 1)], []),
        ([(25, "a", 4), (25, "b", 1), (25, "c", 1), (25, "d", 1)], [Flag.GUESSED]),
        ([(26, "a", 4), (25, "b", 1), (25, "c", 1), (25, "d", 1)], []),
        ([(30, "a", 4), (30, "a", 1), (20, "b", 4), (20, "b", 1)], [Flag.FLAT]),
        ([(30, "a", 1), (70, "b", 4)], [Flag.KEY]),
        ([(50, "a", 3), (15, "b", 4), (35, "c", 0)], [Flag.KEY]),
        ([(60, "a", 3), (9, "b", 4), (31, "c", 0)], []),
        ([(20, "a", 1), (80, "b", 4)], [Flag.KEY, Flag.GUESSED]),
    ],
    ids=["good", "easy", "not quite easy", "guessed", "above chance", "flat", "negative", "outdone", "seldom", "both"],
)
def test_what_is_flagged(groups, expected):
    assert flags(*groups) == expected


def test_few_papers_are_not_flagged():
    groups = [(30, "a", 1), (69, "b", 4)]
    assert sum(n for n, _mark, _others in groups) == FEWEST_FLAGGED - 1
    assert flags(*groups) == []


def test_an_item_with_several_answers_is_not_held_to_guessing():
    assert Flag.GUESSED not in flags((20, "a", 4), (80, "b", 1), one_answer=False)
