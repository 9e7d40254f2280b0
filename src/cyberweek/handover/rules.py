"""Who hands over, and who receives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cyberweek.editions.enums import Stage
from cyberweek.editions.models import Edition
from cyberweek.editions.rules import runs_edition
from cyberweek.regions.queries import Scope

if TYPE_CHECKING:
    from cyberweek.accounts.models import User


def may_hand_over(scope: Scope, edition: Edition) -> bool:
    """True for those who run the edition (wants `owner` fetched)."""
    return runs_edition(scope.coordinating, edition)


def is_over(edition: Edition) -> bool:
    """An edition is handed over when it is closed: before that its figures still move."""
    return edition.stage in {Stage.CLOSED, Stage.ARCHIVED}


def may_receive(user: User) -> bool:
    """True for keepers, who open editions."""
    return user.is_keeper
