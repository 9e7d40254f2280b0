"""Calls at the desk: the list, one call, making and editing it, its steps."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.editions.queries import editions_published
from cyberweek.honours import actions, queries, rules
from cyberweek.honours.core.flow import Step, next_step
from cyberweek.honours.enums import EntryState, State
from cyberweek.honours.forms import CallForm
from cyberweek.honours.models import Call
from cyberweek.kernel.views import once, page_of
from cyberweek.regions.models import Unit
from cyberweek.regions.queries import scope_of

from .shared import AtCall, at_call, page, refused


@require_safe
@organiser_required
def call_list(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    """The edition's calls, and the juries on which the person sits."""
    found = get_object_or_404(editions_published(), slug=edition)
    scope = scope_of(request.user)
    visible = queries.calls_visible_to(request.user, scope).filter(edition=found)
    state = request.GET.get("state", "")
    rows = visible.filter(state=state) if state in State.values else visible
    rows = queries.with_call_counts(rows).order_by("-closes", "-pk")
    return page(
        request, "desk_call_list", found, page=page_of(rows, request), tabs=_tabs(visible, state), now=timezone.now(),
        juries=queries.juries_of(request.user, found)[:20], may_call=rules.may_call(scope), here="calls",
    )  # fmt: skip


def _tabs(visible: Any, state: str) -> list[tuple[str, str, int, bool]]:
    """Value, label, how many, whether it is open."""
    counts = queries.call_counts(visible)
    labels = [("", _("All"), sum(counts.values()))]
    labels += [(one.value, str(one.label), counts[one.value]) for one in State if counts[one.value]]
    return [(value, label, n, value == state) for value, label, n in labels]


@require_safe
@organiser_required
def call_detail(request: OrganiserRequest, edition: str, call: int) -> HttpResponseBase:
    """One call: what is asked, where it stands, and what comes next."""
    at = at_call(request, edition, call)
    now = timezone.now()
    return page(request, "desk_call_detail", at.edition, call=at.call, now=now, **_context(request, at, now))


def _context(request: OrganiserRequest, at: AtCall, now: dt.datetime) -> dict[str, Any]:
    call, part, runs = at.call, at.part, rules.runs(at.call, at.part)
    entries = queries.entries_visible_to(request.user, at.scope)
    own = entries.filter(call=call, unit__ancestry__overlap=list(at.scope.units))
    may_enter = call.takes_entries(now) and queries.units_addressed(request.user, call, at.scope).exists()
    return {
        "criteria": list(call.criteria.all()),
        "places": [(queries.award_label(level), n) for level, n in call.places()],
        "runs": runs,
        "stages": State.choices,
        "part": part,
        "step": next_step(call.state),
        "may_take": runs and (call.state not in {State.SHORTLIST, State.OBJECTION} or rules.may_decide(call, part)),
        "may_edit": rules.may_edit_call(call, part),
        "may_enter": may_enter,
        "may_see_scores": rules.may_see_scores(call, part),
        "may_object": call.takes_objections(now),
        "n_sent": queries.entry_counts(entries.filter(call=call))[EntryState.SUBMITTED] if runs else None,
        "own": list(own.order_by("-changed")[:5]),
        "n_own": own.count(),
        "progress": queries.progress_of(call) if runs else [],
        "moves": queries.moves_of(call),
        "objections": queries.objections_of(call)[:50] if runs else [],
        "awards": queries.shortlist_of(call),
    }


@organiser_required
@once
def call_create(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    """Make a call, as a draft."""
    found = get_object_or_404(editions_published(), slug=edition)
    scope = scope_of(request.user)
    if not rules.may_call(scope):
        raise PermissionDenied(_("Coordinators and reviewers of a unit call for cases."))
    units = queries.units_that_call(scope)
    form = CallForm(request.POST or None, instance=Call(edition=found), edition=found, units=units)
    if request.method == "POST" and form.is_valid():
        owner: Unit = form.cleaned_data["owner"]
        made = actions.create_call(
            edition=found, owner=owner, fields=form.written(), rubric=form.rubric(), by=request.user, now=timezone.now()
        )
        messages.success(request, _("The call is kept as a draft. Open it when it says all it should."))
        return redirect("honours:desk-call", found.slug, made.pk)
    return page(request, "desk_call_form", found, form=form, call=None)


@organiser_required
def call_edit(request: OrganiserRequest, edition: str, call: int) -> HttpResponseBase:
    """Change a call: once it is open only what does not touch what units count on."""
    at = at_call(request, edition, call)
    if not rules.may_edit_call(at.call, at.part):
        raise PermissionDenied(_("This call is not yours to edit in its present state."))
    form = CallForm(request.POST or None, instance=at.call, edition=at.edition)
    if request.method == "POST" and form.is_valid():
        rubric = form.rubric() if form.is_draft else None
        try:
            actions.edit_call(call=at.call, fields=form.written(), rubric=rubric, by=request.user)
        except actions.RefusedError as why:
            form.refuse(why)
        else:
            messages.success(request, _("The call is saved."))
            return redirect("honours:desk-call", at.edition.slug, at.call.pk)
    return page(request, "desk_call_form", at.edition, form=form, call=at.call)


_TAKE = {
    Step.OPEN: actions.open_call,
    Step.CLOSE: actions.close_call,
    Step.SCORE: actions.begin_scoring,
    Step.SHORTLIST: actions.end_scoring,
    Step.PUBLISH: actions.publish_cases,
}


@require_POST
@organiser_required
def call_step(request: OrganiserRequest, edition: str, call: int, step: str) -> HttpResponseBase:
    """Take a step; announcing has a form of its own (`results.awards`)."""
    at = at_call(request, edition, call)
    wanted = Step(step)
    settles = wanted is Step.PUBLISH
    if not (rules.may_decide(at.call, at.part) if settles else rules.runs(at.call, at.part)):
        raise PermissionDenied(_("This step is not yours to take."))
    try:
        moved = _TAKE[wanted](call=at.call, by=request.user, now=timezone.now())
    except actions.RefusedError as why:
        refused(request, why)
    else:
        messages.success(request, _("“%(title)s”: %(state)s.") % {"title": moved, "state": moved.get_state_display()})
    return redirect("honours:desk-call", at.edition.slug, at.call.pk)
