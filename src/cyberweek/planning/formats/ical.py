"""iCalendar (RFC 5545): tasks as whole days, on the day they are due. Every calendar shows events; few show to-dos."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator

import icalendar
from django.utils.translation import gettext as _

from cyberweek.planning.models import Task
from cyberweek.programme.formats.ical import written


def calendar(
    tasks: Iterable[Task], *, name: str, language: str, host: str, address: Callable[[Task], str]
) -> Iterator[bytes]:  # fmt: skip
    """The tasks as one VCALENDAR, piece by piece. `address` gives the absolute address of a task's page."""
    events = (_event(one, language=language, host=host, address=address(one)) for one in tasks)
    return written(events, name=name, what="Tasks")


def _event(task: Task, *, language: str, host: str, address: str) -> icalendar.Event:
    event = icalendar.Event()
    said = {"LANGUAGE": language}
    event.add("uid", f"task-{task.pk}@{host}")
    event.add("dtstamp", task.changed.astimezone(dt.UTC))
    event.add("last-modified", task.changed.astimezone(dt.UTC))
    event.add("sequence", task.revision)
    event.add("dtstart", task.due)
    event.add("dtend", task.due + dt.timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    title = _("Due: %(title)s (%(unit)s)") % {"title": task.title, "unit": task.unit}
    event.add("summary", title, parameters=said)
    told = [f"{task.get_state_display()} · {task.progress} %"]
    if task.blocker:
        told.append(task.blocker)
    event.add("description", "\n".join([*told, "", address]), parameters=said)
    event.add("url", address)
    event.add("status", "CANCELLED" if task.state == "dropped" else "CONFIRMED")
    return event
