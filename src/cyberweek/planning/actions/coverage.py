"""Asking units for an activity on a theme day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from django.db import transaction

from cyberweek.editions.models import ThemeDay
from cyberweek.editions.queries import today_in
from cyberweek.kernel.actions import record
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.planning.enums import OPEN, EventKind, NoticeKind
from cyberweek.planning.models import Notice, Task, TaskEvent
from cyberweek.regions.models import Unit

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

AHEAD: Final = dt.timedelta(days=3)
"""So long before its day an activity should stand in the programme."""


@transaction.atomic
def ask_for_activities(*, theme_day: ThemeDay, units: Sequence[Unit], by: User | None, now: dt.datetime) -> int:
    """Give each unit a task of its own: to register an activity for the day. Who has one open is not asked twice."""
    edition = theme_day.edition
    ThemeDay.objects.select_for_update().get(pk=theme_day.pk)  # of two presses the second finds the tasks of the first
    today = today_in(edition, now=now)
    rows = Task.objects.filter(edition=edition, theme_day=theme_day, arrangement=None, parent=None, state__in=OPEN)
    asked = set(rows.filter(unit__in=units).values_list("unit", flat=True))
    names = {tag: theme_day.name.in_language(tag) for tag in ("zh-Hans", "en")}
    title = LocalizedText({"zh-Hans": f"为{names['zh-Hans']}登记活动", "en": f"Register an activity for {names['en']}"})
    due = max(today, theme_day.date - AHEAD)
    made = Task.objects.bulk_create(
        Task(
            edition=edition, unit=unit, title=title, begins=min(today, due), due=due, theme_day=theme_day,
            accountable_id=unit.accountable_id,
        )
        for unit in units if unit.pk not in asked
    )  # fmt: skip
    TaskEvent.objects.bulk_create(TaskEvent(task=task, kind=EventKind.CREATED, at=now, by=by) for task in made)
    Notice.objects.bulk_create(
        Notice(person_id=task.accountable_id, task=task, kind=NoticeKind.ASSIGNED, day=today)
        for task in made if task.accountable_id
    )  # fmt: skip
    record(
        actor=by, verb="coverage.ask", thing=theme_day, unit=edition.owner_id,
        after={"units": [task.unit.code for task in made]},
    )  # fmt: skip
    return len(made)
