"""Tasks re-addressed: which unit of this house takes the place of one of the last host's.

The same code is the same unit. Else a unit of the same level, sector and region; where the region is the old host's or
lies in it, the new host's instead. Where several fit, or none, a person chooses.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from .records import Contents, UnitFacts


class How(StrEnum):
    """How a unit was found."""

    CODE = "code"
    PLACE = "place"
    SEVERAL = "several"
    NONE = "none"


@dataclass(frozen=True)
class Unit:
    """A unit of this house."""

    code: str
    level: str
    sector: str
    region: str


@dataclass(frozen=True)
class Match:
    """`target` is empty where a person has to choose among `fitting` (several), or among all (none)."""

    source: UnitFacts
    how: How
    target: str
    fitting: tuple[str, ...] = ()


def wanted(contents: Contents) -> list[UnitFacts]:
    """The units that the contents name one by one and that have to be found, by code."""
    named = {code for one in contents.tasks for code in one.units}
    named |= {one.unit for one in contents.roles} | {day.lead for day in contents.edition.theme_days if day.lead}
    named |= {one.unit for one in contents.risks} | {contents.edition.owner}
    return sorted((one for one in contents.units if one.code in named), key=lambda one: one.code)


def matched(
    sources: Iterable[UnitFacts], units: Sequence[Unit], *, old_host: str, new_host: str, regions: Iterable[str]
) -> list[Match]:
    """A match for each source. `regions`: the codes of this house, which is where a unit may be looked for."""
    known = {unit.code for unit in units}
    places: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
    for unit in units:
        places[unit.level, unit.sector, unit.region].append(unit.code)
    codes = frozenset(regions)
    return [_match(one, known, places, _region(one.region, old_host, new_host, codes)) for one in sources]


def _region(region: str, old_host: str, new_host: str, known: frozenset[str]) -> str:
    return new_host if region == old_host or region not in known else region


def _match(source: UnitFacts, known: set[str], places: dict[tuple[str, str, str], list[str]], region: str) -> Match:
    moved = region != source.region
    if source.code in known and not moved:
        return Match(source, How.CODE, source.code)
    fitting = tuple(sorted(places.get((source.level, source.sector, region), ())))
    if len(fitting) == 1:
        return Match(source, How.PLACE, fitting[0])
    if fitting:
        return Match(source, How.SEVERAL, "", fitting)
    return Match(source, How.CODE, source.code) if source.code in known else Match(source, How.NONE, "")
