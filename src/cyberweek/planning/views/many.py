"""What is done to the ticked tasks of the list, and the list as a file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.kernel.views import piecemeal, streamed
from cyberweek.planning import rules
from cyberweek.planning.actions import many
from cyberweek.planning.formats import sheets
from cyberweek.planning.forms.tasks import ManyForm
from cyberweek.planning.models import Task
from cyberweek.planning.queries.tasks import in_state, people_to_set, tasks_visible_to, whole
from cyberweek.regions.queries import scope_of

from .asking import desk_of


@require_POST
@organiser_required
def act(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    """Remind, name who is accountable, shift, drop: all of the ticked tasks or none."""
    back = redirect(reverse("planning:task-list", args=[edition]) + f"?{request.GET.urlencode()}")
    scope = scope_of(request.user)
    form = ManyForm(request.POST, people=people_to_set(scope))
    if not form.is_valid():
        told = [str(error) for errors in form.errors.values() for error in errors]
        messages.error(request, _("Nothing was changed. %(why)s") % {"why": " ".join(told)})
        return back
    keys = form.cleaned_data["task"]
    tasks = list(whole(tasks_visible_to(request.user, scope)).filter(edition__slug=edition, pk__in=keys))
    name = form.cleaned_data["act"]
    may = rules.may_drop if name == "drop" else rules.may_remind
    foreign = [task for task in tasks if not may(scope, task)]
    if foreign or len(tasks) < len(set(keys)):
        names = _(", ").join(f"“{task.title}” ({task.unit})" for task in foreign[:5])
        refusal = _("Nothing was changed, for not all of these are yours to do this with: %(names)s")
        messages.error(request, refusal % {"names": names})
        return back
    try:
        messages.success(request, _done(request, form, name, tasks))
    except many.ManyRefused as refused:
        messages.error(request, _refused(refused, tasks))
    return back


def _refused(refused: many.ManyRefused, tasks: list[Task]) -> str:
    titles = {task.pk: task for task in tasks}
    told = [f"{titles[pk].title} ({titles[pk].unit}): {why}" for pk, why in list(refused.why.items())[:5]]
    return " ".join([_("Nothing was changed, for all are changed or none."), *told])


def _done(request: OrganiserRequest, form: ManyForm, name: str, tasks: list[Task]) -> str:
    given: dict[str, Any] = {"tasks": tasks, "by": request.user, "now": timezone.now()}
    if name == "remind":
        n = many.remind_tasks(**given)
        return ngettext("Reminded of %(n)d task.", "Reminded of %(n)d tasks.", n) % {"n": n}
    if name == "assign":
        n = many.assign_tasks(person=form.cleaned_data["person"], **given)
        text = ngettext("%(name)s is accountable for %(n)d task.", "%(name)s is accountable for %(n)d tasks.", n)
        return text % {"n": n, "name": form.cleaned_data["person"]}
    if name == "shift":
        n = many.shift_tasks(days=form.cleaned_data["days"], **given)
        return ngettext("%(n)d task is shifted.", "%(n)d tasks are shifted.", n) % {"n": n}
    n = many.drop_tasks(because=form.cleaned_data["because"], **given)
    return ngettext("%(n)d task is dropped.", "%(n)d tasks are dropped.", n) % {"n": n}


@require_safe
@organiser_required
def export(request: OrganiserRequest, edition: str, ending: str) -> HttpResponseBase:
    """What the list shows, all pages of it, as a table."""
    if ending not in sheets.MEDIA_TYPES:
        raise Http404
    desk = desk_of(request, edition)
    rows = in_state(desk.rows, desk.asked.state).defer("what", "deliverables", "arrangement__issued")
    named = rows.select_related("unit__region", "accountable", "theme_day", "arrangement", "edition")
    headers = {"Content-Disposition": f'attachment; filename="{edition}-tasks.{ending}"'}
    body = sheets.written(piecemeal(named), ending)
    return streamed(request, body, content_type=sheets.MEDIA_TYPES[ending], headers=headers)
