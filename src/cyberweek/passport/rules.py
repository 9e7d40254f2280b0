"""Who may do what with winners' claims and contacts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cyberweek.regions.queries import scope_of

from .models import Claim

if TYPE_CHECKING:
    from cyberweek.accounts.models import User


def may_open_contacts(user: User, claim: Claim) -> bool:
    """Reviewers and coordinators of the very unit that gives the prize: those above it see the claim, not the contact."""
    return claim.unit_id in scope_of(user).reviewing
