"""The jury as its organiser sees it, the outcome, awards and objections."""

from __future__ import annotations

from collections import defaultdict

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.honours import actions, queries, rules
from cyberweek.honours.core.awarding import propose
from cyberweek.honours.enums import State
from cyberweek.honours.forms import AwardsForm, DecisionForm, JurorForm, ObjectionForm
from cyberweek.kernel.views import once

from .shared import at_call, page, refused


@organiser_required
@once
def jury(request: OrganiserRequest, edition: str, call: int) -> HttpResponseBase:
    """Who sits on the jury and how far they are; add one."""
    at = at_call(request, edition, call)
    if not rules.runs(at.call, at.part):
        raise PermissionDenied(_("Whoever leads the call arranges its jury."))
    may_arrange = rules.may_arrange_jury(at.call, at.part)
    form = JurorForm(request.POST or None)
    if request.method == "POST" and may_arrange and form.is_valid():
        try:
            juror = actions.add_juror(call=at.call, person=form.cleaned_data["person"], by=request.user)
        except actions.RefusedError as why:
            form.refuse(why)
        else:
            messages.success(request, _("%(name)s is on the jury.") % {"name": juror})
            return redirect("honours:desk-jury", at.edition.slug, at.call.pk)
    return page(
        request, "desk_jury", at.edition, call=at.call, form=form, may_arrange=may_arrange,
        progress=queries.progress_of(at.call), declared=queries.conflicts_reasons(at.call),
    )  # fmt: skip


@require_POST
@organiser_required
def juror_remove(request: OrganiserRequest, edition: str, call: int, juror: int) -> HttpResponseBase:
    """Take somebody off the jury."""
    at = at_call(request, edition, call)
    if not rules.may_arrange_jury(at.call, at.part):
        raise PermissionDenied(_("Whoever leads the call arranges its jury."))
    gone = get_object_or_404(queries.jurors_of(at.call), pk=juror)
    try:
        actions.remove_juror(juror=gone, by=request.user)
    except actions.RefusedError as why:
        refused(request, why)
    return redirect("honours:desk-jury", at.edition.slug, at.call.pk)


@require_POST
@organiser_required
@once
def deal(request: OrganiserRequest, edition: str, call: int) -> HttpResponseBase:
    """Deal what is lacking after jurors stepped back or came."""
    at = at_call(request, edition, call)
    if not rules.may_arrange_jury(at.call, at.part):
        raise PermissionDenied(_("Whoever leads the call arranges its jury."))
    try:
        n = actions.assign_sheets(call=at.call, by=request.user)
    except actions.RefusedError as why:
        refused(request, why)
    else:
        messages.success(request, ngettext("%(n)d reading was added.", "%(n)d readings were added.", n) % {"n": n})
    return redirect("honours:desk-jury", at.edition.slug, at.call.pk)


@require_safe
@organiser_required
def results(request: OrganiserRequest, edition: str, call: int) -> HttpResponseBase:
    """Raw and corrected scores of all entries, each with the scores behind it, and how strict each juror was."""
    at = at_call(request, edition, call)
    if not rules.may_see_scores(at.call, at.part):
        raise PermissionDenied(_why_sealed(at.call.state))
    rows = list(queries.results_of(at.call))
    sheets = defaultdict(list)
    for sheet in queries.sheets_of_call(at.call):
        sheets[sheet.entry_id].append(sheet)
    ties: dict[int, int] = defaultdict(int)
    for row in rows:
        if row.tied and row.rank:
            ties[row.rank] += 1
    outcome = queries.outcome_of(at.call)
    names = {juror.pk: juror.person for juror in queries.jurors_of(at.call)}
    return page(
        request, "desk_results", at.edition, call=at.call, outcome=outcome, ties=sorted(ties.items()),
        lines=[(row, sheets[row.entry_id]) for row in rows], criteria=list(at.call.criteria.all()),
        severities=[(names[one.juror], one) for one in outcome.severities],
        may_award=at.call.state == State.SHORTLIST and rules.may_decide(at.call, at.part),
        has_sets=outcome.sets > 1,
    )  # fmt: skip


