from __future__ import annotations

import pytest

from cyberweek.insight.core.curve import BOTTOM, LEFT, RIGHT, by_minute, by_slot, chart_of

TEN = 10 * 60


def test_five_minutes_are_one_mean_and_the_open_slot_is_divided_by_what_is_gone_of_it():
    assert by_slot([(0, 10), (4, 15), (5, 4), (6, 8)], until=7) == [(2, 5.0), (7, 6.0)]


def test_what_lies_ahead_is_not_drawn():
    assert by_slot([(3, 5), (9, 90)], until=5) == [(2, 1.0)]


@pytest.mark.parametrize(("first", "shown"), [(TEN - 1, 15), (TEN - 40, 40), (TEN - 90, 60)])
def test_single_minutes_reach_back_to_the_first_paper_within_an_hour(first, shown):
    points = by_minute([(first, 7), (TEN - 1, 8)], until=TEN)
    assert (len(points), points[0][0], points[-1][0]) == (shown, TEN - shown, TEN - 1)


def test_a_day_that_has_just_begun_to_play_is_shown_by_the_minute():
    chart = chart_of([(TEN - 20, 5), (TEN - 1, 8)], [], until=TEN)
    assert (chart.young, chart.first, chart.last, chart.rate) == (True, TEN - 20, TEN, 8.0)
    assert chart.times[0] == ("09:40", LEFT)


def test_beside_an_earlier_day_the_whole_day_is_shown_on_one_scale():
    chart = chart_of([(TEN - 1, 5)], [[(2, 40.0)]], until=TEN)
    assert (chart.young, chart.top, [time for time, _x in chart.times][-1]) == (False, 60, "24:00")
    assert chart.times[-1][1] == RIGHT


def test_midnight_without_a_paper_is_a_chart_too():
    chart = chart_of([], [], until=0)
    assert (chart.today.points, chart.top, chart.now) == ("", 3, (LEFT, BOTTOM))
