"""The page of one task, and entering and editing it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.attachments.models import Attachment
from cyberweek.attachments.views import Row, rows_of
from cyberweek.editions.queries import editions_published, today_in
from cyberweek.kernel.actions import Outdated
from cyberweek.kernel.forms import SharedEditing
from cyberweek.kernel.views import once
from cyberweek.planning import rules
from cyberweek.planning.actions import notices
from cyberweek.planning.actions import tasks as actions
from cyberweek.planning.core.deadlines import standing
from cyberweek.planning.core.progress import STEPS
from cyberweek.planning.enums import OPEN, TaskState
from cyberweek.planning.forms.tasks import CommentForm, DependencyForm, EvidenceForm, ReportForm, TaskForm, row_of
from cyberweek.planning.models import Task
from cyberweek.planning.queries import history
from cyberweek.planning.queries.tasks import (
    events_of,
    evidence_of,
    holds_up,
    parts_of,
    people_to_name,
    people_to_set,
    tasks_visible_to,
    waits_for,
)
from cyberweek.regions.queries import Scope, scope_of, units_changeable_by

from .asking import task_of

EVENTS = 60


@require_safe
@organiser_required
def task_detail(request: OrganiserRequest, edition: str, pk: int) -> HttpResponseBase:
    task, scope = task_of(request, edition, pk)
    notices.read_notices(user=request.user, edition=task.edition, now=timezone.now(), task=task)
    return page(request, task, scope)


def page(
    request: OrganiserRequest, task: Task, scope: Scope, *, status: int = 200, **forms: Any
) -> HttpResponse:  # fmt: skip
    """The page with what was typed into one of its forms, where something was."""
    today = today_in(task.edition, now=timezone.now())
    events = list(events_of(task)[:EVENTS])
    context = {
        "edition": task.edition, "task": task, "today": today, "standing": standing(task.state, task.due, today),
        "history": history.told_of(events), "more_history": len(events) == EVENTS,
        "plan_beside": history.plan_beside(task),
        "plan_changed": any(event.kind in {"plan-changed", "withdrawn"} for event in events[:1]),
        "steps": STEPS, **_neighbours(task, today), **_leave(scope, task), "files": _files(scope, task),
        **_forms(request, task, scope), **forms,
    }  # fmt: skip
    return render(request, "planning/task_detail.html", context, status=status)


def _neighbours(task: Task, today: dt.date) -> dict[str, Any]:
    """What it waits for, what waits for it, and its parts, each with its standing."""

    def stand(rows: list[Task]) -> list[tuple[Task, Any]]:
        return [(one, standing(one.state, one.due, today)) for one in rows]

    before, parts = list(waits_for(task)), list(parts_of(task))
    return {
        "waits": stand(before), "holds": stand(list(holds_up(task))), "still": [one for one in before if one.state in OPEN],
        "parts": stand(parts), "parts_done": sum(one.state == TaskState.DONE for one in parts),
        "parts_live": sum(one.state != TaskState.DROPPED for one in parts),
    }  # fmt: skip


def _leave(scope: Scope, task: Task) -> dict[str, bool]:
    """What this person may do with it now."""
    is_open = task.state in OPEN
    return {
        "may_work": rules.may_work_on(scope, task), "may_comment": rules.may_comment(scope, task),
        "may_break_down": rules.may_break_down(scope, task),
        "may_remind": rules.may_remind(scope, task) and is_open, "may_drop": rules.may_drop(scope, task) and is_open,
    }  # fmt: skip


def _files(scope: Scope, task: Task) -> list[Row]:
    """The evidence as rows of files."""
    files = list(evidence_of(task))
    by_file = {one.attachment_id: one.pk for one in files}

    def address(route: str) -> Callable[[Attachment], str]:
        return lambda one: reverse(f"planning:{route}", args=[task.edition.slug, task.pk, by_file[one.pk]])

    return rows_of(
        [one.attachment for one in files], href=address("evidence"), thumbnail=address("evidence-small"),
        remove=address("evidence-remove") if rules.may_work_on(scope, task) else None,
    )  # fmt: skip


def _forms(request: OrganiserRequest, task: Task, scope: Scope) -> dict[str, Any]:
    near = tasks_visible_to(request.user, scope).filter(edition=task.edition, unit=task.unit).exclude(pk=task.pk)
    offered = list(near.order_by("due")[:100]) if rules.may_work_on(scope, task) else []
    return {
        "report": ReportForm(task=task, wanted=request.GET.get("state", "")), "comment": CommentForm(prefix="comment"), "evidence": EvidenceForm(),
        "dependency": DependencyForm(tasks=near, near=offered),
    }  # fmt: skip


@organiser_required
@once
def create(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    """A task of a unit's own."""
    the_edition = get_object_or_404(editions_published(), slug=edition)
    scope = scope_of(request.user)
    if not scope.editing or not rules.takes_work(the_edition):
        raise PermissionDenied(_("You enter tasks for no unit, or this edition is put away."))
    today = today_in(the_edition, now=timezone.now())
    first = {name: request.GET[name][:120] for name in ("unit",) if name in request.GET}
    units = units_changeable_by(request.user, scope).order_by("ancestry__len", "code")
    form = TaskForm(
        request.POST or None, instance=Task(begins=today, due=today + dt.timedelta(days=7)), edition=the_edition,
        people=people_to_set(scope), units=units, initial=first,
    )  # fmt: skip
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, the_edition, form, None)
    task = actions.add_task(
        edition=the_edition, unit=form.cleaned_data["unit"], fields=form.entered(), by=request.user, now=timezone.now()
    )
    messages.success(request, _("The task is added."))
    return redirect("planning:task-detail", edition, task.pk)


@organiser_required
def edit(request: OrganiserRequest, edition: str, pk: int) -> HttpResponseBase:
    """Change what a task says. Who comes second sees what the first changed, and saves again."""
    task, scope = task_of(request, edition, pk)
    if not rules.may_work_on(scope, task):
        raise PermissionDenied(_("This task is not yours to edit."))
    form = TaskForm(
        request.POST or None, instance=task, edition=task.edition, people=people_to_name(task.unit),
        has_parts=task.parts.exists(),
    )  # fmt: skip
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, task.edition, form, task)
    try:
        saved = save_shared(form, lambda revision: actions.edit_task(
            task=task, fields=form.entered(), revision=revision, by=request.user, now=timezone.now(),
        ))  # fmt: skip
    except actions.TaskRefused as refused:
        form.add_error(refused.field or None, str(refused.message))
        saved = False
    if not saved:
        return _form_page(request, task.edition, form, task)
    messages.success(request, _("The task is saved."))
    return redirect("planning:task-detail", edition, pk)


def save_shared(form: SharedEditing, save: Any) -> bool:
    """Save a valid form; False when somebody else changed the same row meanwhile, and the form now says so."""
    try:
        save(form.revision)
    except Outdated as outdated:
        present: Task = outdated.present
        last = history.who_changed(present)
        row = row_of(present, form.shared)
        if form.meet(revision=present.revision, row=row, by=last.by if last else None, at=last.at if last else None):
            return False
        return form.is_valid() and save_shared(form, save)
    return True


def _form_page(
    request: OrganiserRequest, edition: Any, form: TaskForm, task: Task | None
) -> HttpResponse:  # fmt: skip
    status = 409 if form.met else 422 if form.errors else 200
    context = {"edition": edition, "form": form, "task": task}
    return render(request, "planning/task_form.html", context, status=status)
