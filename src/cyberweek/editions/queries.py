"""Reads of editions."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from .models import Edition, ThemeDay


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
