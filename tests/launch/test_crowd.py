"""The simulated crowd knows the bank, lives everywhere, and answers by ability."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cyberweek.launch.crowd import WEIGHTS, Person, answer_keys, chosen, counties, simulate, someone


def test_every_province_with_residents_has_counties_to_live_in():
    assert set(WEIGHTS) <= set(counties())


def test_the_crowd_knows_the_key_of_every_packaged_item():
    keys = answer_keys()
    assert len(keys) >= 200
    assert all(keys.values())


def test_participants_have_what_the_arena_asks_for():
    person = someone(random.Random(1), counties())
    assert 1 <= len(person.nickname) <= 20
    assert person.region.isdigit()


@given(seed=st.integers(), ability=st.floats(-4, 4), kind=st.sampled_from(["single", "multiple", "true-false"]))
def test_whatever_is_ticked_stands_on_the_paper(seed, ability, kind):
    item = {"kind": kind, "options": [{"id": one} for one in ("ab" if kind == "true-false" else "abcd")]}
    key = ["a", "b"] if kind == "multiple" else ["a"]
    person = Person("名", "110000", "18-25", "other", ability, 1.0)
    ticked = chosen(random.Random(seed), person, item, key, 0.0)
    assert ticked
    assert set(ticked) <= {option["id"] for option in item["options"]}
    if kind != "multiple":
        assert len(ticked) == 1


def test_the_able_are_right_more_often():
    dice, item = random.Random(7), {"kind": "single", "options": [{"id": one} for one in "abcd"]}

    def share(ability):
        person = Person("名", "110000", "18-25", "other", ability, 1.0)
        return sum(chosen(dice, person, item, ["a"], 0.0) == ["a"] for _ in range(2000)) / 2000

    assert share(-1) < share(0) < share(1)
    assert share(0) == pytest.approx(0.5, abs=0.05)  # Rasch: ability equal to difficulty


@pytest.mark.parametrize("arguments", [["many"], ["0"], ["4", "-1"], ["1", "2", "3"]])
def test_arguments_that_mean_nothing_are_refused_with_the_usage(arguments, capsys):
    assert simulate(arguments) == 2
    assert "ARRIVALS_PER_SECOND" in capsys.readouterr().err
