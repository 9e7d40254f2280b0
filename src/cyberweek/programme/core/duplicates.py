"""How likely two activities are one that was entered twice: a score from 0 to 1, symmetric, of values alone."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

NEAR: Final = 0.75
CLOSE_BY: Final = dt.timedelta(hours=12)  # farther apart than this, two of a name are two of a series

_TITLE_ALONE, _PLACE, _TIME = 0.4, 0.3, 0.3
_SAME_UNIT, _SAME_REGION = 1.0, 0.6
_OVERLAPPING, _SAME_DAY = 1.0, 0.5


@dataclass(frozen=True)
class Sketch:
    """What of an activity is compared. `grams` come from `grams_of`, once an activity."""

    grams: Mapping[str, Counter[str]]
    unit: int
    region: str
    starts: dt.datetime
    ends: dt.datetime


def grams_of(titles: Mapping[str, str]) -> dict[str, Counter[str]]:
    """The pairs of neighbouring characters of a title, by language: what Chinese, without spaces, can be compared by."""
    return {tag: _grams(text) for tag, text in titles.items() if normalised(text)}


def normalised(title: str) -> str:
    """The title without width, case, spaces and punctuation."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    return "".join(sign for sign in folded if sign.isalnum())


def title_similarity(one: Mapping[str, Counter[str]], other: Mapping[str, Counter[str]]) -> float:
    """Dice's coefficient of the pairs, in the language in which the titles are most alike; 0 without a common one."""
    return max((_dice(one[tag], other[tag]) for tag in one.keys() & other.keys()), default=0.0)


def score(one: Sketch, other: Sketch) -> float:
    """0 to 1. At `NEAR` and above a reviewer is told.

    Reaches `NEAR` only for two of one unit or one region, at most `CLOSE_BY` apart: a search may leave out all others.
    """
    place = _SAME_UNIT if one.unit == other.unit else _SAME_REGION if one.region == other.region else 0.0
    gap = max(one.starts, other.starts) - min(one.ends, other.ends)
    time = _OVERLAPPING if gap < dt.timedelta() else _SAME_DAY if gap <= CLOSE_BY else 0.0
    return title_similarity(one.grams, other.grams) * (_TITLE_ALONE + _PLACE * place + _TIME * time)


def _grams(title: str) -> Counter[str]:
    text = normalised(title)
    return Counter(text[i : i + 2] for i in range(max(1, len(text) - 1)))


def _dice(one: Counter[str], other: Counter[str]) -> float:
    return 2 * (one & other).total() / (one.total() + other.total())
