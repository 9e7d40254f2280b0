from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cyberweek.regions.core.divisions import HEADER, Unreadable, decode, read_divisions

HEAD = ",".join(HEADER)


def table(*rows: str) -> str:
    return "\n".join([HEAD, *rows])


GOOD = ["CN,,nation,中国,China,,,,", "130000,CN,province,河北省,Hebei,冀,HE,6,3", "130100,130000,city,石家庄市,,,,,"]


def problems(text: str, **more) -> list[str]:
    with pytest.raises(Unreadable) as caught:
        read_divisions(text, **more)
    return caught.value.problems


def test_a_table_gives_its_divisions():
    nation, province, city = read_divisions(table(*GOOD))

    assert (nation.code, nation.parent, nation.level, nation.tile) == ("CN", "", "nation", None)
    assert province.name == {"zh-Hans": "河北省", "en": "Hebei"}
    assert province.short == {"zh-Hans": "冀", "en": "HE"}
    assert province.tile == (6, 3)
    assert city.name == {"zh-Hans": "石家庄市"}


@given(st.permutations(GOOD))
def test_parents_come_first_whatever_the_order_of_rows(rows):
    assert [one.code for one in read_divisions(table(*rows))] == ["CN", "130000", "130100"]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("140000,XX,province,山西省,,,,,", "line 5: unknown parent XX"),
        ("130000,CN,province,又一个,,,,,", "line 5: code 130000 stands already in line 3"),
        ("140000,CN,state,山西省,,,,,", "line 5: unknown level “state”; there are nation, province, city, county"),
        ("140000,140000,province,山西省,,,,,", "line 5: 140000 stands under itself"),
        ("140000,130100,province,山西省,,,,,", "line 5: a province cannot stand under a city (130100)"),
        ("140000,,province,山西省,,,,,", "line 5: only a nation stands without a parent"),
        ("140000,CN,province,,,,,,", "line 5: a name in at least one language is missing"),
        ("140000,CN,province,山西省,,,,x,1", "line 5: col and row are numbers from 1 to 12, or both empty"),
        ("140000,CN,province,山西省,,,,1,", "line 5: col and row are numbers from 1 to 12, or both empty"),
        ("140000,CN", "line 5: 2 columns instead of 9"),
        (",CN,province,山西省,,,,,", "line 5: a code has 1 to 12 characters, not “”"),
    ],
)
def test_each_mistake_is_named_by_its_line(row, problem):
    assert problems(table(*GOOD, row)) == [problem]


def test_a_circle_is_named_at_each_of_its_rows():
    assert problems(table(*GOOD, "A,B,city,甲,,,,,", "B,A,city,乙,,,,,")) == [
        "line 5: A stands under itself",
        "line 6: B stands under itself",
    ]


def test_all_mistakes_are_told_in_the_order_of_lines():
    told = problems(table("A,X,city,甲,,,,,", "B,Y,nope,乙,,,,,", "A,X,city,甲,,,,,"))
    assert [text.split(":")[0] for text in told] == ["line 2", "line 3", "line 4"]


def test_a_parent_may_be_known_already():
    assert [one.code for one in read_divisions(table("130100,130000,city,石家庄市,,,,,"), known={"130000"})] == [
        "130100"
    ]


def test_another_header_is_refused():
    assert problems("code,name\n1,2") == [f"line 1: the header must be {HEAD}"]
    assert problems("") == [f"line 1: the header must be {HEAD}"]


def test_a_byte_order_mark_is_no_matter_and_another_encoding_is_named():
    text = table(*GOOD)
    assert decode(b"\xef\xbb\xbf" + text.encode()) == text
    with pytest.raises(Unreadable, match=r"^line 2: this is not UTF-8"):
        decode(text.encode("gbk"))
