"""What was decided, or has to be done against a risk, becomes a task of the unit: once."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from cyberweek.editions.models import Edition
from cyberweek.editions.queries import today_in
from cyberweek.kernel.actions import record
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.planning.enums import EventKind
from cyberweek.planning.models import Task, TaskEvent
from cyberweek.regions.models import Unit

if TYPE_CHECKING:
    from cyberweek.accounts.models import User


def make_task(
    *, edition: Edition, unit: Unit, title: LocalizedText, what: LocalizedText, due: dt.date, accountable: User | None,
    by: User | None, now: dt.datetime,
) -> Task:  # fmt: skip
    """A task of the unit's own, in the caller's transaction. `what` says where it comes from."""
    begins = min(today_in(edition, now=now), due)
    task = Task.objects.create(
        edition=edition, unit=unit, title=title, what=what, begins=begins, due=due, accountable=accountable
    )
    TaskEvent.objects.create(task=task, kind=EventKind.CREATED, by=by, at=now, progress=0, text=str(what))
    record(actor=by, verb="task.add", thing=task, unit=unit.pk, after={"title": dict(title), "due": due.isoformat()})
    return task
