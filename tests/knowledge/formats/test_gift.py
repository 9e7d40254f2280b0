from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cyberweek.knowledge.core.items import faults_of
from cyberweek.knowledge.formats.gift import read_gift

SAMPLE = Path(__file__).resolve().parents[3].parent / "shared/data/question_banks/crossformat-own/bank.gift"


def read(text):
    return read_gift(text, topic="laws", language="en", codes=(f"laws-{n:03}" for n in count(1)))


def texts(item):
    return [option.text["en"] for option in item.options]


def test_a_choice_becomes_an_item_with_one_answer():
    [item] = read("// note\n::Title:: Which? {\n\t~First\n\t=Second #Because.\n\t~Third\n}").items
    assert (item.kind, item.stem, texts(item), item.key) == (
        "single",
        {"en": "Which?"},
        ["First", "Second", "Third"],
        ["b"],
    )
    assert item.explanation == {"en": "Because."}
    assert faults_of(item, draft=True) == []


def test_weights_make_an_item_with_several_answers():
    [item] = read("Which? {~%50%First ~%50%Second ~%-100%Third ####Both.}").items
    assert (item.kind, texts(item), item.key, item.explanation) == (
        "multiple", ["First", "Second", "Third"], ["a", "b"], {"en": "Both."},
    )  # fmt: skip


@pytest.mark.parametrize(("said", "key"), [("T", "true"), ("TRUE", "true"), ("F", "false"), ("false", "false")])
def test_true_false_keeps_its_two_options(said, key):
    [item] = read(f"Is it so? {{{said}#why}}").items
    assert (item.kind, item.key, [option.id for option in item.options]) == ("true-false", [key], ["true", "false"])


def test_a_missing_word_leaves_a_gap():
    assert read("The port is {=443 ~80} today.").items[0].stem == {"en": "The port is ____ today."}


def test_escaped_signs_are_text():
    [item] = read(r"::A\: b:: What does \{x\} \= \~ mean? {=a \= b ~c \# d ~e\:f}").items
    assert (item.stem["en"], texts(item)) == ("What does {x} = ~ mean?", ["a = b", "c # d", "e:f"])


@pytest.mark.parametrize(
    "text", ["Which port? {=443 =tcp/443}", "How many bits? {#32:0}", "Match. {=22 -> SSH =25 -> SMTP}", "Describe. {}"]
)
def test_kinds_that_cannot_be_asked_are_named_by_their_line(text):
    [problem] = read(f"Fine? {{T}}\n\n{text}").problems
    assert str(problem) == "line 3: Only choices and true-false items can be asked here."


def test_a_text_without_answers_is_named():
    assert [str(one) for one in read("Just a remark.").problems] == ["line 1: There are no answers in braces."]


@pytest.mark.skipif(not SAMPLE.exists(), reason="the sample banks are not beside this checkout")
def test_of_the_sample_bank_choices_are_taken_and_the_rest_is_named():
    reading = read(SAMPLE.read_text())
    assert [(item.kind, item.key) for item in reading.items] == [
        ("single", ["b"]), ("single", ["b"]), ("multiple", ["a", "b"]), ("true-false", ["false"]),
    ]  # fmt: skip
    assert [problem.where for problem in reading.problems] == ["line 26", "line 28", "line 30", "line 36", "line 38"]


@given(st.text(alphabet="aZ{}~=#%\\: \n-><1T", max_size=60))
def test_no_text_breaks_the_reader_and_whatever_is_read_is_at_least_a_draft(text):
    for item in read(text).items:
        serious = {fault.reason for fault in faults_of(item, draft=True)}
        assert serious <= {"many-options", "same-options"}
