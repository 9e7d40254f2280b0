"""Who may do what with plans."""

from __future__ import annotations

from cyberweek.editions.enums import Stage
from cyberweek.editions.models import Edition
from cyberweek.regions.models import Unit
from cyberweek.regions.queries import Scope


def may_write_plan(scope: Scope, unit: Unit, edition: Edition) -> bool:
    """True for coordinators of the unit and of those above it, until the edition is closed."""
    return bool(scope.coordinating & set(unit.ancestry)) and takes_plans(edition)


def takes_plans(edition: Edition) -> bool:
    """False once an edition is closed."""
    return edition.stage not in {Stage.CLOSED, Stage.ARCHIVED}
