"""A batch's Merkle tree of which only some entries are told: what stands for the others is as few nodes as can be.

    node (level, hash)   stands for the 2^level entries from its place on, or for as many as the batch still has

Whoever holds the told entries and these nodes, in order, comes to the batch's root, and learns nothing of the rest.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple

MAX_LEVEL = 40


class Node(NamedTuple):
    level: int
    hash: bytes


Part = bytes | Node
"""An entry's line, or what stands for entries that are not told."""


class PruningError(ValueError):
    """The parts do not fill the tree; says at which place."""


def prune(entries: Sequence[bytes], told: Sequence[bool]) -> Iterator[Part]:
    """The entries that are told, in order, and nodes for the gaps between them."""
    hashes = [sha256(b"\0" + entry).digest() for entry in entries]
    levels, kept = [hashes], [list(told)]
    while len(levels[-1]) > 1:
        below, wanted = levels[-1], kept[-1]
        levels.append([_above(below, place) for place in range(0, len(below), 2)])
        kept.append([any(wanted[place : place + 2]) for place in range(0, len(below), 2)])
    top = len(levels) - 1
    waiting = [(top, 0)]
    while waiting:
        level, place = waiting.pop()
        if not kept[level][place]:
            yield Node(level, levels[level][place])
        elif level == 0:
            yield entries[place]
        else:
            children = range(2 * place, min(2 * place + 2, len(levels[level - 1])))
            waiting.extend((level - 1, child) for child in reversed(children))


def fold(size: int, parts: Sequence[Part]) -> bytes:
    """The root of a batch of `size` entries; raises PruningError unless the parts fill it exactly."""
    height = max(size - 1, 0).bit_length()
    stack: list[tuple[int, int, bytes]] = []
    start = 0
    for part in parts:
        level, node = part if isinstance(part, Node) else (0, sha256(b"\0" + part).digest())
        width = 1 << min(max(level, 0), MAX_LEVEL)
        if start >= size or not 0 <= level <= height or start % width:
            raise PruningError(f"what stands at position {start} does not fit a batch of {size}")
        place = start // width
        start = min(start + width, size)
        while True:
            if place & 1 and stack and stack[-1][0] == level:
                node = sha256(b"\1" + stack.pop()[2] + node).digest()
            elif level == height or (place & 1) or ((place + 1) << level) < size:
                break
            level, place = level + 1, place >> 1
        stack.append((level, place, node))
    if start != size or len(stack) != 1:
        raise PruningError(f"{start} of its {size} entries are told or stood for")
    return stack[0][2]


def _above(level: Sequence[bytes], place: int) -> bytes:
    """A node without a sibling is carried up as it is."""
    if place + 1 == len(level):
        return level[place]
    return sha256(b"\1" + level[place] + level[place + 1]).digest()
