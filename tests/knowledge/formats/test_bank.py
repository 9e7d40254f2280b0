from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from cyberweek.knowledge.formats.bank import read_bank, text_of, write_bank
from tests.factories.knowledge import content

texts = st.dictionaries(st.sampled_from(["zh-Hans", "en"]), st.text(max_size=20))


@given(
    st.lists(
        st.builds(
            lambda stem, version: content(
                "a-1", stem=stem, reference={"kind": "law", "title": stem, "version": version}
            ),
            texts,
            st.text(max_size=4),
        ),
        max_size=3,
    )
)
def test_whatever_is_written_is_read_back_the_same(items):
    assert read_bank(write_bank(items)) == (items, [])


def test_a_file_may_name_the_topic_for_all_its_items():
    told = json.loads(write_bank([content("a-1", topic="laws")]))
    del told["items"][0]["topic"]
    assert read_bank(json.dumps({"topic": "laws", **told}).encode()).items[0].topic == "laws"
    assert read_bank(json.dumps(told).encode(), topic="fraud").items[0].topic == "fraud"


def test_each_item_that_cannot_be_read_is_named():
    items = [{"code": "a-1"}, "no item", {"kind": "essay"}, json.loads(write_bank([content("a-4")]))["items"][0]]
    reading = read_bank(json.dumps({"topic": "laws", "items": items}).encode())
    assert [item.id for item in reading.items] == ["a-4"]
    assert [problem.where for problem in reading.problems] == ["a-1", "item 2", "item 3"]


def test_what_is_no_bank_is_said_in_one_sentence():
    assert [str(p) for p in read_bank("题库".encode("gbk")).problems] == ["the file: This is no UTF-8 text."]
    assert [str(p) for p in read_bank(b'{\n"items": [}').problems] == ["line 2: This is no JSON: Expecting value."]
    assert [str(p) for p in read_bank(b"[]").problems] == ["the file: It holds no list of items."]


def test_a_mark_at_the_beginning_is_no_matter():
    assert read_bank(b"\xef\xbb\xbf" + write_bank([content("a-1")])).items == [content("a-1")]


def test_text_of_the_chinese_windows_is_understood():
    assert (text_of("题库".encode("gb18030")), text_of("题库".encode()), text_of(b"\xff\xff\xff")) == (
        "题库",
        "题库",
        None,
    )
