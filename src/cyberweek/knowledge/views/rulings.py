"""Exclusions and objections on the desk. There is no list of participants: one is opened from the board, by number or by
receipt."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.editions.models import Edition
from cyberweek.kernel.views import page_of
from cyberweek.knowledge import actions, queries, rules
from cyberweek.knowledge.enums import ExclusionReason, RulingFault
from cyberweek.knowledge.forms.rulings import DecideForm, ExcludeForm, ObjectionDaysForm, ReadmitForm, WhoForm
from cyberweek.knowledge.models import Contest, Exclusion
from cyberweek.knowledge.queries import results
from cyberweek.knowledge.queries.rulings import has_begun, nickname_of, papers_of, participant_named
from cyberweek.passport.queries import nicknames_of

from .contests import find_contest


@organiser_required
def ruling_list(request: OrganiserRequest, edition: str, contest: str) -> HttpResponse:
    """Who may be opened, who is excluded, what objections wait, and how long one may object."""
    found, shown = ruled_contest(request, edition, contest)
    form = WhoForm(request.GET or None)
    if "who" in request.GET and form.is_valid():
        participant = participant_named(shown, form.cleaned_data["who"])
        if participant:
            return redirect("knowledge:desk-participant", found.slug, shown.slug, participant)
        form.add_error("who", _("Nobody of this number, and no receipt of this contest."))
    page = page_of(results.exclusions_of(shown), request)
    names = nicknames_of([str(row.participant) for row in page])
    return _page(
        request, "desk_rulings", found, contest=shown, who=form, page=page, board=queries.board_of(shown, found.scope),
        rows=[(row, names.get(str(row.participant), "")) for row in page],
        objections=list(results.objections_of(shown)[:50]), days=ObjectionDaysForm(initial={"days": shown.objection_days}),
    )  # fmt: skip


@require_POST
@organiser_required
def objection_days(request: OrganiserRequest, edition: str, contest: str) -> HttpResponse:
    """Set how long an excluded participant may object."""
    found, changed = ruled_contest(request, edition, contest)
    form = ObjectionDaysForm(request.POST)
    try:
        days = form.cleaned_data["days"] if form.is_valid() else 0
        actions.set_objection_days(contest=changed, days=days, by=request.user)
    except actions.RulingRefusedError as refused:
        messages.error(request, " ".join(refused.reasons), "bad")
    else:
        messages.success(request, _("Saved."))
    return redirect("knowledge:desk-rulings", found.slug, changed.slug)


@organiser_required
def participant_detail(request: OrganiserRequest, edition: str, contest: str, participant: UUID) -> HttpResponse:
    """One participant's papers; here they are excluded, and readmitted when that was a mistake."""
    found, shown = ruled_contest(request, edition, contest)
    if not has_begun(shown, participant):
        raise Http404
    exclusion = results.exclusion_of(shown, participant)
    in_force = exclusion if exclusion and exclusion.lifted is None else None
    form = (ReadmitForm if in_force else ExcludeForm)(request.POST or None)
    if request.POST.get("ruling") == "readmit" and not in_force:
        messages.error(request, RulingFault.say("not-excluded", {}), "bad")
        return redirect("knowledge:desk-participant", found.slug, shown.slug, participant)
    if request.method == "POST" and form.is_valid():
        try:
            told = _rule(request, shown, participant, in_force, form)
        except actions.RulingRefusedError as refused:
            form.refuse(refused.faults)
        else:
            messages.success(request, told)
            return redirect("knowledge:desk-participant", found.slug, shown.slug, participant)
    return _page(
        request, "desk_participant", found, contest=shown, participant=participant, exclusion=exclusion,
        in_force=in_force, objection=getattr(exclusion, "objection", None), form=form,
        nickname=nickname_of(participant), papers=papers_of(shown, participant),
    )  # fmt: skip


def _rule(request: OrganiserRequest, contest: Contest, participant: UUID, in_force: Exclusion | None, form: Any) -> str:
    told, now = form.cleaned_data, timezone.now()
    if in_force and request.POST.get("ruling") == "readmit":
        actions.readmit_participant(exclusion=in_force, reason=told["reason"], by=request.user, now=now)
        return _("Readmitted. All of the participant’s papers count again.")
    category = ExclusionReason(told.get("category", ExclusionReason.OTHER))
    actions.exclude_participant(
        contest=contest, participant=participant, category=category, reason=told["reason"], note=told.get("note", ""),
        by=request.user, now=now,
    )  # fmt: skip
    return _("Excluded. The boards follow within seconds; the result before is kept.")


@organiser_required
def objection_detail(request: OrganiserRequest, edition: str, contest: str, pk: int) -> HttpResponse:
    """One objection, and its decision: by somebody other than who excluded."""
    found, shown = ruled_contest(request, edition, contest)
    objection = get_object_or_404(results.objections_of(shown), pk=pk)
    may_decide = rules.may_decide(request.user, objection)
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not may_decide:
            raise PermissionDenied
        try:
            actions.decide_objection(
                objection=objection, readmit=request.POST.get("decision") == "readmit",
                answer=form.cleaned_data["answer"], reason=form.cleaned_data["reason"], by=request.user,
                now=timezone.now(),
            )  # fmt: skip
        except actions.RulingRefusedError as refused:
            form.refuse(refused.faults)
        else:
            messages.success(request, _("Decided. The participant can read your answer."))
            return redirect("knowledge:desk-objection", found.slug, shown.slug, pk)
    return _page(
        request, "desk_objection", found, contest=shown, objection=objection, exclusion=objection.exclusion, form=form,
        may_decide=may_decide, nickname=nickname_of(objection.exclusion.participant),
        papers=papers_of(shown, objection.exclusion.participant),
    )  # fmt: skip


def ruled_contest(request: OrganiserRequest, edition: str, slug: str) -> tuple[Edition, Contest]:
    """A contest that the person sees (else 404) and may rule on (else 403)."""
    found, contest = find_contest(request, edition, slug)
    if not rules.may_rule(request.user, contest):
        raise PermissionDenied
    return found, contest


def _page(request: OrganiserRequest, name: str, edition: Edition, **context: Any) -> HttpResponse:
    status = 422 if request.method == "POST" or (context.get("who") and context["who"].errors) else 200
    return render(request, f"knowledge/{name}.html", {"edition": edition, **context}, status=status)
