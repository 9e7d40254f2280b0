"""How many people live where: by an edition's year, and who may say so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Case, Count, Exists, F, OuterRef, QuerySet, Value, When
from django.db.models.functions import Abs

from cyberweek.editions.models import Edition
from cyberweek.indicators.models import Population, PopulationTable
from cyberweek.regions.enums import Sector
from cyberweek.regions.models import Region, Unit
from cyberweek.regions.queries import Scope, regions_directly_under, regions_within

if TYPE_CHECKING:
    from cyberweek.accounts.models import User


def population_of(region: Region, year: int) -> Population | None:
    """How many people lived there in a year: of the region itself, or None where nobody has counted it."""
    return populations_of([region.pk], year).get(region.pk)


def populations_of(codes: Iterable[str], year: int) -> dict[str, Population]:
    """The populations of these regions by code: of the latest year that is not after `year`, else of the first after
    it. Those without any are missing. One query."""
    after = Case(When(year__gt=year, then=Value(1)), default=Value(0))
    rows = Population.objects.filter(region__in=list(codes)).annotate(after=after, far=Abs(F("year") - year))
    return {one.region_id: one for one in rows.order_by("region_id", "after", "far").distinct("region_id")}


def populations_in(region: Region) -> QuerySet[Population]:
    """All that is known of one region, newest year first."""
    return Population.objects.filter(region=region).select_related("by").order_by("-year")


@dataclass(frozen=True)
class Peopled:
    """A region with its population of an edition's year; how many regions stand under it, and of how many of these the
    population is known."""

    region: Region
    population: Population | None
    under: int
    known: int


def peopled_under(region: Region, year: int) -> list[Peopled]:
    """The regions right under one: three queries."""
    under = list(regions_directly_under(region.pk).order_by("pk"))
    people = populations_of((one.pk for one in under), year)
    depth = len(region.ancestry)
    deeper = regions_within(region.pk).filter(ancestry__len__gt=depth + 1).order_by()
    has = Exists(Population.objects.filter(region=OuterRef("pk")))
    counted = deeper.values(f"ancestry__{depth}").annotate(
        n=Count("pk"), known=Count(Case(When(has, then=Value(1))))
    )  # fmt: skip
    found = {row[f"ancestry__{depth}"]: (row["n"], row["known"]) for row in counted}
    return [Peopled(one, people.get(one.pk), *found.get(one.pk, (0, 0))) for one in under]


def keepers_of_populations(scope: Scope) -> list[Unit]:
    """The government offices that the person coordinates: each keeps the populations of its region and of all under it."""
    rows = Unit.objects.filter(pk__in=scope.coordinating, sector=Sector.GOVERNMENT)
    return list(rows.select_related("region").order_by("ancestry__len", "pk"))


def regions_kept(keepers: Iterable[Unit]) -> QuerySet[Region]:
    """The regions whose populations these units keep."""
    return Region.objects.filter(ancestry__overlap=[one.region_id for one in keepers]).order_by("ancestry")


def table_of(user: User, edition: Edition, pk: int) -> QuerySet[PopulationTable]:
    """The table that this person brought, and nobody else's."""
    return PopulationTable.objects.filter(by=user, edition=edition, pk=pk)
