"""The history of a task in sentences, and what the plan says beside what the unit wrote."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from cyberweek.editions.models import ThemeDay
from cyberweek.kernel.core.localized import LocalizedText, spoken
from cyberweek.kernel.templatetags.look import day_short
from cyberweek.planning.core.changes import TAKEN, day_of
from cyberweek.planning.enums import EventKind, TaskState
from cyberweek.planning.models import Task, TaskEvent
from cyberweek.regions.models import Unit


@dataclass(frozen=True)
class Pair:
    """A field that changed, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Told:
    """One thing that happened: who, what in a sentence that goes on after the name, what they wrote, what changed."""

    event: TaskEvent
    what: str
    pairs: tuple[Pair, ...] = ()


def told_of(events: Iterable[TaskEvent]) -> list[Told]:
    """The events in sentences: at most two queries for the names in them."""
    rows = list(events)
    names = _Names(rows)
    return [Told(event, _sentence(event, names), _pairs(event, names)) for event in rows]


class _Names:
    """Names of units and theme days that events hold by key."""

    def __init__(self, events: list[TaskEvent]) -> None:
        units = {event.after["unit"] for event in events if event.kind == EventKind.ESCALATED and "unit" in event.after}
        sides = [side for event in events for side in (event.before, event.after)]
        days = {side["theme_day"] for side in sides if isinstance(side.get("theme_day"), int)}
        self.units = {unit.pk: str(unit) for unit in Unit.objects.filter(pk__in=units)} if units else {}
        self.days = {day.pk: str(day) for day in ThemeDay.objects.filter(pk__in=days)} if days else {}


def _sentence(event: TaskEvent, names: _Names) -> str:  # noqa: PLR0911 -- one for each kind of event
    after = event.after
    if event.kind == EventKind.PROGRESS:
        return _reported(event)
    if event.kind == EventKind.BROKEN_DOWN:
        n = int(after.get("n", 0))
        text = ngettext("broke it down for %(n)d unit: %(title)s", "broke it down for %(n)d units: %(title)s", n)
        return text % {"n": n, "title": LocalizedText(after.get("title") or {})}
    if event.kind == EventKind.ESCALATED:
        unit = names.units.get(after.get("unit"), "")
        return _("It is overdue and went up to %(unit)s") % {"unit": unit} if unit else _("It went one level up")
    if event.kind == EventKind.EVIDENCE:
        side, text = (after, _("added %(files)s")) if after.get("files") else (event.before, _("took away %(files)s"))
        return text % {"files": _(", ").join(side.get("files", []))}
    if event.kind == EventKind.WITHDRAWN:
        if after.get("why") == "not-addressed":
            return _("The plan no longer asks this unit for it")
        return _("The plan took it back")
    return {
        EventKind.ISSUED: _("It came with the plan"),
        EventKind.CREATED: _("added it"),
        EventKind.PLAN_CHANGED: _("The plan changed it"),
        EventKind.EDITED: _("edited it"),
        EventKind.COMMENT: _("said"),
        EventKind.REMINDED: _("reminded of it"),
    }.get(EventKind(event.kind), event.get_kind_display())


def _reported(event: TaskEvent) -> str:  # noqa: PLR0911 -- one for each thing that is reported
    before, after = event.before, event.after
    state = after.get("state")
    if state == TaskState.DONE:
        return _("reported it done")
    if state == TaskState.DROPPED:
        return _("dropped it")
    if state == TaskState.BLOCKED:
        return _("reported it blocked: %(what)s") % {"what": after.get("blocker", "")}
    if before.get("state") == TaskState.BLOCKED:
        return _("reported that it goes on, at %(n)d %%") % {"n": event.progress or 0}
    if before.get("state") == TaskState.DONE:
        return _("opened it again, at %(n)d %%") % {"n": event.progress or 0}
    if "progress" in before:
        return _("reported %(n)d %%, from %(before)d %%") % {"n": after["progress"], "before": before["progress"]}
    if "blocker" in after:
        return _("says what blocks it: %(what)s") % {"what": after["blocker"]}
    return _("reported %(n)d %%") % {"n": event.progress or 0}


def _pairs(event: TaskEvent, names: _Names) -> tuple[Pair, ...]:
    if event.kind not in {EventKind.EDITED, EventKind.PLAN_CHANGED}:
        return ()
    fields = [name for name in {**event.before, **event.after} if event.kind == EventKind.EDITED or name != "after"]
    return tuple(
        Pair(
            label_of(name),
            _in_words(name, event.before.get(name), names),
            _in_words(name, event.after.get(name), names),
        )
        for name in fields
    )


def label_of(name: str) -> str:
    """What a field of a task is called."""
    if name == "after":
        return _("waits for")
    try:
        return str(getattr(Task._meta.get_field(name), "verbose_name", name))
    except FieldDoesNotExist:
        return name


def _in_words(name: str, value: Any, names: _Names) -> str:  # noqa: PLR0911 -- one for each kind of value
    if isinstance(value, bool):
        return pgettext("answer", "yes") if value else pgettext("answer", "no")
    if value is None or value in ("", {}, []):
        return "–"
    if isinstance(value, Mapping):
        return str(said) if isinstance(said := spoken(value), LocalizedText) else "–"
    if name in {"begins", "due"}:
        return day_short(value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value)))
    if name == "theme_day":
        return names.days.get(value, str(value))
    if isinstance(value, list):
        return _(", ").join(str(spoken(one)) for one in value)
    return str(value)


def plan_beside(task: Task) -> list[Pair]:
    """Of the fields that the unit wrote itself those of which its plan says something else now: `before` is the plan's
    word, `after` the unit's. None for what the plan has withdrawn or never gave."""
    arrangement = task.arrangement
    if (
        not arrangement
        or task.parent_id
        or not task.own
        or not arrangement.issued
        or arrangement.issued.get("withdrawn")
    ):
        return []
    opens = arrangement.plan.opening or task.edition.starts
    names = _Names([])
    found = []
    for name in TAKEN:
        if name not in task.own:
            continue
        said, own = arrangement.issued.get(name), getattr(task, name)
        if name in {"begins", "due"} and said is not None:
            said = day_of(opens, said)
        if name == "theme_day":
            own = task.theme_day_id
        if said == (dict(own) if isinstance(own, Mapping) else own):
            continue
        if name == "theme_day":
            names.days = {
                day.pk: str(day) for day in ThemeDay.objects.filter(pk__in=[one for one in (said, own) if one])
            }
        found.append(Pair(label_of(name), _in_words(name, said, names), _in_words(name, own, names)))
    return found


def who_changed(task: Task) -> TaskEvent | None:
    """The last event by which a person or the plan changed what the task says."""
    kinds = [EventKind.EDITED, EventKind.PROGRESS, EventKind.PLAN_CHANGED, EventKind.BROKEN_DOWN]
    return TaskEvent.objects.filter(task=task, kind__in=kinds).select_related("by").order_by("-id").first()
