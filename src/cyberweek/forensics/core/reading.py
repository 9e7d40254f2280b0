"""Papers faster than a person can read them.

    least seconds = TAP_SECONDS for each item + the reading time of every item that the participant had not seen before
    reading time  = the shorter of: Chinese characters / 20 a second, English characters / 75 a second

People read Chinese at about 5 characters a second and English at about 20 (250 words a minute); the rule starts at four
times that. Items of earlier papers cost only the tap: who practised may know them at sight. A paper counts against its
participant only if at least RIGHT_SHARE of it is right: guessing fast is no cheating.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from cyberweek.knowledge.core.release import Item, Language

TAP_SECONDS: Final = 0.7
RIGHT_SHARE: Final = 0.6
CHINESE_RATE: Final = 20
ENGLISH_RATE: Final = 75


class Fast(NamedTuple):
    """A paper, how long it took, and how long it takes at least."""

    attempt: str
    seconds: int
    least: float
    right: int


def reading_seconds(item: Item) -> float:
    """For the question and its options, in the language that is read faster."""
    return min(_length(item, "zh-Hans") / CHINESE_RATE, _length(item, "en") / ENGLISH_RATE)


def least_seconds(times: Sequence[float], seen: Sequence[bool]) -> float:
    """Of a paper, from its items' reading times and whether each had been seen before."""
    return sum(TAP_SECONDS + (0 if known else time) for time, known in zip(times, seen, strict=True))


def is_too_fast(*, seconds: float, least: float, right: int, items: int) -> bool:
    return seconds + 1 <= least and right >= RIGHT_SHARE * items  # the ledger's seconds are cut off, not rounded


def _length(item: Item, language: Language) -> int:
    return len(item.stem[language]) + sum(len(option.text[language]) for option in item.options)
