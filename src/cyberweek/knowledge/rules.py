"""Who may do what with items and contests: predicates on a person's scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cyberweek.regions.queries import scope_of

from .enums import ContestState
from .models import Contest, Item, Objection

if TYPE_CHECKING:
    from cyberweek.accounts.models import User


def may_write(user: User) -> bool:
    """Enter items and contests somewhere: an editor of any unit."""
    return bool(scope_of(user).editing)


def may_change_item(user: User, item: Item) -> bool:
    """Editors of the owning unit and of those above it; units below see an item and leave it as it is."""
    return bool(scope_of(user).editing & set(item.owner.ancestry))


def may_change_contest(user: User, contest: Contest) -> bool:
    """Editors of the organising unit and of those above it."""
    return bool(scope_of(user).editing & set(contest.owner.ancestry))


def may_publish(user: User, contest: Contest) -> bool:
    """Reviewers and coordinators: a release goes to everybody, so whoever writes items does not send it out alone."""
    return bool(scope_of(user).reviewing & set(contest.owner.ancestry))


def may_rule(user: User, contest: Contest) -> bool:
    """Reviewers and coordinators of the organising unit and of those above it: exclude, readmit, regrade, and open the
    papers of one participant."""
    return bool(scope_of(user).reviewing & set(contest.owner.ancestry))


def has_rulings(user: User, contest: Contest) -> bool:
    """Whether there can be something to rule on, for somebody who may."""
    return contest.state == ContestState.PUBLISHED and may_rule(user, contest)


def may_decide(user: User, objection: Objection) -> bool:
    """Whoever may rule, but not who excluded the participant: four eyes."""
    return user.pk != objection.excluder_id and may_rule(user, objection.exclusion.contest)
