"""The units of a simulated nation: an office in every region from the top down, and departments beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

UNITS: Final = 3000
ROOT: Final = "sim-cn"
PREFIX: Final = "sim-"
SAMPLES: Final = ("CN", "350000", "350100", "350102")
"""Regions whose offices are there at any size: one of each level, each under the one before."""

_OFFICE: Final = ("网信办", "cyberspace office")
_DEPARTMENTS: Final = (
    ("education", "教育部门", "education department"),
    ("telecom", "通信管理部门", "telecommunications department"),
    ("finance", "金融管理部门", "finance department"),
    ("media", "宣传部门", "publicity department"),
    ("government", "公安部门", "public security department"),
    ("enterprise", "国有企业", "state enterprises"),
    ("community", "妇联和共青团", "women's and youth organisations"),
    ("other", "科协", "association for science"),
)
_OF_PROVINCES: Final = 6


class Place(NamedTuple):
    """A region: code, level, the code above it, names by language."""

    code: str
    level: str
    above: str
    zh: str
    en: str


class Office(NamedTuple):
    """A unit; `above` is the code of the unit above it ("" at the top)."""

    code: str
    level: str
    sector: str
    region: str
    above: str
    name: dict[str, str]


def offices(places: Sequence[Place], *, count: int, seed: int) -> list[Office]:
    """`count` units, each after the one above it. What every size has comes first, then level by level; which counties
    have an office is drawn by the seed."""
    by_code = {place.code: place for place in places}
    of_level: dict[str, list[Place]] = {"nation": [], "province": [], "city": [], "county": []}
    for place in places:
        of_level[place.level].append(place)
    held = [code for code in SAMPLES if code in by_code]
    found = [_office(by_code[code]) for code in held]
    nation = of_level["nation"][0]
    rest = [_office(place) for place in of_level["province"] if place.code not in held]
    rest += [_department(nation, row) for row in _DEPARTMENTS]
    rest += [_office(place) for place in of_level["city"] if place.code not in held]
    rest += [_department(place, row) for place in of_level["province"] for row in _DEPARTMENTS[:_OF_PROVINCES]]
    rest += [_department(place, _DEPARTMENTS[0]) for place in of_level["city"]]
    counties = [place for place in of_level["county"] if place.code not in held]
    order = np.random.default_rng([seed, 1]).permutation(len(counties))
    rest += [_office(counties[at]) for at in order]
    return (found + rest)[:count]


def _office(place: Place) -> Office:
    above = PREFIX + place.above.lower() if place.above else ""
    name = {"zh-Hans": f"{place.zh}{_OFFICE[0]}（模拟）", "en": f"{place.en or place.zh}: {_OFFICE[1]} (simulated)"}
    return Office(PREFIX + place.code.lower(), place.level, "government", place.code, above, name)


def _department(place: Place, row: tuple[str, str, str]) -> Office:
    sector, zh, en = row
    name = {"zh-Hans": f"{place.zh}{zh}（模拟）", "en": f"{place.en or place.zh}: {en} (simulated)"}
    top = PREFIX + place.code.lower()
    return Office(f"{top}-{sector}", place.level, sector, place.code, top, name)


_SURNAMES: Final = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
_GIVEN: Final = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚文华玉建国志海晓云雪"


def person_name(number: int) -> str:
    """A made-up name; the same number always gives the same."""
    first, second = _GIVEN[number % len(_GIVEN)], _GIVEN[number // 7 % len(_GIVEN)]
    return _SURNAMES[number // 3 % len(_SURNAMES)] + (first if number % 3 == 0 else first + second)
