"""The practice share of a bank: the only items whose answers the practice page tells.

Practice explains each answer at once, and anyone may open it without a passport. So it draws from a fixed fifth of each
topic, the same for everybody: whoever practises through all of it has seen a fifth of the keys and no more. The share is
chosen by a hash of the item's id, so another release moves no item in or out unless the topic itself has changed.
"""

import hashlib
from collections.abc import Iterator

from cyberweek.knowledge.core.release import Item, Pack

_SHARE = 5  # one in five


def practice_share(pack: Pack) -> list[Item]:
    """A fifth of each topic, at least one item; one of each topic in turn, so that neighbours differ in topic."""
    rounds = [sorted(_of_topic(pack, quota.topic), key=_lot)[: _size(pack, quota.topic)] for quota in pack.blueprint]
    longest = max(map(len, rounds), default=0)
    return [topic[turn] for turn in range(longest) for topic in rounds if turn < len(topic)]


def _of_topic(pack: Pack, topic: str) -> Iterator[Item]:
    return (item for item in pack.bank if item.topic == topic)


def _size(pack: Pack, topic: str) -> int:
    return -(-sum(1 for _item in _of_topic(pack, topic)) // _SHARE)


def _lot(item: Item) -> bytes:
    return hashlib.sha256(f"practice\n{item.id}".encode()).digest()
