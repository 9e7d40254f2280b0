"""Reads of editions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from cyberweek.regions.models import Unit
from cyberweek.regions.queries import units_visible_to

from .models import Edition, Organiser, ThemeDay

if TYPE_CHECKING:
    from cyberweek.accounts.models import User


def editions_published() -> QuerySet[Edition]:
    """Editions that the public may open, newest first."""
    return Edition.objects.select_related("host", "scope", "owner")


def current_edition() -> Edition | None:
    """The edition on the front page: the one marked so, else the newest, else none."""
    return editions_published().order_by("-is_current", "-year", "slug").first()


def today_in(edition: Edition, *, now: dt.datetime) -> dt.date:
    """The date that it is in the edition's zone."""
    return now.astimezone(edition.tz).date()


def day_number(edition: Edition, *, now: dt.datetime) -> int:
    """How many days of the edition have begun: 1 on its first day, 0 or less before, past the last after."""
    return (today_in(edition, now=now) - edition.starts).days + 1


def theme_days_of(edition: Edition) -> QuerySet[ThemeDay]:
    """The theme days in order, with their lead departments."""
    return ThemeDay.objects.filter(edition=edition).select_related("lead")


def organisers_of(edition: Edition) -> QuerySet[Organiser]:
    """The organisers with their units, in the order of protocol."""
    return Organiser.objects.filter(edition=edition).select_related("unit").order_by("order")


def units_to_name(user: User, edition: Edition) -> QuerySet[Unit]:
    """Units that this person may name as organisers and leads: those they see, and those that are named already."""
    named = Q(pk__in=Organiser.objects.filter(edition=edition).values("unit"))
    led = Q(pk__in=ThemeDay.objects.filter(edition=edition, lead__isnull=False).values("lead"))
    seen = Q(pk__in=units_visible_to(user).order_by().values("pk"))
    return Unit.objects.filter(named | led | seen)


def edition_at_work(slug: str | None, kept: str | None) -> Edition | None:
    """The edition that the desk works on: the one of the address, else the last one worked on, else the current one."""
    for wanted in (slug, kept):
        found = editions_published().filter(slug=wanted).first() if wanted else None
        if found:
            return found
    return current_edition()


@dataclass(frozen=True)
class Day:
    """A theme day as the pages show it: its hue (1 to 7), how much of it is gone in hundredths, and whether it is today."""

    theme_day: ThemeDay
    hue: int
    gone: int
    when: str  # "past", "today", "next"


@dataclass(frozen=True)
class Week:
    """An edition's days at a moment."""

    edition: Edition
    days: list[Day]
    today: Day | None


def week_of(edition: Edition, *, now: dt.datetime) -> Week:
    """What every public page of the edition shows of its days: one query."""
    local = now.astimezone(edition.tz)
    minutes = local.hour * 60 + local.minute
    days = []
    for theme_day in theme_days_of(edition):
        away = (theme_day.date - local.date()).days
        gone = 100 if away < 0 else minutes * 100 // 1440 if away == 0 else 0
        when = "past" if away < 0 else "today" if away == 0 else "next"
        days.append(Day(theme_day, (theme_day.number - 1) % 7 + 1, gone, when))
    return Week(edition, days, next((day for day in days if day.when == "today"), None))