def _why_sealed(state: str) -> str:
    if state in rules.BLIND:
        return _("Scores are sealed until scoring has ended.")
    return _("You have an entry in this call, so its scores open to you once the cases are published.")


@organiser_required
def awards(request: OrganiserRequest, edition: str, call: int) -> HttpResponseBase:
    """Choose the awards, beginning with what the ranks propose, and announce them for objection."""
    at = at_call(request, edition, call)
    if at.call.state != State.SHORTLIST or not rules.may_decide(at.call, at.part):
        raise PermissionDenied(
            _("Awards are settled once scoring has ended, by somebody who has no entry in the call.")
        )
    rows = list(queries.results_of(at.call))
    proposal = propose([(row.entry_id, row.rank) for row in rows if row.rank], at.call.places())
    form = AwardsForm(request.POST or None, results=rows, proposed=proposal.levels)
    if request.method == "POST" and form.is_valid():
        try:
            actions.announce_awards(
                call=at.call, levels=form.levels(), citations=form.citations(), reason=form.cleaned_data["reason"],
                by=request.user, now=timezone.now(),
            )  # fmt: skip
        except actions.RefusedError as why:
            form.refuse(why)
        else:
            messages.success(request, _("The awards are announced and open to objections."))
            return redirect("honours:desk-call", at.edition.slug, at.call.pk)
    split = [(queries.award_label(level), len(entries)) for level, entries in proposal.split.items()]
    places = [(queries.award_label(level), n) for level, n in at.call.places()]
    return page(request, "desk_awards", at.edition, call=at.call, form=form, split=split, places=places)


@organiser_required
@once
def object_to(request: OrganiserRequest, edition: str, call: int) -> HttpResponseBase:
    """Object to a proposed award, for oneself or for somebody else."""
    at = at_call(request, edition, call)
    if not at.call.takes_objections(timezone.now()):
        raise PermissionDenied(_("The time for objections is over."))
    shortlist = list(queries.shortlist_of(at.call))
    form = ObjectionForm(request.POST or None, awards=shortlist, initial={"entry": request.GET.get("case")})
    if request.method == "POST" and form.is_valid():
        entry = next(one.entry for one in shortlist if str(one.entry_id) == form.cleaned_data["entry"])
        try:
            actions.object_to_award(
                call=at.call, entry=entry, text=form.cleaned_data["text"], source=form.cleaned_data["source"],
                by=request.user, now=timezone.now(),
            )  # fmt: skip
        except actions.RefusedError as why:
            form.refuse(why)
        else:
            messages.success(request, _("The objection is taken in. Somebody else decides it, with a reason."))
            return redirect("honours:desk-call", at.edition.slug, at.call.pk)
    return page(request, "desk_objection", at.edition, call=at.call, form=form)


@organiser_required
def decide(request: OrganiserRequest, edition: str, call: int, objection: int) -> HttpResponseBase:
    """Answer an objection."""
    at = at_call(request, edition, call)
    found = get_object_or_404(queries.objections_of(at.call), pk=objection)
    if not rules.may_decide_objection(at.call, at.part, found, request.user):
        raise PermissionDenied(
            _("Objections are decided by who leads the call, has no entry in it and did not object.")
        )
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.decide_objection(
                objection=found, upheld=form.cleaned_data["upheld"], decision=form.cleaned_data["decision"],
                by=request.user, now=timezone.now(),
            )  # fmt: skip
        except actions.RefusedError as why:
            form.refuse(why)
        else:
            messages.success(request, _("The objection is decided."))
            return redirect("honours:desk-call", at.edition.slug, at.call.pk)
    return page(request, "desk_decision", at.edition, call=at.call, objection=found, form=form)
