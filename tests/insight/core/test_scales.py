from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cyberweek.insight.core.scales import axis_top, heat_bounds, heat_step


@pytest.mark.parametrize(("most", "top"), [(0, 3), (3, 3), (4, 6), (6218, 12000), (12001, 30000)])
def test_the_top_of_an_axis_divides_by_three_into_round_numbers(most, top):
    assert axis_top(most) == top


@given(st.integers(0, 10**9))
def test_an_axis_holds_its_largest_value_and_little_more(most):
    assert most <= axis_top(most) < max(4, 2.6 * most)


def test_the_steps_of_a_map_are_round_and_begin_no_lower_than_a_shown_group():
    assert heat_bounds([139_000, None, 4_000]) == [20_000, 50_000, 100_000, 150_000]
    assert heat_bounds([]) == heat_bounds([12]) == [10, 25, 50, 75]


def test_nobody_and_withheld_have_no_colour():
    assert [heat_step(count, [10, 25, 50, 75]) for count in (None, 0, 1, 10, 25, 50, 75, 900)] == [
        0,
        0,
        1,
        2,
        3,
        4,
        5,
        5,
    ]
