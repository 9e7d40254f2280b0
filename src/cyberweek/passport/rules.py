"""Who may do what with winners' claims and contacts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cyberweek.regions.queries import scope_of

from .models import Claim

if TYPE_CHECKING:
    from cyberweek.accounts.models import User


def may_give_prizes(user: User, unit: int) -> bool:
    """Reviewers and coordinators of the very unit that gives them, by its key."""
    return unit in scope_of(user).reviewing


def may_open_contacts(user: User, claim: Claim) -> bool:
    """Whoever may give the prize: those above the unit see the claim, not the contact."""
    return may_give_prizes(user, claim.unit_id)
