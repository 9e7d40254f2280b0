"""Work on one task: add, edit, report, drop, and what waits for what. Every change is an event of its history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cyberweek.editions.models import Edition
from cyberweek.editions.queries import today_in
from cyberweek.kernel.actions import Outdated, plain, record, snapshot
from cyberweek.planning.core.network import circle_with
from cyberweek.planning.core.progress import Report, mean_of_parts, settled
from cyberweek.planning.enums import EventKind, NoticeKind, TaskState
from cyberweek.planning.models import Dependency, Notice, Task, TaskEvent
from cyberweek.planning.queries.tasks import whole
from cyberweek.regions.models import Unit

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from cyberweek.accounts.models import User

# What people enter of a task; what a plan gave and a unit changed becomes the unit's own.
ENTERED: Final = (
    "title", "what", "deliverables", "begins", "due", "theme_day", "is_milestone", "needs_evidence", "accountable",
    "follows_parts", "weight",
)  # fmt: skip
TAKEN: Final = frozenset(ENTERED[:8])
_DEEP: Final = 5000  # tasks looked through for a circle


class TaskRefused(Exception):  # noqa: N818 -- reads as the sentence it makes
    """It cannot be done to this task; `field` names what of the form it is said beside."""

    def __init__(self, message: str | _StrPromise, field: str = "") -> None:
        super().__init__(str(message))
        self.message = message
        self.field = field


class CircleRefused(Exception):  # noqa: N818 -- reads as the sentence it makes
    """Tasks would wait for each other; `tasks` are those of the circle, each waiting for the next."""

    def __init__(self, tasks: list[Task]) -> None:
        super().__init__(" → ".join(str(task) for task in tasks))
        self.tasks = tasks


def locked(task: Task, revision: int | None = None) -> Task:
    """The task under its lock, in the caller's transaction. Raises Outdated when it is not the revision that was read."""
    row = whole(Task.objects.select_for_update(of=("self",))).get(pk=task.pk)
    if revision is not None and row.revision != revision:
        raise Outdated(row)
    return row


def happened(task: Task, kind: str, *, by: User | None, now: dt.datetime, text: str = "", **sides: Any) -> TaskEvent:
    """Add to the history of a task. `before`, `after`: only what changed."""
    return TaskEvent.objects.create(task=task, kind=kind, by=by, at=now, text=text, progress=task.progress, **sides)


def tell(people: set[int], task: Task, kind: NoticeKind, *, now: dt.datetime) -> None:
    """Leave a notice with people; the same once a day."""
    day = today_in(task.edition, now=now)
    rows = [Notice(person_id=pk, task=task, kind=kind, day=day) for pk in sorted(people)]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def add_task(
    *, edition: Edition, unit: Unit, fields: Mapping[str, Any], by: User | None, now: dt.datetime
) -> Task:  # fmt: skip
    """Make a task of the unit's own (names in `ENTERED`)."""
    task = Task.objects.create(edition=edition, unit=unit, created=now, changed=now, **fields)
    happened(task, EventKind.CREATED, by=by, now=now)
    record(actor=by, verb="task.add", thing=task, unit=unit.pk, after=snapshot(task, fields))
    _tell_accountable(task, by=by, now=now)
    return task


@transaction.atomic
def edit_task(
    *, task: Task, fields: Mapping[str, Any], revision: int, by: User | None, now: dt.datetime
) -> Task:  # fmt: skip
    """Change what a task says. Raises Outdated, and TaskRefused where its dates and those of its parts do not fit."""
    row = locked(task, revision)
    names = [name for name in ENTERED if name in fields and getattr(row, name) != fields[name]]
    if not names:
        return row
    before = snapshot(row, names)
    for name in names:
        setattr(row, name, fields[name])
    _refuse_dates(row)
    if row.arrangement_id:
        row.own = sorted({*row.own, *(TAKEN & set(names))})
    _save(row, [*names, "own"], now=now)
    after = snapshot(row, names)
    happened(row, EventKind.EDITED, by=by, now=now, before=before, after=after)
    record(actor=by, verb="task.edit", thing=row, unit=row.unit_id, before=before, after=after)
    if "accountable" in names:
        _tell_accountable(row, by=by, now=now)
    if "follows_parts" in names:
        follow_parts(row, now=now)
    elif "weight" in names and row.parent_id:
        follow_parts(row.parent, now=now)
    return row


def _refuse_dates(task: Task) -> None:
    parent = task.parent
    if parent and not parent.begins <= task.begins:
        raise TaskRefused(_("It is a part of a task that begins later, on %(day)s.") % {"day": parent.begins}, "begins")
    if parent and not task.due <= parent.due:
        raise TaskRefused(_("It is a part of a task that is due earlier, on %(day)s.") % {"day": parent.due}, "due")
    parts = Task.objects.filter(parent=task).exclude(state=TaskState.DROPPED)
    if early := parts.filter(begins__lt=task.begins).order_by("begins").first():
        told = _("Its part “%(title)s” begins earlier, on %(day)s.")
        raise TaskRefused(told % {"title": early.title, "day": early.begins}, "begins")
    if late := parts.filter(due__gt=task.due).order_by("-due").first():
        told = _("Its part “%(title)s” is due later, on %(day)s.")
        raise TaskRefused(told % {"title": late.title, "day": late.due}, "due")


