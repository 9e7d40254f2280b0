import pytest
from hypothesis import given
from hypothesis import strategies as st

from cyberweek.knowledge.core.grading import AnswersRefusedError, Question, mark_paper
from tests.arena.packs import make_item, make_pack

BANK = make_pack().bank
PAPER = [Question(item) for item in BANK[:6]]


def answers_to(item):
    ids = [option.id for option in item.options]
    most = len(ids) if item.kind == "multiple" else 1
    return st.lists(st.sampled_from(ids), max_size=most, unique=True).map(tuple)


any_answers = st.fixed_dictionaries({}, optional={item.id: answers_to(item) for item in BANK[:6]})


@given(any_answers)
def test_an_item_is_right_when_exactly_the_key_is_ticked(answers):
    _, result = mark_paper(PAPER, answers)
    for place, item in enumerate(BANK[:6]):
        given_options = answers.get(item.id, ())
        assert result.answered >> place & 1 == bool(given_options)
        assert result.correct >> place & 1 == (set(given_options) == set(item.key))


@given(any_answers)
def test_the_order_of_ticks_makes_no_difference(answers):
    turned = {item: tuple(reversed(options)) for item, options in answers.items()}
    assert mark_paper(PAPER, turned) == mark_paper(PAPER, answers)


@pytest.mark.parametrize(
    ("answers", "reason", "item"),
    [
        ({"elsewhere-001": ("a",)}, "item-not-on-paper", "elsewhere-001"),
        ({"phishing-000": ("z",)}, "unknown-option", "phishing-000"),
        ({"phishing-000": ("a", "b")}, "too-many-options", "phishing-000"),
        ({"phishing-002": ("a", "b")}, "too-many-options", "phishing-002"),
        ({"phishing-001": ("b", "b")}, "repeated-option", "phishing-001"),
    ],
)
def test_answers_that_do_not_fit_the_paper_are_refused_by_name(answers, reason, item):
    with pytest.raises(AnswersRefusedError) as refused:
        mark_paper(PAPER, answers)
    assert (refused.value.reason, refused.value.item) == (reason, item)


def test_a_key_written_in_another_order_is_the_same_key():
    question = Question(make_item("laws", 1, "multiple", key=["c", "a"]))
    assert question.mark(("a", "c")) == question.mark(("c", "a")) == question.key
