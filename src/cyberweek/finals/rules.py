"""Who may do what with a stage final: predicates on a person's scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cyberweek.regions.queries import scope_of

from .models import Final

if TYPE_CHECKING:
    from cyberweek.accounts.models import User


def may_host(user: User, final: Final) -> bool:
    """Edit, open and lead it: editors of the organising unit and of those above it."""
    return bool(scope_of(user).editing & set(final.owner.ancestry))


def may_score(user: User, final: Final) -> bool:
    """Overrule the key: reviewers and coordinators, so that whoever leads the show does not also bend its result."""
    return bool(scope_of(user).reviewing & set(final.owner.ancestry))