@transaction.atomic
def report_task(
    *, task: Task, state: str, progress: int, blocker: str, text: str = "", revision: int | None, by: User | None,
    now: dt.datetime,
) -> Task:  # fmt: skip
    """Say how far it is. Without a `revision` whatever somebody else reported before is replaced (a card that is moved
    shows its state). Raises Outdated, and TaskRefused for what is done without its evidence or by its parts."""
    row = locked(task, revision)
    told = settled(state, progress, blocker)
    if told.state == TaskState.BLOCKED and not told.blocker:
        raise TaskRefused(_("Say what blocks it, so that somebody can help."), "blocker")
    if told.state == TaskState.DONE and row.needs_evidence and not row.files.exists():
        raise TaskRefused(_("It is done only with evidence. Add a file first."), "state")
    if row.follows_parts and told.state not in {TaskState.DONE, TaskState.DROPPED}:
        told = Report(told.state, row.progress, told.blocker)
    before = snapshot(row, ["state", "progress", "blocker"])
    row.state, row.progress, row.blocker = told.state, told.progress, told.blocker
    row.done_at = (row.done_at or now) if told.state == TaskState.DONE else None
    after = snapshot(row, ["state", "progress", "blocker"])
    if before == after and not text:
        return row
    changed = {name for name in after if before[name] != after[name]}
    _save(row, ["state", "progress", "blocker", "done_at"], now=now)
    sides = {"before": {name: before[name] for name in changed}, "after": {name: after[name] for name in changed}}
    happened(row, EventKind.PROGRESS if changed else EventKind.COMMENT, by=by, now=now, text=text, **sides)
    record(actor=by, verb="task.report", thing=row, unit=row.unit_id, before=before, after=after)
    if row.parent_id:
        follow_parts(row.parent, now=now)
    return row


@transaction.atomic
def drop_task(*, task: Task, because: str, by: User | None, now: dt.datetime) -> Task:
    """Take a task off the list for good, with its open parts; what is done stays done."""
    row = locked(task)
    if row.state in {TaskState.DONE, TaskState.DROPPED}:
        return row
    before = snapshot(row, ["state", "blocker"])
    row.state, row.blocker, row.done_at = TaskState.DROPPED, "", None
    _save(row, ["state", "blocker", "done_at"], now=now)
    happened(row, EventKind.PROGRESS, by=by, now=now, text=because, before=before, after={"state": row.state})
    record(
        actor=by, verb="task.drop", thing=row, unit=row.unit_id, before=before, after={"state": row.state},
        reason=because,
    )  # fmt: skip
    for part in Task.objects.filter(parent=row).exclude(state__in=[TaskState.DONE, TaskState.DROPPED]):
        drop_task(task=part, because=because, by=by, now=now)
    if row.parent_id:
        follow_parts(row.parent, now=now)
    return row


def follow_parts(task: Task | None, *, now: dt.datetime) -> None:
    """Where a task's progress follows its parts, reckon it anew, and so up the line. Its revision stays: nobody's words
    are changed by it."""
    while task is not None:
        row = Task.objects.select_for_update(of=("self",)).select_related("parent").get(pk=task.pk)
        parts = Task.objects.filter(parent=row).exclude(state=TaskState.DROPPED).values_list("progress", "weight")
        mean = mean_of_parts(parts) if row.follows_parts else None
        if mean is None or row.state in {TaskState.DONE, TaskState.DROPPED} or mean == row.progress:
            return
        row.progress, row.changed = mean, now
        if row.state == TaskState.TODO and mean:
            row.state = TaskState.DOING
        row.save(update_fields=["progress", "state", "changed"])
        task = row.parent


@transaction.atomic
def add_dependency(*, task: Task, after: Task, by: User | None, now: dt.datetime) -> None:
    """Let a task wait for another. Raises CircleRefused, naming the tasks that would wait for each other."""
    # One lock an edition: two people adding the halves of a circle at once take turns.
    Edition.objects.select_for_update().get(pk=task.edition_id)
    if circle := circle_with(_network_before([after.pk]), task.pk, [after.pk]):
        rows = Task.objects.select_related("unit").in_bulk(circle)
        raise CircleRefused([rows[pk] for pk in circle])
    _link, made = Dependency.objects.get_or_create(task=task, after=after)
    if made:
        happened(task, EventKind.EDITED, by=by, now=now, after={"after": [plain(after)]})
        record(actor=by, verb="task.wait-for", thing=task, unit=task.unit_id, after={"after": after})


@transaction.atomic
def remove_dependency(*, task: Task, after: Task, by: User | None, now: dt.datetime) -> None:
    gone, _each = Dependency.objects.filter(task=task, after=after).delete()
    if gone:
        happened(task, EventKind.EDITED, by=by, now=now, before={"after": [plain(after)]})
        record(actor=by, verb="task.wait-no-more", thing=task, unit=task.unit_id, before={"after": after})


def _network_before(front: list[int]) -> dict[int, list[int]]:
    """What is reached from these tasks by what each waits for, a whole for its parts too: two queries a step back."""
    found: dict[int, list[int]] = {}
    while front and len(found) < _DEEP:
        found.update({pk: [] for pk in front})
        parts = Task.objects.filter(parent__in=front).exclude(state=TaskState.DROPPED)
        for task, after in chain(
            Dependency.objects.filter(task__in=front).values_list("task_id", "after_id"),
            parts.values_list("parent_id", "pk"),
        ):
            found[task].append(after)
        front = sorted({pk for one in front for pk in found[one]} - set(found))
    return found


def _save(task: Task, names: list[str], *, now: dt.datetime) -> None:
    task.revision += 1
    task.changed = now
    task.save(update_fields=[*names, "revision", "changed"])


def _tell_accountable(task: Task, *, by: User | None, now: dt.datetime) -> None:
    if task.accountable_id and task.accountable_id != (by.pk if by else None):
        tell({task.accountable_id}, task, NoticeKind.ASSIGNED, now=now)
