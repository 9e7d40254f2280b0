"""What the public pages compose: the home page of an edition at a moment, the question of the day, what is near."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db.models import Case, IntegerField, QuerySet, Value, When

from cyberweek.editions.models import Edition
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.knowledge.core.release import Item, Text
from cyberweek.knowledge.models import Contest
from cyberweek.knowledge.queries import practice_items
from cyberweek.programme.models import Activity
from cyberweek.programme.queries import activities_published, coming_up, on_now
from cyberweek.regions.models import Region
from cyberweek.regions.queries import regions_within

SHOWN_NOW: Final = 3
SHOWN_NEXT: Final = 2
SHOWN_COMING: Final = 4
SHOWN_NEAR: Final = 5
READ_AHEAD: Final = 60
SOON: Final = dt.timedelta(hours=2)


@dataclass(frozen=True)
class Today:
    """What is on: now, within two hours, and later the same day; before and after the Week only what comes next."""

    now: list[Activity]
    soon: list[Activity]
    later: list[Activity]
    coming: list[Activity]  # on another day: shown when nothing of today is left

    def __bool__(self) -> bool:
        return bool(self.now or self.soon or self.later)


def today_of(edition: Edition, *, now: dt.datetime) -> Today:
    """The rows of the section “today”: two queries."""
    local = now.astimezone(edition.tz)
    midnight = dt.datetime.combine(local.date() + dt.timedelta(days=1), dt.time(), edition.tz)
    ahead = list(coming_up(edition, now=now)[:READ_AHEAD])
    rest = [activity for activity in ahead if activity.starts < midnight]
    soon = [activity for activity in rest if activity.starts <= now + SOON][:SHOWN_NEXT]
    later = [activity for activity in rest if activity.starts > now + SOON][:SHOWN_NEXT]
    running = list(on_now(edition, now=now)[:SHOWN_NOW])
    return Today(running, soon, later, [] if running or rest else ahead[:SHOWN_COMING])


def chosen_region(edition: Edition, code: str) -> Region | None:
    """The region that a visitor named, when it lies within the edition's."""
    return regions_within(edition.scope_id).filter(pk=code).first() if code else None


def nearest(edition: Edition, region: Region, *, now: dt.datetime) -> QuerySet[Activity]:
    """What is not over yet, in the region first, then in the one around it and so on outward; sooner ones first."""
    outward = list(reversed(region.ancestry))
    closeness = Case(
        *[When(region__ancestry__contains=[code], then=Value(step)) for step, code in enumerate(outward)],
        default=Value(len(outward)),
        output_field=IntegerField(),
    )
    rows = activities_published(edition).filter(ends__gt=now).annotate(away=closeness)
    return rows.order_by("away", "starts", "code")[:SHOWN_NEAR]


@dataclass(frozen=True)
class Choice:
    letter: str
    id: str
    text: LocalizedText
    right: bool
    chosen: bool


@dataclass(frozen=True)
class Question:
    """The question of a day, and how the answer given fits; `chosen` is "" while none is."""

    item: Item
    day: dt.date
    stem: LocalizedText
    choices: list[Choice]
    chosen: str
    explanation: LocalizedText

    @property
    def is_right(self) -> bool:
        return self.chosen in self.item.key

    @property
    def is_long(self) -> bool:
        """True for a stem that would not fit the poster's largest type."""
        stem = str(self.stem)
        return len(stem) > (45 if any("\u4e00" <= letter <= "\u9fff" for letter in stem) else 110)


def question_of(contest: Contest | None, *, day: dt.date, answer: str = "") -> Question | None:
    """One question of the contest's practice share, another one each day; None without a release.

    Only the practice share is asked: whoever looks every day has seen no key that the practice page does not tell.
    """
    shared = practice_items(contest) if contest else ()
    # One answer out of several reads best on a poster; a bank may have nothing but statements to judge.
    items = [one for one in shared if one.kind == "single"] or [one for one in shared if one.kind != "multiple"]
    if not items:
        return None
    item = items[day.toordinal() % len(items)]
    chosen = answer if answer in {option.id for option in item.options} else ""
    return Question(
        item,
        day,
        _text(item.stem),
        [
            Choice(letter, option.id, _text(option.text), option.id in item.key, option.id == chosen)
            for letter, option in zip("ABCDEFGH", item.options, strict=False)
        ],
        chosen,
        _text(item.explanation),
    )


def _text(text: Text) -> LocalizedText:
    return LocalizedText({str(tag): words for tag, words in text.items()})
