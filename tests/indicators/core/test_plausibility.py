"""What is asked about, and what is left in peace."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cyberweek.indicators.core.plausibility import (
    Bounds,
    capacity_class,
    mixed_up,
    modified_z,
    more_people_than_times,
    oddities,
)

PEERS = [120, 150, 180, 200, 210, 240, 260, 300, 310]


def asked(value: float, **more) -> list[str]:
    given_ = {"peers": PEERS, "bounds": Bounds(), "capacity": None, "population": None, "counts_people": False}
    return [one.doubt for one in oddities(value, **{**given_, **more})]


@pytest.mark.parametrize("value", [90, 200, 500])
def test_a_figure_among_its_like_is_not_asked_about(value):
    assert asked(value) == []


@pytest.mark.parametrize("value", [2, 20_000])
def test_ten_times_too_many_and_ten_times_too_few_are_asked_about(value):
    assert asked(value) == ["outlier"]


def test_with_few_peers_nothing_is_an_outlier():
    assert asked(20_000, peers=PEERS[:7]) == []


def test_peers_that_all_agree_make_nobody_suspicious_who_is_near():
    assert asked(300, peers=[200] * 30) == []
    assert asked(3000, peers=[200] * 30) == ["outlier"]


def test_up_to_half_of_the_peers_may_be_wrong():
    assert asked(20_000, peers=[*PEERS, *[20_000] * 6]) == ["outlier"]


def test_fifty_times_what_the_place_holds_is_grave():
    (one,) = oddities(
        5001, peers=[], bounds=Bounds(most_capacity=50), capacity=100, population=None, counts_people=False
    )
    assert (one.doubt, one.grave) == ("capacity", True)


def test_more_people_than_live_there_is_grave_and_person_times_are_not_people():
    assert asked(11_000, peers=[], population=10_000, counts_people=True) == ["population"]
    assert asked(11_000, peers=[], population=10_000) == []


def test_the_bounds_of_the_dictionary_are_asked_about():
    assert asked(5, peers=[], bounds=Bounds(least=10)) == ["bounds"]
    assert asked(50, peers=[], bounds=Bounds(most=10)) == ["bounds"]


@given(st.lists(st.integers(0, 10**6), min_size=8, max_size=40), st.integers(0, 10**6))
def test_how_far_does_not_depend_on_the_order_of_peers(peers, value):
    assert modified_z(value, peers) == modified_z(value, sorted(peers, reverse=True))


@given(st.lists(st.integers(0, 10**6), min_size=8, max_size=40))
def test_the_middle_of_the_peers_is_never_asked_about(peers):
    assert abs(modified_z(sorted(peers)[len(peers) // 2], peers) or 0) <= 3.5 or len(set(peers)) > 1


@given(st.one_of(st.none(), st.integers(0, 10**6)))
def test_every_capacity_is_in_one_class(capacity):
    least, most = capacity_class(capacity)
    assert (least is None) if capacity is None else (least <= capacity <= most)


def test_the_same_number_in_both_is_a_mix_up_from_ten_on():
    assert mixed_up({"a": ("people", 500), "b": ("person-times", 500)}) == {"a"}
    assert mixed_up({"a": ("people", 6), "b": ("person-times", 6)}) == set()


def test_more_people_than_person_times_is_impossible():
    assert more_people_than_times({"a": ("people", 501), "b": ("person-times", 500)}) == {"a"}
    assert more_people_than_times({"a": ("people", 500), "b": ("person-times", 500)}) == set()
    assert more_people_than_times({"a": ("people", 500)}) == set()
