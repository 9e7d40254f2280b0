from __future__ import annotations

from cyberweek.honours.core.awarding import out_of_order, propose, too_many

ORDER = ["first", "second", "third"]


def test_places_are_filled_by_rank():
    found = propose([(1, 1), (2, 2), (3, 3), (4, 4)], [("first", 1), ("second", 2)])
    assert found.levels == {1: "first", 2: "second", 3: "second"}
    assert found.split == {}


def test_a_tie_that_does_not_fit_is_left_to_people():
    found = propose([(1, 1), (2, 2), (3, 2), (4, 4)], [("first", 1), ("second", 1), ("third", 1)])
    assert found.levels == {1: "first", 4: "third"}
    assert found.split == {"second": [2, 3]}


def test_a_lower_score_with_a_higher_award_is_out_of_order():
    ranks = {1: 1, 2: 2, 3: 2}
    assert out_of_order({1: "first", 2: "second"}, ranks, ORDER) == []
    assert out_of_order({1: "second", 2: "first"}, ranks, ORDER) == [(1, 2)]
    assert out_of_order({2: "first"}, ranks, ORDER) == [(1, 2)]


def test_an_award_without_a_rank_always_wants_a_reason():
    assert out_of_order({1: "first"}, {1: None}, ORDER) == [(1, 1)]


def test_more_awards_than_places_are_named():
    assert too_many({1: "first", 2: "first", 3: "second"}, {"first": 1, "second": 1}) == ["first"]
