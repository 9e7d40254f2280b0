"""How likely two activities are one that was entered twice: a score from 0 to 1, symmetric, of values alone."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from math import ceil
from typing import Final

NEAR: Final = 0.75
CLOSE_BY: Final = dt.timedelta(hours=12)  # farther apart than this, two of a name are two of a series

_CROWD: Final = 50
_COMPARED: Final = 100
_TITLE_ALONE, _PLACE, _TIME = 0.4, 0.3, 0.3
_SAME_UNIT, _SAME_REGION = 1.0, 0.6
_OVERLAPPING, _SAME_DAY = 1.0, 0.5


Bag = frozenset[tuple[str, int]]  # pairs of characters; the second of two equal pairs is another member


@dataclass(frozen=True)
class Sketch:
    """What of an activity is compared. `grams` come from `grams_of`, once an activity."""

    grams: Mapping[str, Bag]
    unit: int
    region: str
    starts: dt.datetime
    ends: dt.datetime


def grams_of(titles: Mapping[str, str]) -> dict[str, Bag]:
    """The pairs of neighbouring characters of a title, by language: what Chinese, without spaces, can be compared by."""
    return {tag: _grams(text) for tag, text in titles.items() if normalised(text)}


def normalised(title: str) -> str:
    """The title without width, case, spaces and punctuation."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    return "".join(sign for sign in folded if sign.isalnum())


def title_similarity(one: Mapping[str, Bag], other: Mapping[str, Bag]) -> float:
    """Dice's coefficient of the pairs, in the language in which the titles are most alike; 0 without a common one."""
    return max((_dice(one[tag], other[tag]) for tag in one.keys() & other.keys()), default=0.0)


def score(one: Sketch, other: Sketch) -> float:
    """0 to 1. At `NEAR` and above a reviewer is told.

    Reaches `NEAR` only for two of one unit or one region, at most `CLOSE_BY` apart: a search may leave out all others.
    """
    return _setting(one, other) * title_similarity(one.grams, other.grams)


def _setting(one: Sketch, other: Sketch) -> float:
    """What a score comes to where the titles are the same: more than that no titles make of place and time."""
    place = _SAME_UNIT if one.unit == other.unit else _SAME_REGION if one.region == other.region else 0.0
    gap = max(one.starts, other.starts) - min(one.ends, other.ends)
    time = _OVERLAPPING if gap < dt.timedelta() else _SAME_DAY if gap <= CLOSE_BY else 0.0
    return _TITLE_ALONE + _PLACE * place + _TIME * time


def alike(sketches: Mapping[int, Sketch], probes: Iterable[int]) -> dict[int, list[int]]:
    """For each of `probes` (keys of `sketches`) the keys of those that score `NEAR` or more, likeliest first.

    Not every pair is scored. Titles that are `NEAR` alike share a pair of characters among the rarest of each, so only
    what stands on a common shelf is: one of a unit or region, a language and a rare pair. Of a crowd of equals each is
    compared with the first `_CROWD` of a shelf and `_COMPARED` in all, the rarest pairs leading: enough to say so.
    """
    common = Counter((tag, token) for one in sketches.values() for tag, grams in one.grams.items() for token in grams)
    shelves: dict[object, list[int]] = {}
    places = {key: _shelves(one, common) for key, one in sketches.items()}
    for key, names in places.items():
        for name in names:
            shelves.setdefault(name, []).append(key)
    found = {}
    for key in probes:
        shelved = chain.from_iterable(shelves[name][: _CROWD + 1] for name in places[key])
        others = islice((other for other in dict.fromkeys(shelved) if other != key), _COMPARED)
        one = sketches[key]
        scored = [(score(one, sketches[other]), other) for other in others if _setting(one, sketches[other]) >= NEAR]
        if near := sorted((pair for pair in scored if pair[0] >= NEAR), key=lambda pair: (-pair[0], pair[1])):
            found[key] = [other for _how, other in near]
    return found


def _shelves(one: Sketch, common: Counter[tuple[str, tuple[str, int]]]) -> list[object]:
    names: list[object] = []
    for tag, grams in one.grams.items():
        tokens = sorted(grams, key=lambda token: (common[tag, token], token))
        # Dice >= t wants an overlap of at least t/(2-t) of either bag: whoever shares less than one of these cannot.
        rare = tokens[: len(tokens) - ceil(len(tokens) * NEAR / (2 - NEAR)) + 1]
        for token in rare:
            names += [("unit", one.unit, tag, token), ("region", one.region, tag, token)]
    return names


def _grams(title: str) -> Bag:
    text = normalised(title)
    seen: Counter[str] = Counter()
    members = []
    for i in range(max(1, len(text) - 1)):
        pair = text[i : i + 2]
        members.append((pair, seen[pair]))
        seen[pair] += 1
    return frozenset(members)


def _dice(one: Bag, other: Bag) -> float:
    return 2 * len(one & other) / (len(one) + len(other))
