"""The scope rule, as arithmetic on a tree: who sees what, who changes what.

    A unit sees and changes what it and the units under it own; units of the same region see each other's plans
    ("up and down linkage and horizontal coordination").

`cyberweek.regions.queries` says the same in SQL; a property test holds the two together for any tree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """Where a unit stands: the ids from the top of its tree down to itself, and the code of its region."""

    ancestry: Sequence[int]
    region: str

    @property
    def unit(self) -> int:
        return self.ancestry[-1]


def may_change(actor: Place, owner: Place) -> bool:
    """True when `owner` is the acting unit itself or stands under it."""
    return actor.unit in owner.ancestry


def may_see(actor: Place, owner: Place) -> bool:
    """True when the actor may change it, or both are units of the same region."""
    return may_change(actor, owner) or actor.region == owner.region
