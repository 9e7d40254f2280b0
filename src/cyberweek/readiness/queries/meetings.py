"""Reads of meetings, and of what units report to them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from cyberweek.editions.models import Edition
from cyberweek.kernel.templatetags.look import day_short
from cyberweek.planning.enums import OPEN, TaskState
from cyberweek.planning.models import Dependency, Task
from cyberweek.readiness.core.one_page import cut
from cyberweek.readiness.enums import MeetingState, Reach
from cyberweek.readiness.models import AgendaItem, Decision, Meeting, UnitReport
from cyberweek.regions.models import Unit
from cyberweek.regions.queries import Scope, scope_of

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

MOST_REPORTS: Final = 200
"""Units that report to one meeting; more is no meeting."""


def meetings_visible_to(user: User, scope: Scope | None = None) -> QuerySet[Meeting]:
    """Meetings called by units that the person sees, and those to which their own units are called."""
    scope = scope or scope_of(user)
    called = Exists(
        UnitReport.objects.filter(meeting=OuterRef("pk"), unit__ancestry__overlap=list(scope.units)).exclude(
            meeting__state=MeetingState.PLANNED
        )
    )
    units = Unit.objects.filter(scope.seeing()).order_by()
    rows = Meeting.objects.filter(Q(unit__in=units) | called)
    return rows.select_related("edition", "unit", "region", "branch").defer("minutes")


def with_report_counts(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """… with `n_asked` and `n_in`."""
    return meetings.annotate(
        n_asked=Count("reports", distinct=True),
        n_in=Count("reports", filter=Q(reports__sent__isnull=False), distinct=True),
    )


def reports_visible_to(user: User, meeting: Meeting, scope: Scope | None = None) -> QuerySet[UnitReport]:
    """Who sees the meeting's unit sees every page; a unit that was called sees its own and those of its region."""
    scope = scope or scope_of(user)
    rows = UnitReport.objects.filter(meeting=meeting).select_related("unit__region", "by", "meeting__edition")
    if scope.units & set(meeting.unit.ancestry):
        return rows
    return rows.filter(scope.seeing("unit"))


def reports_owed(user: User, edition: Edition, scope: Scope | None = None) -> QuerySet[UnitReport]:
    """Pages that the person's own units still owe to a meeting, what is wanted soonest first."""
    scope = scope or scope_of(user)
    rows = UnitReport.objects.filter(
        meeting__edition=edition, meeting__state=MeetingState.CALLED, sent=None, unit__in=scope.editing
    )
    return rows.select_related("unit", "meeting__edition").order_by("meeting__reports_due", "pk")


def units_asked(unit: Unit, *, region: str | None, branch: Unit | None, reach: str) -> QuerySet[Unit]:
    """The units that report to a meeting which `unit` calls about a region or a branch: those of its own under it."""
    own = Unit.objects.filter(ancestry__contains=[unit.pk])
    if branch is not None:
        found = own.filter(ancestry__contains=[branch.pk])
        if reach == Reach.RIGHT_UNDER:
            found = found.filter(parent=branch)
        return found.exclude(pk=unit.pk)
    found = own.filter(region__ancestry__contains=[region])
    if reach == Reach.RIGHT_UNDER:
        found = found.filter(Q(region__parent=region) | Q(region=region), parent=unit)
    return found.exclude(pk=unit.pk)


def items_of(meeting: Meeting) -> list[AgendaItem]:
    return list(AgendaItem.objects.filter(meeting=meeting).order_by("number"))


def decisions_of(meeting: Meeting) -> QuerySet[Decision]:
    """With the state of the task that each became."""
    rows = Decision.objects.filter(meeting=meeting).select_related("unit", "accountable", "task", "item")
    return rows.order_by("number")


def decisions_pending(meeting: Meeting) -> QuerySet[Decision]:
    """What earlier meetings of the same unit decided and is not done yet, most urgent first."""
    rows = Decision.objects.filter(
        meeting__unit=meeting.unit_id, meeting__edition=meeting.edition_id, meeting__starts__lt=meeting.starts,
        task__state__in=OPEN,
    )  # fmt: skip
    return rows.select_related("unit", "accountable", "task", "meeting").order_by("due", "pk")


def reports_first_missing(rows: QuerySet[UnitReport]) -> QuerySet[UnitReport]:
    """What is not in comes first, then by unit."""
    missing = Case(When(sent=None, then=Value(0)), default=Value(1))
    return rows.order_by(missing, "unit__code")


# -- What a unit's page begins with: what its tasks say -------------------------------------------------------------


@dataclass
class Work:
    """How far one unit is: its tasks that were not dropped, on a day."""

    done: list[Task] = field(default_factory=list)
    doing: list[Task] = field(default_factory=list)
    late: list[Task] = field(default_factory=list)  # overdue or blocked
    todo: int = 0
    overdue: int = 0
    blocked: int = 0
    asked: list[Task] = field(default_factory=list)  # tasks of other units for which its own wait

    @property
    def total(self) -> int:
        return len(self.done) + len(self.doing) + len(self.late) + self.todo


def work_of(edition: Edition, units: Iterable[int], *, today: dt.date) -> dict[int, Work]:
    """For each of the units how far it is: two queries."""
    ids = list(units)
    found: dict[int, Work] = {pk: Work() for pk in ids}
    tasks = Task.objects.filter(edition=edition, unit__in=ids).exclude(state=TaskState.DROPPED)
    for task in tasks.defer("what", "deliverables").order_by("due", "pk"):
        _count(found[task.unit_id], task, today)
    waits = Dependency.objects.filter(task__edition=edition, task__unit__in=ids, task__state__in=OPEN)
    rows = waits.filter(after__state__in=OPEN).select_related("task", "after__unit").order_by("after__due", "pk")
    seen: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        unit = row.task.unit_id
        if row.after.unit_id != unit and row.after_id not in seen[unit]:
            seen[unit].add(row.after_id)
            found[unit].asked.append(row.after)
    return found


def _count(work: Work, task: Task, today: dt.date) -> None:
    if task.state == TaskState.DONE:
        work.done.append(task)
        return
    is_overdue = task.due < today
    work.overdue += is_overdue
    work.blocked += task.state == TaskState.BLOCKED
    if is_overdue or task.state == TaskState.BLOCKED:
        work.late.append(task)
    elif task.state == TaskState.DOING:
        work.doing.append(task)
    else:
        work.todo += 1


def texts_of(work: Work, *, today: dt.date) -> dict[str, str]:
    """The four texts with which a unit's page begins, in the active language, each short enough for it."""
    more = _("… and %(n)d more")
    done = [str(task.title) for task in reversed(work.done)]
    doing = [
        _("%(title)s: %(progress)d%%, until %(day)s")
        % {"title": task.title, "progress": task.progress, "day": day_short(task.due)}
        for task in work.doing
    ]
    asked = [
        _("%(unit)s: %(title)s, until %(day)s") % {"unit": one.unit, "title": one.title, "day": day_short(one.due)}
        for one in work.asked
    ]
    return {
        "done": cut(done, more),
        "doing": cut(doing, more),
        "troubles": cut([_trouble(task, today) for task in work.late], more),
        "asks": cut(asked, more),
    }


def _trouble(task: Task, today: dt.date) -> str:
    late = (today - task.due).days
    words = {"title": task.title, "n": late, "why": task.blocker}
    if task.state == TaskState.BLOCKED and late > 0:
        return _("%(title)s: %(n)d d late, blocked: %(why)s") % words
    if task.state == TaskState.BLOCKED:
        return _("%(title)s: blocked: %(why)s") % words
    return _("%(title)s: %(n)d d late") % words
