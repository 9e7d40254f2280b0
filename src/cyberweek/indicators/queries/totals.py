"""Figures of regions, and the way from each down to the rows that it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet

from cyberweek.editions.models import Edition
from cyberweek.indicators.enums import COUNTING
from cyberweek.indicators.models import Figure, Indicator, Population, Roll, Total
from cyberweek.programme.enums import Status
from cyberweek.regions.models import Region
from cyberweek.regions.queries import Scope, regions_directly_under

from .populations import populations_of


def total_of(edition: Edition, code: str, region: Region) -> Total | None:
    """What the indicator `code` comes to in the region and all under it; None where nothing counts yet."""
    found = Total.objects.filter(edition=edition, indicator__code=code, region=region)
    return found.select_related("indicator", "region").defer("sketch").first()


def totals_of(edition: Edition, region: Region) -> QuerySet[Total]:
    """All totals of a region in the order of the dictionary."""
    found = Total.objects.filter(edition=edition, region=region).select_related("indicator", "region")
    return found.defer("sketch").order_by("indicator__order", "indicator__code")


def counting(edition: Edition) -> QuerySet[Figure]:
    """The figures that count: counted or verified, of activities that are not called off since."""
    held = Q(report__activity=None) | Q(report__activity__status=Status.PUBLISHED)
    return Figure.objects.filter(held, edition=edition, state__in=COUNTING)


def rows_behind(total: Total) -> QuerySet[Figure]:
    """The figures that a total is made of, greatest first."""
    code = [total.region_id]
    there = (
        Q(region__ancestry__contains=code)
        | Q(report__activity__region__ancestry__contains=code)
        | Q(report__activity=None, report__unit__region__ancestry__contains=code)
    )
    rows = counting(total.edition).filter(there, indicator=total.indicator_id)
    return _with_names(rows).order_by("-value", "pk")


def _with_names(rows: QuerySet[Figure]) -> QuerySet[Figure]:
    return rows.select_related(
        "indicator", "region", "report", "report__unit", "report__unit__region", "report__activity",
        "report__activity__region", "edition",
    ).defer("sketch")  # fmt: skip


def figures_visible_to(rows: QuerySet[Figure], scope: Scope) -> QuerySet[Figure]:
    """Of the rows those whose report the person sees, and what machines counted in regions that they read."""
    return _with_names(rows).filter(scope.seeing("report__unit") | Q(report=None, region__in=regions_readable(scope)))


def regions_readable(scope: Scope) -> QuerySet[Region]:
    """Where a person reads totals: within the regions where they serve, and the regions above those."""
    within = Q(ancestry__overlap=list(scope.regions))
    above = {
        code
        for codes in Region.objects.filter(pk__in=scope.regions).values_list("ancestry", flat=True)
        for code in codes
    }
    return Region.objects.filter(within | Q(pk__in=above))


@dataclass(frozen=True)
class Line:
    """A region beside what an indicator comes to there, per 100,000 people where they are counted."""

    region: Region
    total: Total | None
    population: Population | None

    @property
    def rate(self) -> Decimal | None:
        """Per 100,000 people; None without a total or a population."""
        if self.total is None or self.population is None or not self.population.people:
            return None
        return self.total.value * 100_000 / self.population.people


def lines_under(indicator: Indicator, region: Region, scope: Scope) -> list[Line]:
    """The regions right under one that the person reads, with their totals: three queries."""
    under = list(regions_directly_under(region.pk).filter(pk__in=regions_readable(scope)).order_by("pk"))
    found = Total.objects.filter(indicator=indicator, region__in=under).select_related("indicator").defer("sketch")
    totals = {total.region_id: total for total in found}
    people = populations_of((one.pk for one in under), indicator.edition.year)
    lines = [Line(one, totals.get(one.pk), people.get(one.pk)) for one in under]
    return sorted(lines, key=lambda line: -(line.total.value if line.total else Decimal(-1)))


def history_of(indicator: Indicator, region: Region) -> list[Total]:
    """The totals of the same code in the region over all editions that count it alike, oldest first. One that has
    changed its unit of count or its way of adding is another indicator, whatever its code says."""
    found = Total.objects.filter(
        indicator__code=indicator.code, region=region, count=indicator.count, adding=indicator.adding
    )
    return list(
        found.select_related("edition", "indicator", "region").defer("sketch").order_by("edition__year", "edition")
    )


def comparable(one: Indicator, other: Indicator) -> bool:
    """True where figures of both may stand in one row or column."""
    return (one.code, one.count, one.adding) == (other.code, other.count, other.adding)


def freshness(edition: Edition) -> Roll | None:
    """When the totals of an edition were made, and whether they want making again."""
    return Roll.objects.filter(edition=edition).first()
