from __future__ import annotations

import numpy as np

from cyberweek.nation.core.course import YEARS, course, habits
from cyberweek.nation.core.offices import Place, offices
from cyberweek.nation.core.plan import arrangements
from cyberweek.nation.core.season import KINDS, reported, season


def test_the_plan_has_sixty_five_arrangements_and_each_waits_for_earlier_ones() -> None:
    plan = arrangements()
    assert len(plan) == 65
    assert len({one.code for one in plan}) == 65
    for at, one in enumerate(plan):
        assert one.begins <= one.due
        assert all(before < at and plan[before].due <= one.due for before in one.after)


def test_the_same_seed_gives_the_same_course_and_another_another() -> None:
    plan, habit = arrangements(), habits(20, seed=3)
    assert np.array_equal(course(plan, habit, seed=3, year=0).ends, course(plan, habit, seed=3, year=0).ends)
    assert not np.array_equal(course(plan, habit, seed=3, year=0).ends, course(plan, habit, seed=4, year=0).ends)


def test_nothing_ends_before_it_begins_or_before_what_it_waits_for() -> None:
    plan = arrangements()
    went = course(plan, habits(50, seed=1), seed=1, year=YEARS)
    assert (went.ends > went.begins).all()
    for at, one in enumerate(plan):
        assert all((went.ends[at] > went.ends[before]).all() for before in one.after)


def test_most_tasks_are_in_time_and_some_are_late() -> None:
    plan = arrangements()
    went = course(plan, habits(300, seed=1), seed=1, year=YEARS)
    due = np.array([one.due + 1 for one in plan])[:, None]
    assert 0.08 < (went.ends > due).mean() < 0.4


def test_shares_grow_and_end_at_one() -> None:
    went = course(arrangements(), habits(50, seed=1), seed=1, year=0)
    earlier, later = went.share_on(-30), went.share_on(-20)
    assert (later >= earlier).all()
    assert (went.share_on(1000) == 1).all()


PLACES = [
    Place("CN", "nation", "", "中国", "China"),
    Place("350000", "province", "CN", "福建省", "Fujian"),
    Place("350100", "city", "350000", "福州市", "Fuzhou"),
    Place("350102", "county", "350100", "鼓楼区", ""),
    Place("350103", "county", "350100", "台江区", ""),
]


def test_every_unit_comes_after_the_one_above_it() -> None:
    units = offices(PLACES, count=100, seed=1)
    seen = {""}
    for one in units:
        assert one.above in seen
        seen.add(one.code)
    assert len(seen) == len(units) + 1
    assert [one.region for one in offices(PLACES, count=4, seed=1)] == ["CN", "350000", "350100", "350102"]


def test_a_season_is_skewed_and_has_what_was_planted() -> None:
    made = season(["nation", "county"], np.array([1.0, 30.0]), count=4000, today=-12, seed=1)
    assert set(made.kind.tolist()) == set(range(len(KINDS)))
    assert 0.6 < (made.day < -12).mean() < 0.8
    said = reported(made.places, seed=1)
    attendance = said.values["attendance"]
    assert np.mean(attendance) > 1.5 * np.median(attendance)
    assert 0.004 < said.odd.mean() < 0.02
    people = said.values["people-reached"]
    assert (people[said.mixed] == attendance[said.mixed]).all()
    assert (people <= attendance).all()
