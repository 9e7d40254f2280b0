from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cyberweek.summaries.core.rates import PER, Place, compare, gamma_below, gamma_quantile


def test_the_gamma_function_agrees_with_what_is_known():
    for x in (0.1, 1.0, 3.7):
        assert gamma_below(x, 1.0) == pytest.approx(1 - math.exp(-x))  # the exponential
        assert gamma_below(x, 0.5) == pytest.approx(math.erf(math.sqrt(x)))  # a square of a normal
    # Garwood's table: the exact 95 % interval of a count of 10 is 4.795 to 18.391.
    assert gamma_quantile(0.025, 10) == pytest.approx(4.7954, abs=1e-4)
    assert gamma_quantile(0.975, 11) == pytest.approx(18.3904, abs=1e-4)


@given(st.floats(0.001, 0.999), st.floats(0.2, 1e5))
def test_a_quantile_has_its_share_below_it(share, shape):
    assert gamma_below(gamma_quantile(share, shape), shape) == pytest.approx(share, abs=1e-6)


def test_a_large_shape_meets_the_halving():
    near, far = gamma_quantile(0.025, 999_999), gamma_quantile(0.025, 1_000_001)
    assert far == pytest.approx(near + 2, rel=1e-6)


def test_a_small_place_is_drawn_to_the_mean_more_than_a_large_one():
    places = [Place(40, 10_000), Place(4_000, 1_000_000), Place(1_000, 1_000_000), Place(2_500, 1_000_000)]
    found = compare(places)
    assert found is not None
    small, large = found.rates[0], found.rates[1]
    assert small.raw == large.raw == 40
    assert abs(small.shrunk - found.mean) < abs(large.shrunk - found.mean)
    assert small.high - small.low > large.high - large.low
    assert (small.stands_out, large.stands_out) == (0, 1) or large.stands_out == 1


def test_counts_that_come_in_groups_have_wider_intervals():
    places = [Place(4_000, 1_000_000), Place(1_000, 1_000_000), Place(2_500, 1_000_000)]
    alone, grouped = compare(places), compare(places, dispersion=200)
    assert alone is not None
    assert grouped is not None
    assert grouped.rates[0].high - grouped.rates[0].low > alone.rates[0].high - alone.rates[0].low


@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(1, 10**7)), min_size=2, max_size=31), st.floats(1, 500))
def test_each_rate_lies_in_its_interval_and_between_what_was_counted_and_the_mean(rows, dispersion):
    found = compare([Place(count, people) for count, people in rows], dispersion=dispersion)
    if found is None:
        assert sum(count for count, _people in rows) == 0
        return
    for rate in found.rates:
        assert rate.low <= rate.shrunk * (1 + 1e-9)
        assert rate.shrunk <= rate.high * (1 + 1e-9)
        low, high = sorted((rate.raw, found.mean))
        assert low - 1e-6 * PER <= rate.shrunk <= high + 1e-6 * PER


def test_nothing_is_compared_where_there_is_nothing_to_compare():
    assert compare([Place(3, 10)]) is None
    assert compare([Place(0, 10), Place(0, 20)]) is None
