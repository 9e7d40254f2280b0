"""iCalendar (RFC 5545): a programme as a feed to subscribe to, or one activity to keep.

Moments are written in UTC, so no reader needs our zones; each calendar shows them on its owner's clocks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Final

import icalendar

from cyberweek.programme.enums import Status
from cyberweek.programme.models import Activity

MEDIA_TYPE: Final = "text/calendar; charset=utf-8"
FED: Final = 5000
"""Events in a calendar: all of a province's. Clients give up long before those of a nation."""
_ASK_AGAIN: Final = dt.timedelta(hours=1)
_END: Final = b"END:VCALENDAR\r\n"
_PIECE: Final = 100  # events


def uid(activity: Activity, host: str) -> str:
    """The activity's name among all calendars: the same for as long as the installation keeps its host name."""
    return f"{activity.code}.{activity.edition.slug}@{host}"


def calendar(
    activities: Iterable[Activity], *, name: str, language: str, host: str, address: Callable[[Activity], str],
    about: str = "",
) -> Iterator[bytes]:  # fmt: skip
    """The activities as one VCALENDAR, piece by piece. `address` gives the absolute address of an activity's page."""
    events = (_event(one, language=language, host=host, address=address(one)) for one in activities)
    return written(events, name=name, what="Programme", about=about)


def written(events: Iterable[icalendar.Event], *, name: str, what: str, about: str = "") -> Iterator[bytes]:
    """The events as one VCALENDAR to subscribe to, some at a time: thousands take seconds and megabytes."""
    feed = icalendar.Calendar()
    feed.add("version", "2.0")
    feed.add("prodid", f"-//Cyberweek//{what}//EN")
    feed.add("method", "PUBLISH")
    feed.add("name", name)
    feed.add("x-wr-calname", name)
    if about:
        feed.add("description", about)
        feed.add("x-wr-caldesc", about)
    feed.add("refresh-interval", _ASK_AGAIN, parameters={"VALUE": "DURATION"})
    feed.add("x-published-ttl", _ASK_AGAIN)
    yield feed.to_ical().removesuffix(_END)
    coming = iter(events)
    while piece := list(islice(coming, _PIECE)):
        yield b"".join(event.to_ical() for event in piece)
    yield _END


def _event(activity: Activity, *, language: str, host: str, address: str) -> icalendar.Event:
    event = icalendar.Event()
    said = {"LANGUAGE": language}
    event.add("uid", uid(activity, host))
    event.add("dtstamp", activity.changed.astimezone(dt.UTC))
    event.add("last-modified", activity.changed.astimezone(dt.UTC))
    event.add("created", activity.created.astimezone(dt.UTC))
    event.add("dtstart", activity.starts.astimezone(dt.UTC))
    event.add("dtend", activity.ends.astimezone(dt.UTC))
    event.add("summary", str(activity.title), parameters=said)
    event.add("status", "CANCELLED" if activity.status == Status.CANCELLED else "CONFIRMED")
    event.add("url", address)
    event.add("categories", [str(activity.get_kind_display())])
    if activity.summary:
        event.add("description", f"{activity.summary}\n\n{address}", parameters=said)
    if where := ", ".join(str(part) for part in (activity.venue, activity.address) if part):
        event.add("location", where, parameters=said)
    return event
