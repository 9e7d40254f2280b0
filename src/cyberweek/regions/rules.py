"""Who may arrange units and posts. `coordinating` are the units that a person coordinates (`queries.scope_of`)."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from .models import Unit

if TYPE_CHECKING:
    from cyberweek.accounts.models import User


def runs(coordinating: AbstractSet[int], unit: Unit) -> bool:
    """True when the person coordinates the unit or one above it: name, accountable person, posts, units under it."""
    return bool(coordinating & set(unit.ancestry))


def runs_from_above(coordinating: AbstractSet[int], unit: Unit, *, is_keeper: bool) -> bool:
    """True when the person stands above the unit: level, region and place are not for the unit itself to choose,
    since they decide what it sees. Above a unit without a parent stand the keepers."""
    above = set(unit.ancestry) - {unit.pk}
    return bool(coordinating & above) if above else is_keeper


def may_take_under(coordinating: AbstractSet[int], parent: Unit | None, *, is_keeper: bool) -> bool:
    """True when the person may place a unit under `parent`; None: at the top, which is for keepers."""
    return is_keeper if parent is None else runs(coordinating, parent)


def may_appoint(coordinating: AbstractSet[int], unit: Unit, *, is_keeper: bool, is_unled: bool) -> bool:
    """True when the person may give posts in the unit. A keeper gives a top unit its first coordinator, no more."""
    return runs(coordinating, unit) or (is_keeper and unit.parent_id is None and is_unled)


def may_renew_access(coordinating: AbstractSet[int], person: User, units: list[Unit], *, by: User) -> bool:
    """True when `by` may give `person` a new first password: not oneself, not a keeper unless being one, and only
    someone all of whose `units` the person runs, or it would open what lies beyond their own branch."""
    if person == by or (person.is_keeper and not by.is_keeper):
        return False
    return bool(units) and all(runs(coordinating, unit) for unit in units)
