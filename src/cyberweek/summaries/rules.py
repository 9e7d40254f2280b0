"""Who may do what: a unit writes and freezes its own summary and sends it up; the level above takes it in."""

from __future__ import annotations

from cyberweek.editions.enums import Stage
from cyberweek.editions.models import Edition
from cyberweek.regions.models import Unit
from cyberweek.regions.queries import Scope


def may_write(scope: Scope, unit: Unit, edition: Edition) -> bool:
    """True for those who enter things for the unit or for one above it."""
    return edition.stage != Stage.ARCHIVED and bool(scope.editing & set(unit.ancestry))


def may_freeze(scope: Scope, unit: Unit, edition: Edition) -> bool:
    """True for those who decide in the unit or above it: freezing, sending up and publishing are theirs."""
    return edition.stage != Stage.ARCHIVED and bool(scope.reviewing & set(unit.ancestry))


def may_take(scope: Scope, unit: Unit, edition: Edition) -> bool:
    """True for those who decide in a unit above: they take its summary in or send it back, and remind it."""
    return edition.stage != Stage.ARCHIVED and bool(scope.reviewing & set(unit.ancestry[:-1]))
