"""What is done on the page of a task: report, comment, evidence, what it waits for, break down, drop, remind."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.attachments.actions import Refused
from cyberweek.attachments.views import send, send_thumbnail
from cyberweek.kernel.actions import Outdated
from cyberweek.kernel.views import once
from cyberweek.planning import rules
from cyberweek.planning.actions import breakdown, many, remarks
from cyberweek.planning.actions import tasks as actions
from cyberweek.planning.forms.tasks import (
    BreakDownForm,
    CommentForm,
    DependencyForm,
    DropForm,
    EvidenceForm,
    ReportForm,
)
from cyberweek.planning.models import Evidence, Task
from cyberweek.planning.queries.tasks import evidence_of, tasks_visible_to, units_to_break_down_for
from cyberweek.regions.queries import Scope

from .asking import task_of
from .tasks import page, save_shared


def _mine(request: OrganiserRequest, edition: str, pk: int) -> tuple[Task, Scope]:
    task, scope = task_of(request, edition, pk)
    if not rules.may_work_on(scope, task):
        raise PermissionDenied(_("This task is not yours to work on."))
    return task, scope


@require_POST
@organiser_required
def report(request: OrganiserRequest, edition: str, pk: int) -> HttpResponseBase:
    """State, progress, what blocks it. A button of a quick step sends its own progress with the rest of the form."""
    task, scope = _mine(request, edition, pk)
    data = request.POST.copy()
    if step := data.get("step"):
        data["progress"] = step
        data["state"] = "done" if step == "100" else "doing" if step != "0" or task.state == "blocked" else "todo"
    form = ReportForm(data, task=task)
    saved = False
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("state", "progress", "blocker", "text")}
        try:
            saved = save_shared(form, lambda revision: actions.report_task(
                task=task, **given, revision=revision, by=request.user, now=timezone.now(),
            ))  # fmt: skip
        except actions.TaskRefused as refused:
            form.add_error(refused.field or None, str(refused.message))
    if not saved:
        return page(request, task, scope, report=form, status=409 if form.met else 422)
    messages.success(request, _("Reported."))
    return redirect("planning:task-detail", edition, pk)


@require_POST
@organiser_required
def move(request: OrganiserRequest, edition: str, pk: int) -> HttpResponseBase:
    """A card of the board goes to another column. Blocked wants a reason: that is asked on the task's page."""
    task, _scope = _mine(request, edition, pk)
    to = request.POST.get("to", "")
    if to == "blocked":
        return redirect(f"{_page_of(task)}?state=blocked#report")
    if to not in {"todo", "doing", "done"}:
        raise Http404
    progress = 0 if to == "todo" else min(task.progress, 90) if to == "doing" else 100
    try:
        actions.report_task(
            task=task, state=to, progress=progress, blocker="", revision=None, by=request.user, now=timezone.now()
        )
    except actions.TaskRefused as refused:
        messages.error(request, f"{task.title}: {refused.message}")
    return _back(request, reverse("planning:task-board", args=[edition]))


def _back(request: OrganiserRequest, usual: str) -> HttpResponseRedirect:
    """To where the button was pressed, as its page said."""
    back = request.POST.get("back", "")
    return redirect(back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else usual)


def _page_of(task: Task) -> str:
    return reverse("planning:task-detail", args=[task.edition.slug, task.pk])


@require_POST
@organiser_required
@once
def comment(request: OrganiserRequest, edition: str, pk: int) -> HttpResponseBase:
    task, scope = task_of(request, edition, pk)
    if not rules.may_comment(scope, task):
        raise PermissionDenied(_("This edition is put away."))
    form = CommentForm(request.POST, prefix="comment")
    if not form.is_valid():
        return page(request, task, scope, comment=form, status=422)
    remarks.comment_on(task=task, text=form.cleaned_data["text"], by=request.user, now=timezone.now())
    return redirect(f"{_page_of(task)}#history")


@require_POST
@organiser_required
@once
def give_evidence(request: OrganiserRequest, edition: str, pk: int) -> HttpResponseBase:
    task, scope = _mine(request, edition, pk)
    form = EvidenceForm(request.POST, request.FILES, by=request.user)
    if form.is_valid():
        try:
            n = remarks.add_evidence(
                task=task, files=form.cleaned_data["files"], by=request.user, now=timezone.now()
            )  # fmt: skip
        except Refused as refused:
            form.add_error("files", refused.message)
        else:
            messages.success(request, ngettext("%(n)d file is kept.", "%(n)d files are kept.", n) % {"n": n})
            return redirect(f"{_page_of(task)}#evidence")
    form.keep_files()
    return page(request, task, scope, evidence=form, status=422)


def _evidence(request: OrganiserRequest, edition: str, pk: int, file: int) -> tuple[Task, Evidence]:
    task, _scope = task_of(request, edition, pk)
    return task, get_object_or_404(evidence_of(task), pk=file)


@require_safe
@organiser_required
def evidence(request: OrganiserRequest, edition: str, pk: int, file: int) -> HttpResponseBase:
    """A file, to whoever sees the task."""
    return send(_evidence(request, edition, pk, file)[1].attachment, request=request)


