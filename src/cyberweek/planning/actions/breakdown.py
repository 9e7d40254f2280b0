"""A unit breaks its task down for the units under it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cyberweek.editions.queries import today_in
from cyberweek.kernel.actions import record
from cyberweek.planning.enums import EventKind, NoticeKind, TaskState
from cyberweek.planning.models import Notice, Task, TaskEvent
from cyberweek.regions.models import Unit

from .tasks import TaskRefused, follow_parts, locked

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

_BATCH: Final = 500
SAID: Final = ("title", "what", "deliverables", "begins", "due", "is_milestone", "needs_evidence", "weight")


@transaction.atomic
def break_down(
    *, task: Task, units: Sequence[Unit], fields: Mapping[str, Any], follows: bool, revision: int, by: User | None,
    now: dt.datetime,
) -> list[Task]:  # fmt: skip
    """Make a part of the task for each of the units (names in `SAID`; theme day and arrangement are the task's).

    A unit that has an open part of this name already is passed over, so a second press makes nothing twice. With
    `follows` the task's progress is from now on the mean of its parts. Raises Outdated, and TaskRefused for dates
    outside those of the task or a list of units without anyone.
    """
    row = locked(task, revision)
    if row.state == TaskState.DROPPED:
        raise TaskRefused(_("It is dropped."))
    if fields["begins"] < row.begins:
        raise TaskRefused(_("The task itself begins only on %(day)s.") % {"day": row.begins}, "begins")
    if fields["due"] > row.due:
        raise TaskRefused(_("The task itself is due on %(day)s.") % {"day": row.due}, "due")
    there = Task.objects.filter(parent=row, title=fields["title"]).exclude(state=TaskState.DROPPED)
    taken = set(there.values_list("unit_id", flat=True))
    fresh = [unit for unit in units if unit.pk not in taken]
    if not fresh:
        told = _("All of these units have this part already.") if units else _("It falls to nobody.")
        raise TaskRefused(told, "units")
    parts = [
        Task(
            edition_id=row.edition_id, unit=unit, parent=row, arrangement_id=row.arrangement_id,
            theme_day_id=row.theme_day_id, accountable_id=unit.accountable_id, created=now, changed=now, **fields,
        )
        for unit in fresh
    ]  # fmt: skip
    Task.objects.bulk_create(parts, batch_size=_BATCH)
    events = [TaskEvent(task=part, kind=EventKind.CREATED, at=now, by=by, progress=0) for part in parts]
    names = [unit.code for unit in fresh]
    events.append(
        TaskEvent(
            task=row, kind=EventKind.BROKEN_DOWN, at=now, by=by, progress=row.progress,
            after={"units": names[:_BATCH], "n": len(names), "title": dict(fields["title"])},
        )
    )  # fmt: skip
    TaskEvent.objects.bulk_create(events, batch_size=_BATCH)
    day = today_in(row.edition, now=now)
    told_to = [(part.accountable_id, part) for part in parts]
    Notice.objects.bulk_create(
        [Notice(person_id=who, task=part, kind=NoticeKind.ASSIGNED, day=day) for who, part in told_to if who],
        batch_size=_BATCH,
        ignore_conflicts=True,
    )
    row.follows_parts = row.follows_parts or follows
    row.revision += 1
    row.changed = now
    row.save(update_fields=["follows_parts", "revision", "changed"])
    record(
        actor=by, verb="task.break-down", thing=row, unit=row.unit_id, after={"units": names[:_BATCH], "n": len(names)}
    )
    follow_parts(row, now=now)
    return parts
