"""The figures of an edition: what its contest has come to, by place, topic and time, ready to be shown in public.

The counting is the arena's and the reading of its tables is `knowledge.queries`; here small groups are withheld and
colours, scales and days are put beside the figures.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, F, QuerySet, Value, When

from cyberweek.editions.models import Edition
from cyberweek.editions.queries import Week
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.kernel.core.withholding import SMALLEST_GROUP, withhold
from cyberweek.knowledge.models import Contest
from cyberweek.knowledge.queries import (
    LedgerHead,
    RegionFigure,
    contests_published,
    figures_of,
    leading_cities,
    ledger_head,
    papers_by_minute,
    region_figures,
)
from cyberweek.programme.models import Activity
from cyberweek.programme.queries import activities_published
from cyberweek.regions.models import Region

from .core.curve import DAY, by_slot
from .core.scales import heat_bounds, heat_step

LEADING = 7
NEWEST = 3


@dataclass(frozen=True)
class TopicShare:
    """How many answers of a topic were given and what share of them, in hundredths, was right; None: withheld or none."""

    code: str
    name: LocalizedText
    hue: int
    answered: int
    share: int | None


@dataclass(frozen=True)
class Part:
    """A region with its people and papers, None where withheld, and the step (0 to 5) of its colour."""

    region: Region
    participants: int | None
    papers: int | None
    step: int


@dataclass(frozen=True)
class Country:
    """The regions right under one, in the order of their codes."""

    parts: list[Part]
    bounds: list[int]  # people at which the steps 2 to 5 begin

    @property
    def on_tiles(self) -> bool:
        """True when every part has its place on the tile map."""
        return bool(self.parts) and all(part.region.column and part.region.row for part in self.parts)

    @property
    def withheld(self) -> bool:
        return any(part.participants is None for part in self.parts)

    @property
    def ranked(self) -> list[Part]:
        """Most people first, withheld ones last."""
        return sorted(self.parts, key=lambda part: (part.participants is None, -(part.participants or 0)))


@dataclass(frozen=True)
class Figures:
    """What the edition's contest has come to at `at`. Without a contest everything is nothing."""

    contest: Contest | None
    at: dt.datetime
    participants: int
    papers: int
    answered: int
    right: int | None  # in hundredths of all answers; None: none yet, or too few people
    topics: list[TopicShare]
    country: Country


def main_contest(edition: Edition, *, now: dt.datetime) -> Contest | None:
    """The contest that home and wall tell of: one that is open, else the next to open, else the last that closed."""
    phase = Case(
        When(opens__lte=now, closes__gt=now, then=Value(0)), When(opens__gt=now, then=Value(1)), default=Value(2)
    )
    published = contests_published(edition).annotate(phase_now=phase)
    last_closed = Case(When(phase_now=2, then=F("closes")))
    return published.order_by("phase_now", last_closed.desc(), "opens", "pk").first()


def figures_at(contest: Contest | None, *, now: dt.datetime) -> Figures:
    """Totals, topics, and the regions under the edition's: at most four queries."""
    if contest is None:
        return Figures(None, now, 0, 0, 0, None, [], country_of([]))
    found = figures_of(contest, withheld_below=0)
    shown = found.participants >= SMALLEST_GROUP
    answered = sum(topic.answered for topic in found.topics)
    correct = sum(topic.correct for topic in found.topics)
    return Figures(
        contest=contest,
        at=now,
        participants=found.participants,
        papers=found.papers,
        answered=answered,
        right=_share(correct, answered) if shown else None,
        topics=[
            TopicShare(
                topic.topic.code,
                topic.topic.name,
                topic.topic.hue,
                topic.answered,
                _share(topic.correct, topic.answered) if shown else None,
            )
            for topic in found.topics
        ],
        country=country_of(RegionFigure(part.region, part.participants or 0, part.papers or 0) for part in found.parts),
    )


def country_of(rows: Iterable[RegionFigure]) -> Country:
    """The rows with small groups withheld and a colour for each."""
    rows = list(rows)
    people = withhold({row.region.code: row.participants for row in rows})
    bounds = heat_bounds(people.values())
    return Country(
        [
            Part(row.region, count, None if count is None else row.papers, heat_step(count, bounds))
            for row in rows
            for count in [people[row.region.code]]
        ],
        bounds,
    )


def beneath(contest: Contest | None, region: Region) -> Country:
    """The regions right under one: two queries."""
    return country_of(region_figures(contest, Region.objects.filter(parent=region)) if contest else [])


def leading(contest: Contest | None) -> list[RegionFigure]:
    """Cities with most participants; small ones are not ranked. Two queries."""
    return leading_cities(contest, limit=LEADING, at_least=SMALLEST_GROUP) if contest else []


def newest_activities(edition: Edition, *, now: dt.datetime) -> QuerySet[Activity]:
    """What was published last and is not over; of things published together what begins next comes first."""
    begun = Case(When(starts__lte=now, then=Value(1)), default=Value(0))
    rows = activities_published(edition).filter(ends__gt=now)
    return rows.order_by("-status_since", begun, "starts", "code")[:NEWEST]


@dataclass(frozen=True)
class DayCurve:
    """A day's papers a minute: (minute of the day, papers a minute), and the hue and date of the day."""

    date: dt.date
    hue: int
    points: list[tuple[int, float]]


@dataclass(frozen=True)
class Curves:
    """Today's single minutes, and the lines of the edition's earlier days that had papers."""

    today: list[tuple[int, int]]  # (minute of the day, papers)
    earlier: list[DayCurve]
    by_date: dict[dt.date, int]  # papers of each day with any


def curves_of(week: Week, contest: Contest | None, *, now: dt.datetime) -> Curves:
    """Papers handed in by minute, on the clocks of the edition: one query."""
    zone = week.edition.tz
    today = now.astimezone(zone).date()
    days: dict[dt.date, list[tuple[int, int]]] = defaultdict(list)
    first = min(today, *(day.theme_day.date for day in week.days)) if week.days else today
    since = dt.datetime.combine(first, dt.time(), zone)
    for moment, papers in papers_by_minute(contest, since=since) if contest else []:
        local = moment.astimezone(zone)
        days[local.date()].append((local.hour * 60 + local.minute, papers))
    earlier = [
        DayCurve(day.theme_day.date, day.hue, by_slot(days[day.theme_day.date], until=DAY))
        for day in week.days
        if day.theme_day.date < today and day.theme_day.date in days
    ]
    sums = {date: sum(papers for _minute, papers in rows) for date, rows in sorted(days.items())}
    return Curves(days.get(today, []), earlier, sums)


def head_of_ledger(contest: Contest | None) -> LedgerHead:
    """What the figures rest on: the newest batch and its hash."""
    return ledger_head() if contest else LedgerHead(0, "")


def _share(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None
