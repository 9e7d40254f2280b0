from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cyberweek.knowledge.core.statistics import of_papers

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
