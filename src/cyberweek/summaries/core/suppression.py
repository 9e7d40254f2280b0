"""Which counts of people stand in a table that is given away: small ones do not, nor what would give them away.

A table is a tree: a place's figure is the sum of those of the places under it and of a rest that belongs to none of
them. Nought is shown; one to `smallest` - 1 people are not. Where a sum is shown, what is withheld under it has to leave
a reader who knows this rule at least `smallest` values apart: the withheld of one sum come to S together and are each at
least 1, so that each lies between 1 and S - (n - 1); further ones are withheld, the smallest first, until that is as wide
as `smallest`. Nothing at all is shown under a figure that is withheld, so that no other sum bears on these. If even all
together leave too little room, the sum itself goes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

SMALLEST: Final = 10


@dataclass(frozen=True, slots=True)
class Node:
    """A place: its count, and the places under it. What the parts lack to the count is the rest, a part like others."""

    name: str
    count: int
    parts: tuple[Node, ...] = ()


REST: Final = "/rest"  # after a place's name: what is counted in it and in none of its parts


def withheld(root: Node, *, smallest: int = SMALLEST) -> set[str]:
    """The names that are not shown. A rest is `name + REST`."""
    found: set[str] = set()
    if 0 < root.count < smallest or not _hide(root, found, smallest):
        found |= _all(root)
    return found


def _hide(node: Node, found: set[str], smallest: int) -> bool:
    """Withhold under a place whose own figure is shown; False where there is no way but to withhold that too."""
    if not node.parts:
        return True
    counts = parts_of(node)
    mine = hidden_parts(counts, smallest=smallest)
    if mine is None:
        return False
    for part in node.parts:
        if part.name not in mine and not _hide(part, found, smallest):
            # A sum that cannot be shown is withheld like a small count, and the choice is made anew with it.
            mine = hidden_parts(counts, smallest=smallest, also=mine | {part.name})
            if mine is None:
                return False
    for part in node.parts:
        if part.name in mine:
            found |= _all(part)
    found |= mine
    return True


def parts_of(node: Node) -> dict[str, int]:
    """The counts of the parts by name, the rest among them. Raises ValueError where the parts are more than the whole."""
    counts = {part.name: part.count for part in node.parts}
    rest = node.count - sum(counts.values())
    if rest < 0:
        raise ValueError(f"the parts of {node.name} are more than the whole")
    return {**counts, node.name + REST: rest}


def hidden_parts(
    counts: Mapping[str, int], *, smallest: int = SMALLEST, also: Sequence[str] | set[str] = ()
) -> set[str] | None:
    """Of the parts of a sum that is shown those that are withheld; None where no choice protects them."""
    hidden = {name for name, count in counts.items() if 0 < count < smallest} | set(also)
    if not hidden:
        return hidden
    others = sorted((count, name) for name, count in counts.items() if name not in hidden and count > 0)
    while len(hidden) < 2 or room(counts, hidden) < smallest:
        if not others:
            return None
        hidden.add(others.pop(0)[1])
    return hidden


def room(counts: Mapping[str, int], hidden: set[str]) -> int:
    """How far apart the values lie that a withheld part may have for a reader who knows the sum and the rule."""
    return sum(counts[name] for name in hidden) - len(hidden)


def _all(node: Node) -> set[str]:
    """The place, its rest, and everything under it."""
    names = {node.name, node.name + REST}
    for part in node.parts:
        names |= _all(part)
    return names
