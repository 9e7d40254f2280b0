"""The bank that ships: every item fit for a paper, in both languages, with a source that exists."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from cyberweek.knowledge.core.items import faults_of
from cyberweek.knowledge.formats.bank import read_bank, shipped_files, shipped_topics

LAWS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "laws" / "LawRefBook"
READINGS = {file.stem: read_bank(file.read_bytes()) for file in shipped_files()}
ITEMS = [item for reading in READINGS.values() for item in reading.items]
TOPICS = [topic.code for topic in shipped_topics()]
HAN = re.compile(r"[一-鿿]")


def test_every_file_is_read_without_a_problem():
    assert {name: reading.problems for name, reading in READINGS.items() if reading.problems} == {}


def test_there_are_at_least_200_items_and_twenty_of_each_of_the_ten_topics():
    counted = Counter(item.topic for item in ITEMS)
    assert (len(ITEMS) >= 200, sorted(counted), min(counted.values()) >= 20) == (True, sorted(TOPICS), True)
    assert sorted(READINGS) == sorted(TOPICS)


def test_codes_are_given_once_and_begin_with_the_topic():
    assert [code for code, times in Counter(item.id for item in ITEMS).items() if times > 1] == []
    assert [item.id for item in ITEMS if not item.id.startswith(f"{item.topic}-")] == []


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.id)
def test_each_item_is_ready(item):
    assert faults_of(item) == []


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.id)
def test_each_text_is_in_its_language(item):
    chinese = [item.stem["zh-Hans"], item.explanation["zh-Hans"]]
    english = [
        item.stem["en"],
        item.explanation["en"],
        item.reference.title["en"],
        *(o.text["en"] for o in item.options),
    ]
    assert [text for text in chinese if not HAN.search(text)] == []
    assert [text for text in english if HAN.search(text)] == []


def test_no_letter_is_the_right_one_much_more_often():
    singles = Counter(item.key[0] for item in ITEMS if item.kind == "single")
    assert max(singles.values()) <= 1.3 * min(singles.values())


def test_true_and_false_are_both_worth_guessing():
    truths = Counter(item.key[0] for item in ITEMS if item.kind == "true-false")
    assert 0.3 <= truths["true"] / sum(truths.values()) <= 0.7


def test_no_item_with_several_answers_is_right_with_everything_ticked():
    assert [item.id for item in ITEMS if item.kind == "multiple" and len(item.key) == len(item.options)] == []


def test_topics_stand_apart_by_hue_from_their_neighbours():
    hues = [topic.hue for topic in shipped_topics()]
    assert [pair for pair in pairwise(hues) if pair[0] == pair[1]] == []


CITED = [item for item in ITEMS if item.reference.kind == "law"]
DIGITS = "零一二三四五六七八九"


def chinese_number(number: int) -> str:
    """1 to 199 as articles are numbered: 十, 二十一, 一百零五."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (DIGITS[ones] if ones else "")


@pytest.mark.skipif(not LAWS.is_dir(), reason="the texts of the laws are not beside this checkout")
@pytest.mark.parametrize("item", CITED, ids=lambda item: item.id)
def test_each_cited_article_is_in_the_text_of_the_law(item):
    title = item.reference.title["zh-Hans"].removeprefix("中华人民共和国")
    texts = [file.read_text() for file in LAWS.rglob(f"{title}({item.reference.version}*.md")]
    assert texts, f"no text of {title} of {item.reference.version}"
    articles = [f"第{chinese_number(int(number))}条" for number in re.findall(r"\d+", item.reference.article)]
    assert articles
    assert [article for article in articles if not re.search(rf"^{article}\s", texts[0], re.MULTILINE)] == []
