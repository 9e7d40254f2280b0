from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cyberweek.planning.core.network import Circle, circle_with, critical_path, followers, in_order, timings

DIAGRAM = {"plan": [], "venue": ["plan"], "guests": ["plan"], "opening": ["venue", "guests"]}
DAYS = {"plan": 3, "venue": 10, "guests": 4, "opening": 1}


@st.composite
def networks(draw):
    """Any network without a circle: a task comes only after those of a smaller number."""
    n = draw(st.integers(1, 25))
    return {i: sorted(draw(st.sets(st.integers(0, i - 1), max_size=4))) if i else [] for i in range(n)}


def test_every_task_stands_behind_those_it_comes_after():
    assert in_order(DIAGRAM) == ["plan", "venue", "guests", "opening"]


def test_tasks_that_are_only_named_as_coming_before_belong_to_the_order():
    assert in_order({2: [1]}) == [1, 2]


def test_a_circle_is_named_and_nothing_else():
    with pytest.raises(Circle) as caught:
        in_order({"a": ["b"], "b": ["c"], "c": ["a"], "beside": [], "behind": ["a"]})
    assert sorted(caught.value.tasks) == ["a", "b", "c"]
    assert str(caught.value).count("→") == 3


def test_each_task_of_a_circle_comes_after_the_next():
    after = {1: [2], 2: [3, 9], 3: [1], 9: []}
    with pytest.raises(Circle) as caught:
        in_order(after)
    circle = caught.value.tasks
    assert all(later in after[one] for one, later in zip(circle, [*circle[1:], circle[0]], strict=True))


def test_a_task_after_itself_is_a_circle_of_one():
    with pytest.raises(Circle) as caught:
        in_order({1: [1]})
    assert caught.value.tasks == [1]


def test_a_dependency_that_would_close_a_circle_is_found_before_it_is_added():
    assert circle_with(DIAGRAM, "plan", ["opening"]) == ["plan", "opening", "venue"]
    assert circle_with(DIAGRAM, "opening", ["plan"]) == []
    assert circle_with({}, 1, [1]) == [1]


def test_the_critical_path_is_the_longest_chain():
    found = timings(DIAGRAM, DAYS)
    assert critical_path(DIAGRAM, found) == ["plan", "venue", "opening"]
    assert found["guests"].slack == 6
    assert found["opening"].earliest_finish == 14
    assert [task for task, one in found.items() if one.is_critical] == ["plan", "venue", "opening"]


def test_a_task_does_not_start_before_it_begins():
    found = timings(DIAGRAM, DAYS, begins={"guests": 20})
    assert found["guests"].earliest_start == 20
    assert critical_path(DIAGRAM, found) == ["guests", "opening"]


def test_an_end_that_cannot_be_kept_gives_slack_below_zero():
    assert timings(DIAGRAM, DAYS, end=10)["plan"].slack == -4


def test_a_date_of_its_own_binds_a_task_and_all_before_it():
    found = timings(DIAGRAM, DAYS, due={"guests": 5}, end=30)
    assert found["guests"].slack == -2
    assert found["plan"].slack == -2
    assert found["venue"].slack == 16


def test_nothing_has_no_path():
    assert critical_path({}, timings({}, {})) == []


@given(networks())
def test_an_order_holds_every_task_once_and_respects_every_dependency(after):
    place = {task: at for at, task in enumerate(in_order(after))}
    assert sorted(place) == sorted(after)
    assert all(place[one] < place[task] for task, before in after.items() for one in before)


@given(networks(), st.data())
def test_the_end_is_the_longest_chain_and_the_path_is_such_a_chain(after, data):
    days = {task: data.draw(st.integers(1, 9)) for task in after}
    found = timings(after, days)
    path = critical_path(after, found)
    assert sum(days[task] for task in path) == max(one.earliest_finish for one in found.values())
    assert all(one in after[task] for one, task in pairwise(path))
    assert min(one.slack for one in found.values()) == 0


@given(networks(), st.data())
def test_a_circle_is_foreseen_exactly_when_adding_closes_one(after, data):
    task, before = data.draw(st.sampled_from(sorted(after))), data.draw(st.sampled_from(sorted(after)))
    joined = {**after, task: [*after[task], before]}
    try:
        in_order(joined)
    except Circle:
        assert circle_with(after, task, [before])
    else:
        assert circle_with(after, task, [before]) == []


@given(networks())
def test_followers_turn_every_dependency_round(after):
    turned = followers(after)
    assert {(task, one) for task, before in after.items() for one in before} == {
        (later, task) for task, all_later in turned.items() for later in all_later
    }
