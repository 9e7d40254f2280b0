import pytest

from cyberweek.knowledge.core.chain import NOBODY, Entry
from cyberweek.knowledge.core.rulings import is_plain_reason, rulings_of


def ruling(kind, participant=NOBODY, release=0, contest="week"):
    return Entry(kind, "2022-09-05", "r1", contest, participant, "", 0, release, 0, "because")


def test_the_latest_ruling_stands():
    made = [ruling("exclude", "ana"), ruling("exclude", "bo"), ruling("readmit", "ana"), ruling("readmit", "cy"),
            ruling("regrade", release=2), ruling("regrade", release=3), ruling("regrade", release=1, contest="other")]  # fmt: skip
    rulings = rulings_of(made)
    assert rulings.excluded == {("week", "bo")}
    assert rulings.regrades == {"week": 3, "other": 1}


def test_what_participants_do_is_no_ruling():
    assert rulings_of([ruling("submit", "ana"), ruling("start", "ana")]) == (frozenset(), {})


@pytest.mark.parametrize("text", ["", "  ", "a\tb", "a\nb", "a\\b", "x" * 501, "\u202eturned"])
def test_a_reason_that_the_ledger_could_not_hold_as_it_is_is_refused(text):
    assert not is_plain_reason(text)


def test_a_reason_in_plain_words_is_taken():
    assert is_plain_reason("答题时间短于阅读时间 (18 s)")
