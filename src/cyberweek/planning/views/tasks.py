"""The page of one task, and entering and editing it."""

from __future__ import annotations

import datetime as dt
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
from cyberweek.attachments.views import rows_of
from cyberweek.editions.queries import editions_published, today_in
from cyberweek.kernel.actions import Outdated
from cyberweek.kernel.forms import SharedEditing
from cyberweek.planning import rules
from cyberweek.planning.actions import notices
from cyberweek.planning.actions import tasks as actions
from cyberweek.planning.core.deadlines import standing
from cyberweek.planning.core.progress import STEPS
from cyberweek.planning.forms.tasks import CommentForm, DependencyForm, EvidenceForm, ReportForm, TaskForm, row_of
from cyberweek.planning.models import Evidence, Task
from cyberweek.planning.queries import history
from cyberweek.planning.queries.tasks import (
    events_of,
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
    before, held = list(waits_for(task)), list(holds_up(task))
    parts = list(parts_of(task))
    events = list(events_of(task)[:EVENTS])
    may_work = rules.may_work_on(scope, task)
    near = tasks_visible_to(request.user, scope).filter(edition=task.edition, unit=task.unit).exclude(pk=task.pk)
    files = list(Evidence.objects.filter(task=task).select_related("attachment__by"))
    by_file = {one.attachment_id: one.pk for one in files}
    at = [task.edition.slug, task.pk]
    context = {
        "edition": task.edition,
        "task": task,
        "today": today,
        "standing": standing(task.state, task.due, today),
        "waits": [(one, standing(one.state, one.due, today)) for one in before],
        "holds": [(one, standing(one.state, one.due, today)) for one in held],
        "still": [one for one in before if one.state in {"todo", "doing", "blocked"}],
        "parts": [(one, standing(one.state, one.due, today)) for one in parts],
        "parts_done": sum(one.state == "done" for one in parts),
        "parts_live": sum(one.state != "dropped" for one in parts),
        "files": rows_of(
            [one.attachment for one in files],
            href=lambda one: reverse("planning:evidence", args=[*at, by_file[one.pk]]),
            thumbnail=lambda one: reverse("planning:evidence-small", args=[*at, by_file[one.pk]]),
            remove=(lambda one: reverse("planning:evidence-remove", args=[*at, by_file[one.pk]])) if may_work else None,
        ),
        "history": history.told_of(events),
        "more_history": len(events) == EVENTS,
        "plan_beside": history.plan_beside(task),
        "plan_changed": any(event.kind in {"plan-changed", "withdrawn"} for event in events[:1]),
        "report": ReportForm(task=task, wanted=request.GET.get("state", "")),
        "comment": CommentForm(prefix="comment"),
        "evidence": EvidenceForm(),
        "dependency": DependencyForm(tasks=near, near=list(near.order_by("due")[:100]) if may_work else []),
        "steps": STEPS,
        "may_work": may_work,
        "may_comment": rules.may_comment(scope, task),
        "may_break_down": rules.may_break_down(scope, task),
        "may_remind": rules.may_remind(scope, task) and task.state in {"todo", "doing", "blocked"},
        "may_drop": rules.may_drop(scope, task) and task.state in {"todo", "doing", "blocked"},
        **forms,
    }
    return render(request, "planning/task_detail.html", context, status=status)


@organiser_required
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
