"""Drawing a paper: which items, and in which order their options stand.

The draw is a function of the release and of (contest, participant, local day, ordinal), so a paper opened again is the
same paper and anyone who holds the release can draw it again. It uses no library's generator, only this:

    seed    = HMAC-SHA256(key = draw_salt, message = "contest\nparticipant\nday\nordinal")
    word    = the next 4 bytes of SHAKE-256(seed), big-endian
    below n = word mod n, for the next word under the largest multiple of n that is at most 2^32
    choose  = for i = 0 … count - 1: swap i with i + below(size - i); the first `count` are chosen
    order   = of n options, the permutation of number below(n!) when they are sorted (012, 021, 102, 120, 201, 210)

Where a paper is redone until it is right, every attempt of a day has the paper of ordinal 1.

For each line of the blueprint, `count` of the topic's items are chosen from them in the bank's order. Then each item of
the paper, in turn, has its options put in an order; those of true-false items stay as they are.
UUIDs are lower case with hyphens, the day is YYYY-MM-DD.
"""

import hmac
import struct
from collections.abc import Sequence
from functools import lru_cache
from hashlib import shake_256
from math import factorial
from typing import NamedTuple

from cyberweek.knowledge.core.release import Pack

_WORD_RANGE = 1 << 32
_WORDS_AT_FIRST = 64  # a paper of 20 items takes 40

Order = tuple[int, ...]


class Paper(NamedTuple):
    items: tuple[int, ...]
    """Places in the bank, in the order of the blueprint: a paper goes topic by topic."""
    options: tuple[Order, ...]
    """For each item, places in its list of options, in the order shown."""

    def until(self, place: int) -> "Paper":
        """The items up to this one."""
        return Paper(self.items[: place + 1], self.options[: place + 1])

    def only(self, place: int) -> "Paper":
        return Paper(self.items[place : place + 1], self.options[place : place + 1])


class Deck:
    """A release's items, sorted by topic for drawing."""

    def __init__(self, pack: Pack) -> None:
        self._contest = pack.contest
        self._salt = pack.draw_salt.encode()
        self._one_a_day = pack.form == "until-right"
        places = [(item.topic, place) for place, item in enumerate(pack.bank)]
        self._pools = [
            ([place for topic, place in places if topic == quota.topic], quota.count) for quota in pack.blueprint
        ]
        self._shuffled = [0 if item.kind == "true-false" else len(item.options) for item in pack.bank]
        self._unshuffled = [tuple(range(len(item.options))) for item in pack.bank]

    def draw(self, participant: str, day: str, ordinal: int) -> Paper:
        stream = self._stream(participant, day, ordinal)
        items = self._choose(stream)
        return Paper(tuple(items), tuple([self._order(place, stream) for place in items]))

    def items(self, participant: str, day: str, ordinal: int) -> list[int]:
        """The items of that paper alone, for marking: in what order their options stood does not matter there."""
        return self._choose(self._stream(participant, day, ordinal))

    def _stream(self, participant: str, day: str, ordinal: int) -> "_Stream":
        if self._one_a_day:
            ordinal = 1
        seed = f"{self._contest}\n{participant}\n{day}\n{ordinal}".encode()
        return _Stream(hmac.digest(self._salt, seed, "sha256"))

    def _choose(self, stream: "_Stream") -> list[int]:
        items: list[int] = []
        for pool, count in self._pools:
            items += stream.choose(pool, count)
        return items

    def _order(self, place: int, stream: "_Stream") -> Order:
        size = self._shuffled[place]
        return permutation(size, stream.below(factorial(size))) if size else self._unshuffled[place]


class _Stream:
    """Numbers from a seed, as the module's head describes."""

    def __init__(self, seed: bytes) -> None:
        self._source = shake_256(seed)
        self._words: tuple[int, ...] = struct.unpack(f">{_WORDS_AT_FIRST}I", self._source.digest(4 * _WORDS_AT_FIRST))
        self._next = 0

    def below(self, bound: int) -> int:
        limit = _WORD_RANGE - _WORD_RANGE % bound
        while True:
            if self._next == len(self._words):
                self._read_on()
            word = self._words[self._next]
            self._next += 1
            if word < limit:
                return word % bound

    def choose(self, places: Sequence[int], count: int) -> list[int]:
        pool = list(places)
        for place in range(count):
            chosen = place + self.below(len(pool) - place)
            pool[place], pool[chosen] = pool[chosen], pool[place]
        return pool[:count]

    def _read_on(self) -> None:
        """The same words, and as many again: a longer digest begins with the shorter one."""
        count = 2 * len(self._words)
        self._words = struct.unpack(f">{count}I", self._source.digest(4 * count))


@lru_cache(maxsize=100_000)
def permutation(size: int, number: int) -> Order:
    """The permutation of 0 … size - 1 that has this number when all are sorted."""
    rest, order = list(range(size)), []
    for left in range(size - 1, -1, -1):
        place, number = divmod(number, factorial(left))
        order.append(rest.pop(place))
    return tuple(order)
