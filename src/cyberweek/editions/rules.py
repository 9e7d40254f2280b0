"""Who may do what with an edition. `coordinating` are the units that a person coordinates (`regions.queries.scope_of`)."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from .enums import Stage
from .models import Edition


def runs_edition(coordinating: AbstractSet[int], edition: Edition) -> bool:
    """True for coordinators of its lead organiser, or of a unit above that one (wants `owner` fetched)."""
    return bool(coordinating & set(edition.owner.ancestry))


def may_rehearse(coordinating: AbstractSet[int], edition: Edition) -> bool:
    """True for every organiser while the edition is being prepared; later, when others count on its dates, only for
    those who run it. An archived edition stays as it is."""
    if edition.stage == Stage.ARCHIVED:
        return False
    return edition.stage == Stage.PREPARING or runs_edition(coordinating, edition)
