"""Whom an arrangement falls to, counted without asking for each unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Kind(NamedTuple):
    """What an arrangement asks of a unit."""

    level: str
    sector: str


class Address(NamedTuple):
    """Levels and sectors (none given: any; neither given: no unit by its kind), and units by name."""

    levels: frozenset[str]
    sectors: frozenset[str]
    units: frozenset[int]


def fits(address: Address, kind: Kind) -> bool:
    """True when a unit of this kind is addressed whatever its name."""
    if not address.levels and not address.sectors:
        return False
    return (not address.levels or kind.level in address.levels) and (
        not address.sectors or kind.sector in address.sectors
    )


def how_many(address: Address, census: Mapping[Kind, int], named: Mapping[int, Kind]) -> int:
    """How many units it falls to: `census` counts the units in reach by kind, `named` has those of them with a name in
    some address."""
    by_kind = sum(n for kind, n in census.items() if fits(address, kind))
    return by_kind + sum(1 for pk in address.units if pk in named and not fits(address, named[pk]))
