"""Wrong codes are counted in bounded memory, and a school behind one address still comes in."""

import pytest

from cyberweek.arena import guesses
from cyberweek.arena.guesses import BLOCK, PASSPORT, WINDOW_MS, Guesses
from cyberweek.arena.problems import Problem

SCHOOL, HOME = b"school", b"home"


def is_refused(counted, participant, block, now=0):
    try:
        counted.check(participant, block, now)
    except Problem as problem:
        return problem.kind == "many-guesses"
    return False


def test_a_passport_waits_wherever_it_comes_from():
    counted = Guesses()
    for _ in range(PASSPORT):
        assert not is_refused(counted, "ana", HOME)
        counted.note("ana", HOME, 0)
    assert is_refused(counted, "ana", HOME)
    assert is_refused(counted, "ana", SCHOOL)
    assert not is_refused(counted, "bo", HOME)
    assert not is_refused(counted, "ana", HOME, WINDOW_MS)


def test_of_a_block_that_guessed_much_only_first_tries_are_looked_at():
    counted = Guesses()
    for number in range(BLOCK):
        counted.note(f"pupil {number}", SCHOOL, number)
    assert is_refused(counted, "pupil 3", SCHOOL, BLOCK)
    assert not is_refused(counted, "pupil 3", HOME, BLOCK)
    assert not is_refused(counted, "a newcomer", SCHOOL, BLOCK)
    assert not is_refused(counted, "pupil 3", SCHOOL, WINDOW_MS + BLOCK)


def test_the_window_counts_from_the_first_wrong_one():
    counted = Guesses()
    for minute in range(PASSPORT):
        counted.note("ana", HOME, minute * 60_000)
    with pytest.raises(Problem) as refused:
        counted.check("ana", HOME, 9 * 60_000)
    assert refused.value.headers() == (("retry-after", "60"),)


def test_memory_is_bounded_and_the_oldest_are_forgotten(monkeypatch):
    monkeypatch.setattr(guesses, "MOST", 100)
    counted = Guesses()
    for number in range(1000):
        counted.note(f"pupil {number}", number.to_bytes(4), number)
    assert len(counted._passports) == len(counted._blocks) == 100
    assert "pupil 999" in counted._passports
