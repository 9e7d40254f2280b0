"""A duty roster as iCalendar: moments in UTC, names without telephones, for calendars are synchronised everywhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

import icalendar

from cyberweek.readiness.models import Shift

MEDIA_TYPE: Final = "text/calendar; charset=utf-8"


def roster(shifts: Iterable[Shift], *, name: str, host: str, written: dt.datetime) -> bytes:
    """The shifts as one VCALENDAR."""
    feed = icalendar.Calendar()
    feed.add("version", "2.0")
    feed.add("prodid", "-//Cyberweek//Duty//EN")
    feed.add("method", "PUBLISH")
    feed.add("x-wr-calname", name)
    for shift in shifts:
        event = icalendar.Event()
        event.add("uid", f"shift-{shift.pk}@{host}")
        event.add("dtstamp", written.astimezone(dt.UTC))
        event.add("dtstart", shift.starts.astimezone(dt.UTC))
        event.add("dtend", shift.ends.astimezone(dt.UTC))
        event.add("summary", f"{shift.get_role_display()}: {shift}")
        event.add("location", str(shift.unit))
        feed.add_component(event)
    made: bytes = feed.to_ical()
    return made
