from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest

from cyberweek.knowledge.core.items import faults_of
from cyberweek.knowledge.formats.aiken import read_aiken

SAMPLE = Path(__file__).resolve().parents[3].parent / "shared/data/question_banks/crossformat-own/bank.aiken.txt"


def read(text):
    return read_aiken(text, topic="laws", language="zh-Hans", codes=(f"laws-{n:03}" for n in count(1)))


def test_a_question_with_lettered_options_becomes_an_item():
    reading = read("自哪一天起施行？\nA) 2016年11月7日\nB) 2017年6月1日\nANSWER: B\n")
    [item] = reading.items
    assert reading.problems == []
    assert (item.id, item.kind, item.stem, item.key) == ("laws-001", "single", {"zh-Hans": "自哪一天起施行？"}, ["b"])
    assert [(option.id, option.text["zh-Hans"]) for option in item.options] == [
        ("a", "2016年11月7日"),
        ("b", "2017年6月1日"),
    ]
    assert faults_of(item, draft=True) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("问题？\nA. 甲\nB. 乙\n", "line 1: The last line is not ANSWER: with a letter."),
        ("\n\n问题？\nA. 甲\nANSWER: C", "line 3: The answer C is none of the options."),
        ("问题？\nA. 甲\n乙\nANSWER: A", "line 1: “乙” is neither an option nor the answer."),
    ],
)
def test_what_cannot_be_read_is_named_by_its_line(text, problem):
    assert [str(one) for one in read(text).problems] == [problem]


def test_a_wrong_question_does_not_hide_the_next():
    reading = read("问题？\nA. 甲\n\n好问题？\nA. 甲\nB. 乙\nANSWER: A")
    assert ([item.stem["zh-Hans"] for item in reading.items], len(reading.problems)) == (["好问题？"], 1)


@pytest.mark.skipif(not SAMPLE.exists(), reason="the sample banks are not beside this checkout")
def test_the_sample_bank_is_read_whole():
    reading = read(SAMPLE.read_text())
    assert ([item.key for item in reading.items], reading.problems) == ([["b"], ["b"]], [])
