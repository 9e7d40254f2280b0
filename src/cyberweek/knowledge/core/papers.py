"""Drawing a paper: which items, and in which order their options stand.

The draw is a function of the release and of (contest, participant, local day, ordinal), so a paper opened again is the
same paper and anyone who holds the release can draw it again. It uses no library's generator, only this:

    seed    = HMAC-SHA256(key = draw_salt, message = "contest\nparticipant\nday\nordinal")
    block i = HMAC-SHA256(key = seed, message = i as 8 bytes, big-endian), i = 0, 1, 2 …
    word    = the next 4 bytes of the blocks laid end to end, big-endian
    below n = word mod n, for the next word under the largest multiple of n that is at most 2^32
    choose  = for i = 0 … count - 1: swap i with i + below(size - i); the first `count` are chosen

For each line of the blueprint, `count` of the topic's items are chosen from them in the bank's order. Then the options
of each item of the paper are put in an order: all of them are chosen; those of true-false items stay as they are.
UUIDs are lower case with hyphens, the day is YYYY-MM-DD.
"""

import hmac
import struct
from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

from cyberweek.knowledge.core.release import Pack

_WORDS = struct.Struct(">8I")
_WORD_RANGE = 1 << 32


class Paper(NamedTuple):
    items: tuple[int, ...]
    """Places in the bank, in the order of the blueprint: a paper goes topic by topic."""
    options: tuple[tuple[int, ...], ...]
    """For each item, places in its list of options, in the order shown."""


class Deck:
    """A release's items, sorted by topic for drawing."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        places = [(item.topic, place) for place, item in enumerate(pack.bank)]
        self._pools = {quota: [place for topic, place in places if topic == quota.topic] for quota in pack.blueprint}

    def draw(self, participant: str, day: str, ordinal: int) -> Paper:
        seed = f"{self._pack.contest}\n{participant}\n{day}\n{ordinal}".encode()
        stream = _Stream(hmac.digest(self._pack.draw_salt.encode(), seed, "sha256"))
        items: list[int] = []
        for quota, pool in self._pools.items():
            items += stream.choose(pool, quota.count)
        return Paper(tuple(items), tuple(self._option_order(place, stream) for place in items))

    def _option_order(self, place: int, stream: "_Stream") -> tuple[int, ...]:
        item = self._pack.bank[place]
        order = range(len(item.options))
        return tuple(order if item.kind == "true-false" else stream.choose(order, len(order)))


class _Stream:
    """Numbers from a seed, as the module's head describes."""

    def __init__(self, seed: bytes) -> None:
        self._keyed = hmac.new(seed, digestmod=sha256)
        self._blocks = 0
        self._words: list[int] = []

    def below(self, bound: int) -> int:
        limit = _WORD_RANGE - _WORD_RANGE % bound
        while True:
            if not self._words:
                self._next_block()
            word = self._words.pop()
            if word < limit:
                return word % bound

    def choose(self, places: Sequence[int], count: int) -> list[int]:
        pool = list(places)
        for place in range(count):
            chosen = place + self.below(len(pool) - place)
            pool[place], pool[chosen] = pool[chosen], pool[place]
        return pool[:count]

    def _next_block(self) -> None:
        block = self._keyed.copy()
        block.update(self._blocks.to_bytes(8, "big"))
        self._words.extend(reversed(_WORDS.unpack(block.digest())))
        self._blocks += 1
