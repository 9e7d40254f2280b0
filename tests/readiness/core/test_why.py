import pytest

from cyberweek.readiness.core.course import outlook
from cyberweek.readiness.core.forecast import foretell
from cyberweek.readiness.core.punctuality import Punctuality
from cyberweek.readiness.core.why import Asking

from .cases import tasks_of

KNOWN = Punctuality()
SAFE = {"begins": -20, "due": 2, "share": 0.9}
BAD = {"begins": -20, "due": -4, "share": 0.2, "blocked": True}


def asked(*rows, edges=(), opening=10, seed=1, **how):
    tasks = tasks_of(*rows, edges=edges)
    seen = outlook(tasks, KNOWN)
    found = foretell(tasks, seen, opening=opening, seed=seed)
    why = Asking(tasks, seen, opening=opening, seed=seed, **how).why(1)
    return found, why


def test_the_chance_is_that_of_the_forecast():
    found, why = asked(SAFE, BAD, {}, {"unit": 2}, edges=[(2, 3)])
    assert why.chance == pytest.approx(found.chance_of_unit[0])


def test_the_task_that_holds_it_up_is_named_and_settling_it_turns_it():
    _, why = asked(SAFE, BAD)
    assert why.chance < 0.5
    assert why.causes[0].task == 101
    assert why.turn == (101,)
    assert why.turns
    assert why.turned == pytest.approx(why.causes[0].chance)
    assert why.causes[0].gain == pytest.approx(why.causes[0].chance - why.chance)


def test_two_are_named_where_one_is_not_enough():
    _, why = asked(SAFE, BAD, BAD)
    assert set(why.turn) == {101, 102}
    assert why.turns


def test_what_another_unit_owes_is_named_as_the_cause():
    """Unit 1's task waits for one of unit 2 that is far behind."""
    found, why = asked(SAFE, {"begins": 5, "due": 6}, {**BAD, "unit": 2}, edges=[(1, 2)])
    assert why.turn == (102,)
    assert why.causes[0].task == 102
    assert why.turned > found.chance_of_unit[0] + 0.3


def test_what_is_sure_needs_no_turning():
    _, why = asked(SAFE)
    assert why.chance >= 0.85
    assert why.turn == ()


def test_where_nothing_turns_it_all_that_helps_is_told_and_that_it_is_not_enough():
    rows = [{"begins": 8, "due": 9} for _ in range(18)]
    _, why = asked(*rows)
    assert not why.turns
    assert 0 < len(why.turn) <= 12
    assert why.turned > why.chance


def test_no_smaller_set_turns_it():
    rows = [SAFE, {"begins": 0, "due": 8}, BAD, BAD, {"begins": 2, "due": 7}]
    tasks = tasks_of(*rows)
    seen = outlook(tasks, KNOWN)
    asking = Asking(tasks, seen, opening=10, seed=1)
    why = asking.why(1)
    assert why.turns
    for left_out in why.turn:
        settled = [row for i, row in enumerate(rows) if 100 + i not in why.turn or 100 + i == left_out]
        fewer = tasks_of(*settled)
        # Keys differ in the smaller set, so its numbers do: allow for the noise of 300 runs.
        assert foretell(fewer, outlook(fewer, KNOWN), opening=10, seed=1).chance_of_unit[0] < 0.9


def test_a_correction_holds_for_every_answer():
    _, plain = asked(SAFE, BAD)
    _, half = asked(SAFE, BAD, corrected=lambda chance: chance / 2)
    assert half.chance == pytest.approx(plain.chance / 2)
    assert half.causes[0].chance == pytest.approx(plain.causes[0].chance / 2)


def test_a_unit_with_nothing_open_is_sure():
    _, why = asked({"counts": False}, {"unit": 2})
    assert (why.chance, why.causes) == (1.0, ())
