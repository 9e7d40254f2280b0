"""Drawing a paper: which items, and in which order their options stand.

The draw is a function of the release and of (contest, participant, local day, ordinal), so a paper opened again is the
same paper and anyone who holds the release can draw it again. It uses no library's generator, only this:

    seed    = HMAC-SHA256(key = draw_salt, message = "contest\nparticipant\nday\nordinal")
    block i = HMAC-SHA256(key = seed, message = i as 8 bytes, big-endian), i = 0, 1, 2 …
    word    = the next 4 bytes of the blocks laid end to end, big-endian
    below n = word mod n, for the next word under the largest multiple of n that is at most 2^32
    shuffle = for i = last … 1: swap i with below(i + 1)

For each line of the blueprint the topic's items, in the bank's order, are shuffled and the first `count` taken. Then
the options of each item of the paper are shuffled; those of true-false items stay. UUIDs are lower case with hyphens, the
day is YYYY-MM-DD.
"""

import hmac
import struct
from collections.abc import Iterator
from typing import NamedTuple

from cyberweek.knowledge.core.release import Pack

_WORDS = struct.Struct(">8I")
_WORD_RANGE = 1 << 32


class Paper(NamedTuple):
    items: tuple[int, ...]
    """Places in the bank, in the order of the blueprint: a paper goes topic by topic."""
    options: tuple[tuple[int, ...], ...]
    """For each item, places in its list of options, in the order shown."""


def draw(pack: Pack, participant: str, day: str, ordinal: int) -> Paper:
    seed = f"{pack.contest}\n{participant}\n{day}\n{ordinal}".encode()
    stream = _words(hmac.digest(pack.draw_salt.encode(), seed, "sha256"))
    items: list[int] = []
    for quota in pack.blueprint:
        pool = [place for place, item in enumerate(pack.bank) if item.topic == quota.topic]
        _shuffle(pool, stream)
        items += pool[: quota.count]
    return Paper(tuple(items), tuple(_option_order(pack, place, stream) for place in items))


def _option_order(pack: Pack, place: int, stream: Iterator[int]) -> tuple[int, ...]:
    item = pack.bank[place]
    order = list(range(len(item.options)))
    if item.kind != "true-false":
        _shuffle(order, stream)
    return tuple(order)


def _words(seed: bytes) -> Iterator[int]:
    counter = 0
    while True:
        yield from _WORDS.unpack(hmac.digest(seed, counter.to_bytes(8, "big"), "sha256"))
        counter += 1


def _shuffle(places: list[int], stream: Iterator[int]) -> None:
    for last in range(len(places) - 1, 0, -1):
        chosen = _below(last + 1, stream)
        places[last], places[chosen] = places[chosen], places[last]


def _below(bound: int, stream: Iterator[int]) -> int:
    limit = _WORD_RANGE - _WORD_RANGE % bound
    return next(word for word in stream if word < limit) % bound
