"""What the public reads: `activities_published` is what counts, `activities_announced` what may be opened."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import reduce
from math import log
from operator import or_
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Prefetch, Q, QuerySet, Value, When

from cyberweek.editions.enums import OrganiserRole
from cyberweek.editions.models import Edition
from cyberweek.kernel.queries import says
from cyberweek.programme.enums import Format, Status
from cyberweek.programme.models import Activity, Partner, Step
from cyberweek.regions.models import Region, Unit
from cyberweek.regions.queries import tiles_within

_AFTER_ORDER: Final = {OrganiserRole.LEAD: 0, OrganiserRole.CO: 1, OrganiserRole.UNDERTAKER: 2}


def activities_published(edition: Edition) -> QuerySet[Activity]:
    """What is on: the figure that every page and board counts."""
    return with_names(Activity.objects.filter(edition=edition, status=Status.PUBLISHED))


def activities_announced(edition: Edition) -> QuerySet[Activity]:
    """What the public may open: published, and what was cancelled after it had been published."""
    was_published = Exists(Step.objects.filter(activity=OuterRef("pk"), status=Status.PUBLISHED))
    return with_names(
        Activity.objects.filter(Q(status=Status.PUBLISHED) | Q(was_published, status=Status.CANCELLED), edition=edition)
    )


def with_partners(rows: QuerySet[Activity]) -> QuerySet[Activity]:
    """The rows with `partners` in the order of protocol: co-organisers, then undertakers, each as entered."""
    partners = Partner.objects.select_related("unit").order_by(
        Case(*[When(role=role, then=Value(n)) for role, n in _AFTER_ORDER.items()], output_field=IntegerField()), "id"
    )
    return rows.prefetch_related(Prefetch("partners", queryset=partners))


def with_names(rows: QuerySet[Activity]) -> QuerySet[Activity]:
    return rows.select_related("lead", "region", "theme_day", "edition")


@dataclass(frozen=True)
class Wanted:
    """What a visitor asks of the programme; what is empty is not asked."""

    region: str = ""
    day: dt.date | None = None
    kind: str = ""
    formats: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    q: str = ""

    def on_any_day(self) -> Wanted:
        return replace(self, day=None)

    def anywhere(self) -> Wanted:
        return replace(self, region="")

    def asked(self) -> int:
        """How many filters are in force beside the day."""
        return sum(map(bool, (self.region, self.kind, self.formats, self.audiences, self.q)))


def narrowed(rows: QuerySet[Activity], wanted: Wanted, zone: ZoneInfo) -> QuerySet[Activity]:
    """Of the rows those that are wanted. A region stands for itself and everything beneath it, a day for all that is on."""
    if wanted.region:
        rows = rows.filter(region__ancestry__contains=[wanted.region])
    if wanted.day:
        rows = rows.filter(_on(wanted.day, zone))
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.formats:
        rows = rows.filter(format__in={*wanted.formats, Format.BOTH})
    if wanted.audiences:
        rows = rows.filter(reduce(or_, (says(one, "audience") for one in wanted.audiences)))
    if wanted.q:
        rows = rows.filter(says(wanted.q, "title", "summary", "venue", "lead__name") | Q(code__iexact=wanted.q))
    return rows


def day_span(day: dt.date, zone: ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
    """The instants between which it is `day` in `zone`."""
    return (
        dt.datetime.combine(day, dt.time(), zone),
        dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), zone),
    )


def _on(day: dt.date, zone: ZoneInfo) -> Q:
    first, last = day_span(day, zone)
    return Q(starts__lt=last, ends__gt=first)


def on_a_day(rows: QuerySet[Activity], day: dt.date, zone: ZoneInfo) -> QuerySet[Activity]:
    """The day's rows in the order of its page: by start, and last what lasts longer than the day."""
    first, last = day_span(day, zone)
    whole = Case(When(Q(starts__lt=first) | Q(ends__gt=last), then=Value(1)), default=Value(0))
    return rows.annotate(lasts=whole).order_by("lasts", "starts", "code")


def day_counts(rows: QuerySet[Activity], days: Iterable[dt.date], zone: ZoneInfo) -> dict[dt.date, int]:
    """How many of the rows are on on each day: one query."""
    days = list(days)
    if not days:
        return {}
    found = rows.order_by().aggregate(**{f"n{i}": Count("pk", filter=_on(day, zone)) for i, day in enumerate(days)})
    return {day: found[f"n{i}"] for i, day in enumerate(days)}


def audience_counts(rows: QuerySet[Activity], limit: int) -> list[tuple[str, int]]:
    """For whom most of the rows are, in the active language, most first."""
    found = rows.order_by().values_list("audience").annotate(n=Count("pk")).order_by("-n")
    counted: Counter[str] = Counter()
    for text, n in found:
        if text:
            counted[str(text)] += n
    return counted.most_common(limit)


@dataclass(frozen=True)
class Place:
    """A region with how many of the rows are in it or beneath it."""

    region: Region
    n: int


@dataclass(frozen=True)
class Places:
    """Where the rows are: in the regions right under the edition's, and beneath the one that is chosen."""

    below: list[Place]
    chosen: Region | None = None
    chain: list[Region] = field(default_factory=list)  # above the chosen one, from the edition's scope down
    within: list[Place] = field(default_factory=list)


