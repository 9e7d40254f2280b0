"""Of what a unit's summary speaks: of a whole place, or of what the unit and those under it did."""

from __future__ import annotations

from django.db.models import Q

from cyberweek.editions.models import Edition
from cyberweek.regions.enums import Sector
from cyberweek.regions.models import Unit


def is_place(unit: Unit) -> bool:
    """True for the office that speaks for its region: at the top of the tree, or a government office whose unit above
    stands in another region. A ministry, a school or a company speaks for itself (wants `parent` fetched)."""
    if unit.parent is None:
        return True
    return unit.sector == Sector.GOVERNMENT and unit.parent.region_id != unit.region_id


def owned_by(unit: Unit, path: str = "unit") -> Q:
    """Rows whose unit, at `path`, is this one or under it."""
    return Q(**{f"{path}__ancestry__contains": [unit.pk]})


def held_by(unit: Unit, edition: Edition) -> Q:
    """Activities of which its summary speaks: those in its place, or those that it and the units under it lead."""
    if is_place(unit) and unit.region_id == edition.scope_id:
        return Q()  # all of them, without a look at each region
    return Q(region__ancestry__contains=[unit.region_id]) if is_place(unit) else owned_by(unit, "lead")
