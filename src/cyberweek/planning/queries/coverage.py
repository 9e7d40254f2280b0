"""Which regions have something on which theme day."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final

from django.db.models import Count, Exists, F, OuterRef, Q

from cyberweek.editions.models import Edition, ThemeDay
from cyberweek.editions.queries import theme_days_of
from cyberweek.programme.enums import Status
from cyberweek.programme.models import Activity
from cyberweek.regions.models import Region, Unit
from cyberweek.regions.queries import Scope, regions_directly_under

_HEATS: Final = (1, 2, 4, 8, 16)


@dataclass(frozen=True)
class Held:
    """Activities of a region on a day: those that the public sees, and all that this person sees."""

    published: int = 0
    all: int = 0

    @property
    def heat(self) -> int:
        """How dark its tile is: 0 to 5."""
        return sum(1 for least in _HEATS if self.published >= least)


@dataclass(frozen=True)
class Row:
    """A region with its counts in the order of the days, and whether one may go further down."""

    region: Region
    counts: list[Held]
    has_more: bool

    @property
    def missing(self) -> int:
        return sum(1 for one in self.counts if not one.all)


@dataclass(frozen=True)
class Day:
    """A theme day, its place in the rows, the regions that have nothing on it and their leading units."""

    theme_day: ThemeDay
    place: int
    empty: list[Region] = field(default_factory=list)
    total: int = 0


@dataclass(frozen=True)
class Coverage:
    root: Region
    days: list[Day]
    rows: list[Row]


def coverage_of(edition: Edition, root: Region, scope: Scope) -> Coverage:
    """The regions right under `root` that have units or activities, by theme day: cancelled activities apart; six queries whatever the size."""
    days = list(theme_days_of(edition))
    held = Exists(Unit.objects.filter(region__ancestry__contains=[OuterRef("pk")]))
    under = list(regions_directly_under(root.code).annotate(has_units=held).order_by("code"))
    depth = len(root.ancestry)
    found = (
        Activity.objects.filter(edition=edition, theme_day__isnull=False, region__ancestry__contains=[root.code])
        .filter(Q(status=Status.PUBLISHED) | scope.seeing("lead"))
        .exclude(status=Status.CANCELLED)
        .order_by()
        .annotate(child=F(f"region__ancestry__{depth}"))
        .values_list("child", "theme_day_id")
        .annotate(n=Count("pk"), published=Count("pk", filter=Q(status=Status.PUBLISHED)))
    )
    counts: dict[tuple[str, int], Held] = defaultdict(Held)
    for child, day, n, published in found:
        if child:
            counts[child, day] = Held(published, n)
    busy = {code for code, _day in counts}
    regions = [region for region in under if region.has_units or region.code in busy]
    further = set(
        Region.objects.filter(parent__in=[region.code for region in regions]).order_by().values_list("parent", flat=True).distinct()
    )  # fmt: skip
    rows = [Row(region, [counts[region.code, day.pk] for day in days], region.code in further) for region in regions]
    told = [
        Day(day, place, [row.region for row in rows if not row.counts[place].all], sum(row.counts[place].all for row in rows))
        for place, day in enumerate(days)
    ]  # fmt: skip
    return Coverage(root, told, rows)


def leading_units(regions: list[Region], scope: Scope) -> dict[str, Unit]:
    """For each region the highest unit there that this person coordinates, by the region's code; one query."""
    units = (
        Unit.objects.filter(scope.running(), region__in=[region.code for region in regions])
        .order_by("region_id", "ancestry__len", "pk")
        .distinct("region_id")
    )
    return {unit.region_id: unit for unit in units}