def places(edition: Edition, rows: QuerySet[Activity], chosen: str = "") -> Places:
    """What the field “where” offers: only regions that have something. Two queries."""
    counts: Counter[str] = Counter()
    for ancestry, n in rows.order_by().values_list("region__ancestry").annotate(n=Count("pk")):
        for code in ancestry:
            counts[code] += n
    found = Region.objects.filter(
        Q(parent_id=edition.scope_id, pk__in=counts) | Q(pk=chosen) | Q(parent_id=chosen or None, pk__in=counts)
        | Q(pk__in=Region.objects.filter(pk=chosen).values_list("parent_id"))
    )  # fmt: skip
    regions = {region.pk: region for region in found}
    here = regions.get(chosen)

    def under(code: str) -> list[Place]:
        return [Place(one, counts[one.pk]) for one in regions.values() if one.parent_id == code and counts[one.pk]]

    chain = [regions[code] for code in here.ancestry[:-1] if code in regions] if here else []
    return Places(under(edition.scope_id), here, chain, under(chosen) if here else [])


@dataclass(frozen=True)
class Tile:
    """A tile of the map: its place, how many, and how deep its colour (0 to 5)."""

    region: Region
    column: int
    row: int
    n: int
    heat: int


@dataclass(frozen=True)
class TileMap:
    tiles: list[Tile]
    elsewhere: int  # of the whole nation, or online for all: on no tile
    most: int

    @property
    def legend(self) -> list[tuple[int, int, int]]:
        """Each depth that can occur, with the least and the most that it stands for."""
        spans: dict[int, list[int]] = {}
        for n in range(1, self.most + 1):
            spans.setdefault(_heat(n, self.most), []).append(n)
        return [(heat, numbers[0], numbers[-1]) for heat, numbers in spans.items()]


def tile_map(edition: Edition, rows: QuerySet[Activity]) -> TileMap:
    """The rows by the regions right under the edition's. Regions without a place of their own are set in rows of eight."""
    counts: Counter[str] = Counter()
    for ancestry, n in rows.order_by().values_list("region__ancestry").annotate(n=Count("pk")):
        below = ancestry[ancestry.index(edition.scope_id) + 1 :] if edition.scope_id in ancestry else []
        counts[below[0] if below else ""] += n
    regions = list(tiles_within(edition.scope_id)) or list(Region.objects.filter(parent_id=edition.scope_id))
    most = max((counts[one.pk] for one in regions), default=0)
    tiles = [
        Tile(one, one.column or i % 8 + 1, one.row or i // 8 + 1, counts[one.pk], _heat(counts[one.pk], most))
        for i, one in enumerate(regions)
    ]
    return TileMap(tiles, sum(counts.values()) - sum(tile.n for tile in tiles), most)


def _heat(n: int, most: int) -> int:
    """Steps of equal ratio, for a host city has many times what others have; 0 is nothing."""
    return 0 if not n else 1 if most == 1 else 1 + round(4 * log(n) / log(most))


def on_now(edition: Edition, *, now: dt.datetime) -> QuerySet[Activity]:
    """What is going on at this moment, what ends first leading."""
    return activities_published(edition).filter(starts__lte=now, ends__gt=now).order_by("ends", "code")


def on_today(edition: Edition, *, now: dt.datetime) -> QuerySet[Activity]:
    """Everything of the day that it is in the edition's zone."""
    today = now.astimezone(edition.tz).date()
    return on_a_day(activities_published(edition).filter(_on(today, edition.tz)), today, edition.tz)


def coming_up(edition: Edition, *, now: dt.datetime) -> QuerySet[Activity]:
    """What has not begun, in the order in which it will."""
    return activities_published(edition).filter(starts__gt=now).order_by("starts", "code")


@dataclass(frozen=True)
class Coverage:
    """How far the programme reaches: activities, units that lead one, regions under the edition's that have one."""

    activities: int
    units: int
    regions: int
    regions_in_all: int


def coverage(edition: Edition) -> Coverage:
    """Two queries."""
    rows = Activity.objects.filter(edition=edition, status=Status.PUBLISHED)
    found = rows.aggregate(activities=Count("pk"), units=Count("lead", distinct=True))
    below = Region.objects.filter(parent_id=edition.scope_id)
    has_one = Exists(rows.filter(region__ancestry__contains=[OuterRef("pk")]))
    reach = below.aggregate(every=Count("pk"), held=Count("pk", filter=Q(has_one)))
    return Coverage(found["activities"], found["units"], reach["held"], reach["every"])


def nearby(activity: Activity) -> QuerySet[Activity]:
    """What else is on in the same region on the day on which it begins, in the order of time."""
    first, last = day_span(activity.local_starts.date(), ZoneInfo(activity.zone))
    rows = activities_published(activity.edition).filter(region=activity.region_id, starts__gte=first, starts__lt=last)
    return rows.exclude(pk=activity.pk).order_by("starts", "code")


def region_chain(region: Region, edition: Edition) -> list[Region]:
    """The regions from under the edition's scope down to this one: one query."""
    below = [code for code in region.ancestry if code != edition.scope_id]
    found = {one.pk: one for one in Region.objects.filter(pk__in=below)}
    scope = region.ancestry.index(edition.scope_id) + 1 if edition.scope_id in region.ancestry else 0
    return [found[code] for code in region.ancestry[scope:] if code in found]


def units_of_the_programme(edition: Edition) -> QuerySet[Unit]:
    """Units that lead or take part in something announced, or stand above one that leads."""
    rows = activities_announced(edition).order_by()
    leads = Exists(rows.filter(lead__ancestry__contains=[OuterRef("pk")]))
    part = Exists(Partner.objects.filter(unit=OuterRef("pk"), activity__in=rows.values("pk")))
    return Unit.objects.filter(leads | part)


def of_unit(rows: QuerySet[Activity], unit: Unit) -> QuerySet[Activity]:
    """Of the rows those that the unit or one under it leads, or that it takes part in."""
    part = Exists(Partner.objects.filter(activity=OuterRef("pk"), unit=unit))
    return rows.filter(Q(lead__ancestry__contains=[unit.pk]) | Q(part))
