"""What was learned: noted at any time, printed in the summary, handed on."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.kernel.actions import Outdated
from cyberweek.kernel.views import once, page_of
from cyberweek.summaries import actions
from cyberweek.summaries.forms import LessonForm
from cyberweek.summaries.models import Lesson
from cyberweek.summaries.queries import summaries as queries

from .shared import At, at_unit, page


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
@once
def lesson_list(request: OrganiserRequest, edition: str, unit: str) -> HttpResponseBase:
    """The unit's lessons, and a form for another."""
    at = at_unit(request, edition, unit)
    form = LessonForm(request.POST if request.method == "POST" else None, instance=Lesson())
    if request.method == "POST":
        if not at.may_write:
            raise PermissionDenied
        if form.is_valid():
            words = {name: form.cleaned_data[name] for name in ("what", "why", "next_time")}
            actions.add_lesson(edition=at.edition, unit=at.unit, **words, by=request.user, now=timezone.now())
            messages.success(request, _("Noted. It stands in the summary and goes on to the next host."))
            return redirect("summaries:lessons", edition, unit)
    rows = page_of(queries.lessons_of(at.edition, at.unit), request)
    below = page_of(queries.lessons_below(at.edition, at.unit), request) if not form.errors else None
    context = {"form": form, "page": rows, "below": below}
    return page(request, "lesson_list", at, context, status=422 if form.errors else 200)


def _lesson(request: OrganiserRequest, edition: str, unit: str, pk: int) -> tuple[At, Lesson]:
    at = at_unit(request, edition, unit)
    lesson = get_object_or_404(queries.lessons_of(at.edition, at.unit), pk=pk)
    if not at.may_write:
        raise PermissionDenied
    return at, lesson


_MEANWHILE = gettext_lazy(
    "Somebody else has saved it meanwhile. What they wrote stands below, what you wrote in the fields;"
    " saving again keeps yours."
)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def lesson_edit(request: OrganiserRequest, edition: str, unit: str, pk: int) -> HttpResponseBase:
    """Change a lesson."""
    at, lesson = _lesson(request, edition, unit, pk)
    form = LessonForm(
        request.POST if request.method == "POST" else None, instance=lesson, initial={"revision": lesson.revision}
    )
    theirs = None
    if request.method == "POST" and form.is_valid():
        words = {name: form.cleaned_data[name] for name in ("what", "why", "next_time")}
        try:
            actions.edit_lesson(
                lesson=lesson, **words, revision=form.cleaned_data["revision"] or 0, by=request.user, now=timezone.now()
            )
        except Outdated as found:
            theirs = found.present
            form.data = {**request.POST.dict(), "revision": str(theirs.revision)}
            form.add_error(None, _MEANWHILE)
        else:
            messages.success(request, _("Saved."))
            return redirect("summaries:lessons", edition, unit)
    context = {"form": form, "lesson": lesson, "theirs": theirs}
    return page(request, "lesson_form", at, context, status=422 if form.errors else 200)


@require_POST
@organiser_required
def lesson_remove(request: OrganiserRequest, edition: str, unit: str, pk: int) -> HttpResponseBase:
    """Take a lesson out."""
    _at, lesson = _lesson(request, edition, unit, pk)
    actions.remove_lesson(lesson=lesson, by=request.user)
    messages.success(request, _("Taken out. Versions that were frozen with it keep it."))
    return redirect("summaries:lessons", edition, unit)