@require_safe
@organiser_required
def evidence_small(request: OrganiserRequest, edition: str, pk: int, file: int) -> HttpResponseBase:
    return send_thumbnail(_evidence(request, edition, pk, file)[1].attachment, request=request)


@require_POST
@organiser_required
def evidence_remove(request: OrganiserRequest, edition: str, pk: int, file: int) -> HttpResponseBase:
    task, _scope = _mine(request, edition, pk)
    row = _evidence(request, edition, pk, file)[1]
    try:
        remarks.remove_evidence(task=task, evidence=row, by=request.user, now=timezone.now())
    except actions.TaskRefused as refused:
        messages.error(request, str(refused.message))
    return redirect(f"{_page_of(task)}#evidence")


@require_POST
@organiser_required
@once
def wait_for(request: OrganiserRequest, edition: str, pk: int) -> HttpResponseBase:
    """Add a task that it waits for; a circle is refused, naming the tasks in it."""
    task, scope = _mine(request, edition, pk)
    seen = tasks_visible_to(request.user, scope).filter(edition=task.edition)
    form = DependencyForm(request.POST, tasks=seen, near=list(seen.filter(unit=task.unit).exclude(pk=pk)[:100]))
    if form.is_valid():
        try:
            actions.add_dependency(task=task, after=form.cleaned_data["after"], by=request.user, now=timezone.now())
        except actions.CircleRefused as refused:
            names = " → ".join(str(one) for one in [*refused.tasks, refused.tasks[0]])
            form.add_error("after", _("They would wait for each other in a circle: %(names)s.") % {"names": names})
        else:
            return redirect(f"{_page_of(task)}#waits")
    return page(request, task, scope, dependency=form, status=422)


@require_POST
@organiser_required
def wait_no_more(request: OrganiserRequest, edition: str, pk: int, after: int) -> HttpResponseBase:
    task, _scope = _mine(request, edition, pk)
    other = get_object_or_404(task.after.all(), pk=after)
    actions.remove_dependency(task=task, after=other, by=request.user, now=timezone.now())
    return redirect(f"{_page_of(task)}#waits")


_CHANGED = gettext_lazy("The task was changed while you were writing. Look at its dates, and send it again.")


@organiser_required
@once
def break_down(request: OrganiserRequest, edition: str, pk: int) -> HttpResponseBase:
    """Make parts of a task for the units under its own."""
    task, scope = task_of(request, edition, pk)
    if not rules.may_break_down(scope, task):
        raise PermissionDenied(_("This task is not yours to break down."))
    below = units_to_break_down_for(request.user, scope, task)
    form = BreakDownForm(request.POST or None, task=task, below=below)
    if request.method == "POST" and form.is_valid() and "preview" not in request.POST:
        try:
            said = {name: form.cleaned_data[name] for name in ("follows", "revision")}
            parts = breakdown.break_down(
                task=task, units=form.addressed(), fields=form.entered(), by=request.user, now=timezone.now(), **said
            )
        except actions.TaskRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused.message))
        except Outdated as outdated:
            form.data = request.POST.dict() | {"revision": str(outdated.present.revision)}
            form.add_error(None, _CHANGED)
        else:
            told = ngettext("%(n)d unit has its part.", "%(n)d units have their parts.", len(parts))
            messages.success(request, told % {"n": len(parts)})
            return redirect(f"{_page_of(task)}#parts")
    seen = form.addressed() if form.is_bound and not form.errors else None
    context = {"edition": task.edition, "task": task, "form": form, "seen": seen, "n_below": below.count()}
    return render(request, "planning/task_break_down.html", context, status=422 if form.errors else 200)


@organiser_required
def drop(request: OrganiserRequest, edition: str, pk: int) -> HttpResponseBase:
    """Ask why, and take the task off the list."""
    task, scope = task_of(request, edition, pk)
    if not rules.may_drop(scope, task):
        raise PermissionDenied(_("Only who gave a task can drop it."))
    form = DropForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.drop_task(task=task, because=form.cleaned_data["because"], by=request.user, now=timezone.now())
        messages.success(request, _("The task is dropped."))
        return redirect("planning:task-detail", edition, pk)
    context: dict[str, Any] = {
        "edition": task.edition, "form": form, "heading": _("Drop “%(title)s”") % {"title": task.title},
        "submit": _("Drop the task"), "back": _page_of(task), "danger": True,
    }  # fmt: skip
    return render(request, "kernel/desk_form.html", context, status=422 if form.errors else 200)


@require_POST
@organiser_required
def remind(request: OrganiserRequest, edition: str, pk: int) -> HttpResponseBase:
    task, scope = task_of(request, edition, pk)
    if not rules.may_remind(scope, task):
        raise PermissionDenied(_("This task is not yours to chase."))
    if many.remind_tasks(tasks=[task], by=request.user, now=timezone.now()):
        messages.success(request, _("They are reminded at the desk now, and by mail in the morning."))
    else:
        messages.info(request, _("They were reminded today already, or there is nobody to remind."))
    return _back(request, _page_of(task))
