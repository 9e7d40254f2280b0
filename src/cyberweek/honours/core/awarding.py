"""Award levels by rank: a proposal, and where a choice departs from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Proposal:
    """Levels by entry. `split`: levels at whose last place entries tie: no rank decides among those, people must."""

    levels: dict[int, str]
    split: dict[str, list[int]]


def propose(ranked: Sequence[tuple[int, int]], places: Sequence[tuple[str, int]]) -> Proposal:
    """Fill the places from the top (`places`: level and how many, highest first). Tied entries share a level or get
    none of it: where they do not fit, the level is left to people and the next level goes on below them."""
    levels: dict[int, str] = {}
    split: dict[str, list[int]] = {}
    groups = _groups(ranked)
    at = 0
    for level, most in places:
        left = most
        while left and at < len(groups):
            group = groups[at]
            if len(group) > left:
                split[level] = group
                at += 1
                break
            levels |= dict.fromkeys(group, level)
            left -= len(group)
            at += 1
    return Proposal(levels, split)


def _groups(ranked: Sequence[tuple[int, int]]) -> list[list[int]]:
    groups: dict[int, list[int]] = {}
    for entry, rank in sorted(ranked, key=lambda one: one[1]):
        groups.setdefault(rank, []).append(entry)
    return list(groups.values())


def too_many(chosen: Mapping[int, str], places: Mapping[str, int]) -> list[str]:
    """Levels given more often than there are places."""
    return [level for level, most in places.items() if sum(one == level for one in chosen.values()) > most]


def out_of_order(
    chosen: Mapping[int, str], ranks: Mapping[int, int | None], order: Sequence[str]
) -> list[tuple[int, int]]:
    """Pairs (better ranked, worse ranked) in which the worse has the higher award: each wants a reason. `order`: levels,
    highest first. Entries without a rank are never in order: nothing says where they stand."""
    height = {level: index for index, level in enumerate(order)}
    none = len(order)
    rows = sorted((rank, str(entry), entry) for entry, rank in ranks.items() if rank is not None)
    found = []
    for index, (rank, _name, better) in enumerate(rows):
        for other, _other_name, worse in rows[index + 1 :]:
            if other > rank and height.get(chosen.get(worse, ""), none) < height.get(chosen.get(better, ""), none):
                found.append((better, worse))
    unranked = [entry for entry, rank in ranks.items() if rank is None and chosen.get(entry)]
    return found + [(entry, entry) for entry in unranked]
