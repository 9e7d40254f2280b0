"""Entering and editing an activity."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.editions.models import Edition
from cyberweek.editions.queries import editions_published
from cyberweek.kernel.views import once
from cyberweek.programme import actions, queries, rules
from cyberweek.programme.core.moderation import Act
from cyberweek.programme.forms import ActivityForm
from cyberweek.programme.models import Activity
from cyberweek.regions.queries import scope_of, units_changeable_by


@organiser_required
@once
def create(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    """Register an activity: as a draft, or sent in at once."""
    the_edition = get_object_or_404(editions_published(), slug=edition)
    if not rules.may_register(scope_of(request.user), the_edition):
        raise PermissionDenied(_("You enter activities for no unit, or this edition takes no more."))
    form = _form(request, the_edition, Activity())
    if request.method != "POST" or not form.is_valid():
        return _page(request, the_edition, form)
    entry = actions.Entry(form.save(commit=False), form.partners())
    now = timezone.now()
    activity = actions.register_activity(edition=the_edition, entry=entry, by=request.user, now=now)
    if request.POST.get("then") == "submit":
        actions.submit_activity(activity=activity, by=request.user, now=now)
        messages.success(request, _("%(code)s is registered and sent in.") % {"code": activity.code})
    else:
        messages.success(request, _("%(code)s is kept as a draft.") % {"code": activity.code})
    return redirect("programme:desk-detail", edition, activity.code)


@organiser_required
def edit(request: OrganiserRequest, edition: str, code: str) -> HttpResponseBase:
    """Change what was entered; what is published changes for the public at once."""
    the_edition = get_object_or_404(editions_published(), slug=edition)
    scope = scope_of(request.user)
    visible = queries.activities_visible_to(request.user, scope).filter(edition=the_edition)
    activity = get_object_or_404(queries.with_partners(visible), code=code)
    if not rules.may_edit(scope, activity):
        raise PermissionDenied(_("%(code)s is not yours to edit in its present state.") % {"code": code})
    form = _form(request, the_edition, activity)
    if request.method != "POST" or not form.is_valid():
        return _page(request, the_edition, form)
    fields = {name: form.cleaned_data[name] for name in actions.ENTERED}
    actions.edit_activity(activity=activity, fields=fields, partners=form.partners(), by=request.user)
    messages.success(request, _("%(code)s is saved.") % {"code": code})
    if request.POST.get("then") == "submit" and Act.SUBMIT in rules.acts_open(scope, activity):
        actions.submit_activity(activity=activity, by=request.user, now=timezone.now())
    return redirect("programme:desk-detail", edition, code)


def _form(request: OrganiserRequest, edition: Edition, activity: Activity) -> ActivityForm:
    return ActivityForm(
        request.POST or None,
        instance=activity,
        edition=edition,
        units=units_changeable_by(request.user),
    )


def _page(request: OrganiserRequest, edition: Edition, form: ActivityForm) -> HttpResponse:
    context = {
        "edition": edition,
        "form": form,
        "activity": form.instance if form.instance.pk else None,
    }
    return render(request, "programme/activity_form.html", context, status=422 if form.errors else 200)
