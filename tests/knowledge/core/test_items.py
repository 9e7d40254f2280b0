from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cyberweek.knowledge.core.items import INCOMPLETE, faults_of
from cyberweek.knowledge.core.release import Item
from cyberweek.knowledge.enums import ItemFault
from tests.factories.knowledge import content


@pytest.mark.parametrize("kind", ["single", "multiple", "true-false"])
def test_an_item_with_everything_has_no_fault(kind):
    assert faults_of(content("a-1", kind=kind)) == []


OPTION = {"text": {"zh-Hans": "做法", "en": "Way"}}
TWICE = [{"id": "a", "text": {"zh-Hans": "甲", "en": "One"}}, {"id": "a", "text": {"zh-Hans": "乙", "en": "Two"}}]
ALIKE = [{"id": "a", "text": {"zh-Hans": "甲", "en": "Yes."}}, {"id": "b", "text": {"zh-Hans": "乙", "en": "yes"}}]


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"stem": {"en": "What?"}}, ("stem", "no-stem", {"language": "zh-Hans"})),
        ({"stem": {"en": " ", "zh-Hans": "什么？"}}, ("stem", "no-stem", {"language": "en"})),
        (
            {"stem": {"en": "x" * 401, "zh-Hans": "什么？"}},
            ("stem", "long-stem", {"language": "en", "length": 401, "limit": 400}),
        ),
        ({"explanation": {"zh-Hans": "因为"}}, ("explanation", "no-explanation", {"language": "en"})),
        ({"options": TWICE, "key": ["a"]}, ("options", "repeated-option", {"option": "a"})),
        ({"options": ALIKE}, ("option:b", "same-options", {"language": "en", "option": "a", "other": "b"})),
        ({"options": [], "key": []}, ("options", "few-options", {})),
        ({"key": []}, ("key", "no-key", {})),
        ({"key": ["a", "b"]}, ("key", "many-keys", {})),
        ({"key": ["e"]}, ("key", "unknown-key", {"option": "e"})),
        ({"kind": "multiple", "key": ["a"]}, ("key", "one-key", {})),
        ({"kind": "multiple", "key": ["a", "a"]}, ("key", "repeated-key", {"option": "a"})),
        ({"kind": "true-false", "options": TWICE}, ("options", "not-true-false", {})),
        ({"reference": {"kind": "guide", "title": {"en": "Guide"}}}, ("reference", "no-reference", {"language": "zh-Hans"})),
        (
            {"reference": {"kind": "law", "title": {"en": "Law", "zh-Hans": "法"}, "version": "2016"}},
            ("reference", "no-article", {}),
        ),
    ],
)  # fmt: skip
def test_each_fault_is_named_with_its_field(fields, fault):
    assert fault in faults_of(content("a-1", **fields))


def test_a_draft_may_lack_things_but_not_contradict_itself():
    empty = content("a-1", stem={}, options=[], key=[], explanation={}, reference={"kind": "law", "title": {}})
    assert faults_of(empty, draft=True) == []
    assert [fault.reason for fault in faults_of(content("a-1", key=["z"]), draft=True)] == ["unknown-key"]


def test_too_many_options_are_refused():
    options = [{"id": letter, "text": {"zh-Hans": letter, "en": letter}} for letter in "abcdefghi"]
    assert ("options", "many-options", {"limit": 8}) in faults_of(content("a-1", options=options))


texts = st.dictionaries(st.sampled_from(["zh-Hans", "en"]), st.text(max_size=5))
ids = st.sampled_from(["a", "b", "c", "true", "false"])
items = st.builds(
    lambda **fields: content("a-1", **fields),
    kind=st.sampled_from(["single", "multiple", "true-false"]),
    stem=texts,
    explanation=texts,
    options=st.lists(st.fixed_dictionaries({"id": ids, "text": texts}), max_size=9),
    key=st.lists(ids, max_size=4),
    reference=st.fixed_dictionaries({"kind": st.sampled_from(["law", "guide"]), "title": texts}),
)


@given(item=items)
def test_whatever_an_item_says_each_fault_can_be_said_and_a_draft_has_no_more_of_them(item: Item):
    faults = faults_of(item)
    for fault in faults:
        assert "%(" not in ItemFault.say(fault.reason, fault.params)
    assert faults_of(item, draft=True) == [fault for fault in faults if fault.reason not in INCOMPLETE]
    assert faults_of(msgspec.convert(msgspec.to_builtins(item), Item)) == faults
