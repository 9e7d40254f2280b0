"""The papers of a meeting: the agenda pack, and the minutes with their decisions."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.documents.formats.docx import docx_file
from cyberweek.documents.formats.html import page_parts
from cyberweek.documents.formats.pdf import pdf_file
from cyberweek.editions.queries import today_in
from cyberweek.kernel.actions import Outdated
from cyberweek.kernel.core.localized import LANGUAGES
from cyberweek.kernel.views import once
from cyberweek.readiness import jobs
from cyberweek.readiness.actions import briefs, minutes
from cyberweek.readiness.actions.meetings import RefusedError
from cyberweek.readiness.enums import BriefState, MeetingState
from cyberweek.readiness.forms.fields import said_with, tongue
from cyberweek.readiness.forms.meetings import AttendeeForm, DecisionForm, MinutesForm
from cyberweek.readiness.models import Brief, Meeting
from cyberweek.readiness.queries.briefs import briefs_of, content_of, file_of
from cyberweek.readiness.queries.meetings import decisions_of
from cyberweek.readiness.queries.papers import brief_document, minutes_document
from cyberweek.regions.queries import units_changeable_by

from .meetings import TAB, meeting_at, meeting_to_change
from .shared import as_file, page, refused

AT_ONCE: Final = 4
"""Units in a pack that is made while the page waits (some 2 s); larger ones are made by the job."""


@require_POST
@organiser_required
def brief_freeze(request: OrganiserRequest, edition: str, meeting: int) -> HttpResponseBase:
    """One press: freeze what is known now, make the files, and give the one that was asked for."""
    _found, row, _scope = meeting_to_change(request, edition, meeting)
    brief = briefs.freeze_brief(meeting=row, by=request.user, now=timezone.now())
    if brief.state != BriefState.READY:
        if len(brief.content["reports"]) <= AT_ONCE:
            briefs.make_files(brief.pk)
        else:
            jobs.make_brief.defer(brief=brief.pk)
    wanted = request.POST.get("want", "")
    address = reverse("readiness:brief-detail", args=[edition, meeting, brief.number])
    return redirect(f"{address}?want={wanted}" if wanted else address)


def _brief(request: OrganiserRequest, edition: str, meeting: int, number: int) -> tuple[Any, Meeting, Brief]:
    found, row, _scope = meeting_at(request, edition, meeting)
    # The pack holds every unit's page: it is for those who see the meeting's unit, and for those who are called.
    return found, row, get_object_or_404(briefs_of(row), number=number)


@require_safe
@organiser_required
def brief_detail(request: OrganiserRequest, edition: str, meeting: int, number: int) -> HttpResponseBase:
    """One pack: how far its files are, its hash, and what it says, to be read on the screen."""
    found, row, brief = _brief(request, edition, meeting, number)
    wanted = request.GET.get("want", "")
    language, _dot, ending = wanted.partition(".")
    if brief.state == BriefState.READY and (language, ending) in briefs.FILES:
        return redirect("readiness:brief-file", edition, meeting, number, language, ending)
    document = brief_document(
        content_of(brief), language=tongue(), digest=brief.digest, at=brief.at, number=brief.number,
    )  # fmt: skip
    return page(
        request, "brief_detail", found, TAB, meeting=row, brief=brief, files=briefs.FILES,
        document=page_parts(document), wanted=wanted,
    )  # fmt: skip


@require_safe
@organiser_required
def brief_file(
    request: OrganiserRequest, edition: str, meeting: int, number: int, language: str, ending: str
) -> HttpResponseBase:
    """One file of a pack: the same bytes for everybody."""
    _found, row, brief = _brief(request, edition, meeting, number)
    if (language, ending) not in briefs.FILES:
        raise Http404
    file = file_of(brief, language, ending)
    if file is None:
        messages.info(request, _("This file is still being made."))
        return redirect("readiness:brief-detail", edition, meeting, number)
    return as_file(bytes(file.body), f"{row.title.in_language(language)} {number}", ending)


@organiser_required
def minutes_edit(request: OrganiserRequest, edition: str, meeting: int) -> HttpResponseBase:
    """Write the minutes; below them what was decided, who was there beside those who were called, and approving."""
    found, row, _scope = meeting_to_change(request, edition, meeting)
    form = MinutesForm(request.POST or None, meeting=row)
    if request.method == "POST" and form.is_valid():
        while True:
            try:
                minutes.write_minutes(meeting=row, revision=form.revision, by=request.user, **form.written())
            except RefusedError as why:
                refused(request, why)
                return redirect("readiness:meeting-detail", edition, meeting)
            except Outdated as outdated:
                if form.meet(revision=outdated.present.revision, row=form.present(outdated.present)) or form.errors:
                    break
            else:
                messages.success(request, _("The minutes are saved."))
                return redirect("readiness:minutes-edit", edition, meeting)
    return _minutes_page(request, found, row, form=form)


def _minutes_page(request: OrganiserRequest, edition: Any, row: Meeting, **forms: Any) -> HttpResponseBase:
    today = today_in(edition, now=timezone.now())
    units = units_changeable_by(request.user)
    shown = {
        "form": MinutesForm(meeting=row),
        "decision": DecisionForm(meeting=row, units=units, today=today),
        "attendee": AttendeeForm(),
        **forms,
    }
    return page(
        request, "minutes_form", edition, TAB, meeting=row, decisions=list(decisions_of(row)),
        opened=[name for name in forms if name != "form"], **shown,
    )  # fmt: skip


@require_POST
@organiser_required
@once
def decision_add(request: OrganiserRequest, edition: str, meeting: int) -> HttpResponseBase:
    """Enter what was decided."""
    found, row, scope = meeting_to_change(request, edition, meeting)
    today = today_in(found, now=timezone.now())
    form = DecisionForm(request.POST, meeting=row, units=units_changeable_by(request.user, scope), today=today)
    if not form.is_valid():
        return _minutes_page(request, found, row, decision=form)
    data = form.cleaned_data
    try:
        made = minutes.add_decision(
            meeting=row, what=said_with(data["what"]), unit=data["unit"], due=data["due"],
            accountable=data["accountable"], item=data["item"], by=request.user,
        )  # fmt: skip
    except RefusedError as why:
        refused(request, why)
    else:
        told = _("Decision %(n)d is entered. It becomes a task once the minutes are approved.")
        messages.success(request, told % {"n": made.number})
    return redirect(reverse("readiness:minutes-edit", args=[edition, meeting]) + "#decisions")


@require_POST
@organiser_required
def decision_remove(request: OrganiserRequest, edition: str, meeting: int, number: int) -> HttpResponseBase:
    _found, row, _scope = meeting_to_change(request, edition, meeting)
    decision = get_object_or_404(decisions_of(row), number=number)
    try:
        minutes.remove_decision(decision=decision, by=request.user)
    except RefusedError as why:
        refused(request, why)
    return redirect(reverse("readiness:minutes-edit", args=[edition, meeting]) + "#decisions")


@require_POST
@organiser_required
@once
def attendee_add(request: OrganiserRequest, edition: str, meeting: int) -> HttpResponseBase:
    """Somebody who was there beside those who were called."""
    found, row, _scope = meeting_to_change(request, edition, meeting)
    form = AttendeeForm(request.POST)
    if not form.is_valid():
        return _minutes_page(request, found, row, attendee=form)
    try:
        minutes.add_attendee(meeting=row, unit=None, by=request.user, **form.cleaned_data)
    except RefusedError as why:
        refused(request, why)
    return redirect(reverse("readiness:minutes-edit", args=[edition, meeting]) + "#attendance")


@require_POST
@organiser_required
def minutes_approve(request: OrganiserRequest, edition: str, meeting: int) -> HttpResponseBase:
    """Approve what was read: the page sends the revision that it showed."""
    _found, row, _scope = meeting_to_change(request, edition, meeting)
    revision = request.POST.get("revision", "")
    try:
        minutes.approve_minutes(
            meeting=row,
            revision=int(revision) if revision.isdecimal() and len(revision) < 10 else 0,
            by=request.user,
            now=timezone.now(),
        )
    except Outdated:
        messages.error(
            request, _("The minutes were changed since you read them. Read them again, then approve."), "bad"
        )
        return redirect("readiness:minutes-edit", edition, meeting)
    except RefusedError as why:
        refused(request, why)
    else:
        messages.success(
            request, _("The minutes are approved and stay as they are; what was decided is on its way as tasks.")
        )
    return redirect("readiness:meeting-detail", edition, meeting)


@require_safe
@organiser_required
def minutes_file(request: OrganiserRequest, edition: str, meeting: int, language: str, ending: str) -> HttpResponseBase:
    """The minutes as PDF or DOCX: as approved, or as they stand, which the paper then says."""
    _found, row, _scope = meeting_at(request, edition, meeting)
    if language not in LANGUAGES or row.state not in {MeetingState.HELD, MeetingState.APPROVED}:
        raise Http404
    content = row.minutes or minutes.said_in(row)
    document = minutes_document(content, language=language, digest=row.digest)
    written = row.approved_at or timezone.now()
    body = (pdf_file if ending == "pdf" else docx_file)(document, written=written)
    return as_file(body, f"{row.title.in_language(language)}", ending)
