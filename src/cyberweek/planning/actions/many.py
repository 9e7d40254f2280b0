"""What is done to many tasks of a list at once: to all of them or to none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from cyberweek.editions.queries import today_in
from cyberweek.planning.enums import OPEN, EventKind, NoticeKind
from cyberweek.planning.models import Notice, Task, TaskEvent
from cyberweek.regions.models import Post

from .tasks import TaskRefused, drop_task, edit_task

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from cyberweek.accounts.models import User


class ManyRefused(Exception):  # noqa: N818 -- reads as the sentence it makes
    """Some of the tasks cannot take it, so none has: why, by the key of the task."""

    def __init__(self, why: Mapping[int, str | _StrPromise]) -> None:
        super().__init__(", ".join(str(pk) for pk in why))
        self.why = why


@transaction.atomic
def assign_tasks(*, tasks: Sequence[Task], person: User, by: User, now: dt.datetime) -> int:
    """Name who is accountable. Only somebody with a post in each task's unit, or above it."""
    held = set(Post.objects.filter(person=person).values_list("unit_id", flat=True))
    why: dict[int, Any] = {
        task.pk: _("this person has no post there or above") for task in tasks if not held & set(task.unit.ancestry)
    }
    if why:
        raise ManyRefused(why)
    for task in tasks:
        _edited(task, {"accountable": person}, by=by, now=now)
    return len(tasks)


@transaction.atomic
def shift_tasks(*, tasks: Sequence[Task], days: int, by: User, now: dt.datetime) -> int:
    """Move begin and due day of open tasks; those of their parts and of what they are part of have to hold them."""
    why: dict[int, Any] = {task.pk: _("it is not open any more") for task in tasks if task.state not in OPEN}
    move = dt.timedelta(days=days)
    # Parts that move inwards before what they belong to, and the other way round: each step has to fit by itself.
    for task in [] if why else sorted(tasks, key=lambda one: (one.parent_id is not None, one.pk)):
        try:
            _edited(task, {"begins": task.begins + move, "due": task.due + move}, by=by, now=now)
        except TaskRefused as refused:
            why[task.pk] = refused.message
    if why:
        raise ManyRefused(why)
    return len(tasks)


def _edited(task: Task, fields: Mapping[str, Any], *, by: User, now: dt.datetime) -> None:
    # No revision is asked for: the page said what would be set, and what others wrote elsewhere stays.
    present = Task.objects.select_for_update(of=("self",)).get(pk=task.pk)
    edit_task(task=task, fields=fields, revision=present.revision, by=by, now=now)


@transaction.atomic
def drop_tasks(*, tasks: Sequence[Task], because: str, by: User, now: dt.datetime) -> int:
    for task in tasks:
        drop_task(task=task, because=because, by=by, now=now)
    return len(tasks)


@transaction.atomic
def remind_tasks(*, tasks: Sequence[Task], by: User, now: dt.datetime) -> int:
    """Remind of open tasks, today and once: who is accountable, or else who coordinates the unit. How many tasks somebody
    was told of (where there is nobody to tell, nobody is)."""
    if not tasks:
        return 0
    day = today_in(tasks[0].edition, now=now)
    with connection.cursor() as cursor:
        cursor.execute(
            _REMIND, {"tasks": [task.pk for task in tasks], "day": day, "at": now, "kind": NoticeKind.REMINDED}
        )
        told = {pk for (pk,) in cursor.fetchall()}
    rows = [
        TaskEvent(task=task, kind=EventKind.REMINDED, at=now, by=by, progress=task.progress)
        for task in tasks
        if task.pk in told
    ]
    TaskEvent.objects.bulk_create(rows)
    Notice.objects.filter(person=by, task__in=tasks, kind=NoticeKind.REMINDED, day=day, read_at=None).update(
        read_at=now
    )
    return len(told)


_REMIND = """
INSERT INTO planning_notice (person_id, task_id, kind, day, at)
SELECT who.person_id, t.id, %(kind)s, %(day)s, %(at)s
FROM planning_task t CROSS JOIN LATERAL (
    SELECT t.accountable_id AS person_id WHERE t.accountable_id IS NOT NULL
    UNION
    SELECT p.person_id FROM regions_post p JOIN accounts_user u ON u.id = p.person_id
    WHERE t.accountable_id IS NULL AND p.unit_id = t.unit_id AND 'coordinator' = ANY (p.roles) AND u.is_active
) who
WHERE t.id = ANY (%(tasks)s) AND t.state IN ('todo', 'doing', 'blocked')
ON CONFLICT DO NOTHING RETURNING task_id"""
