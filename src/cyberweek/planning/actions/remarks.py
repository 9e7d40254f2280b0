"""What is laid beside a task: comments, and the files that show that it was done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cyberweek.attachments.actions import Chosen, keep_attachment
from cyberweek.kernel.actions import record
from cyberweek.planning.enums import EventKind, NoticeKind, TaskState
from cyberweek.planning.models import Evidence, Task, TaskEvent
from cyberweek.regions.models import Post

from .tasks import TaskRefused, happened, tell

if TYPE_CHECKING:
    from cyberweek.accounts.models import User


@transaction.atomic
def comment_on(*, task: Task, text: str, by: User, now: dt.datetime) -> TaskEvent:
    """Say something of a task. Told are who is accountable, who coordinates its unit, and who commented before."""
    event = happened(task, EventKind.COMMENT, by=by, now=now, text=text)
    record(actor=by, verb="task.comment", thing=task, unit=task.unit_id, after={"text": text})
    spoke = TaskEvent.objects.filter(task=task, kind=EventKind.COMMENT, by__isnull=False).values_list("by", flat=True)
    near = Post.objects.filter(unit=task.unit_id, roles__contains=["coordinator"]).values_list("person", flat=True)
    people = {*spoke, *near, *([task.accountable_id] if task.accountable_id else [])} - {by.pk}
    tell(people, task, NoticeKind.COMMENT, now=now)
    return event


@transaction.atomic
def add_evidence(*, task: Task, files: Iterable[Chosen], by: User, now: dt.datetime) -> int:
    """Keep files as evidence. How many; raises `attachments.actions.Refused`, and then keeps none."""
    kept = [keep_attachment(file=file, by=by, now=now, field="files") for file in files]
    Evidence.objects.bulk_create(Evidence(task=task, attachment=one) for one in kept)
    names = [one.name for one in kept]
    happened(task, EventKind.EVIDENCE, by=by, now=now, after={"files": names})
    record(actor=by, verb="task.give-evidence", thing=task, unit=task.unit_id, after={"files": names})
    return len(kept)


@transaction.atomic
def remove_evidence(*, task: Task, evidence: Evidence, by: User, now: dt.datetime) -> None:
    """Take a file away. Raises TaskRefused for the last one of what is done only with evidence."""
    row = Task.objects.select_for_update(of=("self",)).get(pk=task.pk)
    others = Evidence.objects.filter(task=row).exclude(pk=evidence.pk).exists()
    if row.state == TaskState.DONE and row.needs_evidence and not others:
        raise TaskRefused(_("The task is done only with evidence, and this is the last. Add another first."))
    name = evidence.attachment.name
    evidence.delete()
    happened(task, EventKind.EVIDENCE, by=by, now=now, before={"files": [name]})
    record(actor=by, verb="task.take-evidence", thing=task, unit=task.unit_id, before={"files": [name]})
