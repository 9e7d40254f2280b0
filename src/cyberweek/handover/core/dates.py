"""Dates of the next edition."""

from __future__ import annotations

import datetime as dt


def proposed_start(starts: dt.date, *, year: int) -> dt.date:
    """The day of `year` on the same weekday that lies nearest to the same date: a Monday stays a Monday."""
    try:
        same = starts.replace(year=year)
    except ValueError:  # 29 February
        same = starts.replace(year=year, day=28)
    away = (starts.weekday() - same.weekday() + 3) % 7 - 3
    return same + dt.timedelta(days=away)
