"""Who may hold draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cyberweek.draws.models import Draw
from cyberweek.knowledge.models import Contest
from cyberweek.knowledge.rules import may_publish
from cyberweek.passport.rules import may_give_prizes

if TYPE_CHECKING:
    from cyberweek.accounts.models import User


def may_draw(user: User, contest: Contest) -> bool:
    """Whoever may publish the contest's releases: a draw goes to everybody as well."""
    return may_publish(user, contest)


def may_step(user: User, draw: Draw) -> bool:
    """Freeze and reveal: as holding the draw."""
    return may_draw(user, draw.contest)


def may_invite(user: User, draw: Draw) -> bool:
    """Whoever may draw and gives the unit's prizes: contacts come to the contest's own organiser, not to those above it."""
    return may_draw(user, draw.contest) and may_give_prizes(user, draw.contest.owner_id)
