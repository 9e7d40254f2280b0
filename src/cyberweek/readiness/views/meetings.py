"""Meetings: the list, one meeting, making, editing and calling it, a unit's page."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.editions.models import Edition
from cyberweek.kernel.actions import Outdated
from cyberweek.kernel.views import once, page_of
from cyberweek.readiness import rules
from cyberweek.readiness.actions import meetings as actions
from cyberweek.readiness.enums import MeetingState
from cyberweek.readiness.forms.meetings import AgendaForm, MeetingForm, ReportForm
from cyberweek.readiness.models import Meeting, UnitReport
from cyberweek.readiness.queries import briefs, meetings
from cyberweek.regions.queries import Scope, units_run_by

from .shared import at_desk, page, refused

TAB: Final = "meetings"


@require_safe
@organiser_required
def meeting_list(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    """Meetings in sight, and the pages that the person's units still owe."""
    found, scope = at_desk(request, edition)
    rows = meetings.meetings_visible_to(request.user, scope).filter(edition=found)
    state = request.GET.get("state", "")
    if state in MeetingState.values:
        rows = rows.filter(state=state)
    shown = page_of(meetings.with_report_counts(rows).order_by("-starts", "-pk"), request)
    return page(
        request, "meeting_list", found, TAB, page=shown, states=MeetingState.choices, state=state, now=timezone.now(),
        owed=list(meetings.reports_owed(request.user, found, scope)[:20]),
        may_call=bool(scope.coordinating) and rules.is_at_work(found),
    )  # fmt: skip


def meeting_at(request: OrganiserRequest, edition: str, meeting: int) -> tuple[Edition, Meeting, Scope]:
    """The meeting of an address where the person sees it; else 404."""
    found, scope = at_desk(request, edition)
    visible = meetings.meetings_visible_to(request.user, scope).filter(edition=found)
    return found, get_object_or_404(visible, pk=meeting), scope


def meeting_to_change(request: OrganiserRequest, edition: str, meeting: int) -> tuple[Edition, Meeting, Scope]:
    found, row, scope = meeting_at(request, edition, meeting)
    if not rules.may_change_meeting(scope, row):
        raise PermissionDenied(
            _("Coordinators of the unit that calls the meeting arrange it, until its minutes are approved.")
        )
    return found, row, scope


@require_safe
@organiser_required
def meeting_detail(request: OrganiserRequest, edition: str, meeting: int) -> HttpResponseBase:
    """One meeting: agenda, reports, pack, minutes, and what comes next."""
    found, row, scope = meeting_at(request, edition, meeting)
    reports = meetings.reports_first_missing(meetings.reports_visible_to(request.user, row, scope))
    n_in = reports.filter(sent__isnull=False).count()
    shown = page_of(reports, request)
    packs = list(briefs.briefs_of(row)[:5])
    return page(
        request, "meeting_detail", found, TAB, meeting=row, items=meetings.items_of(row), page=shown,
        n_in=n_in, packs=packs, decisions=list(meetings.decisions_of(row)),
        may_change=rules.may_change_meeting(scope, row), may_call=rules.may_call(scope, row.unit, found),
        mine=scope.editing, is_over=row.starts < timezone.now(), about=row.region or row.branch,
        lines=[(one, rules.may_report(scope, one)) for one in shown],
    )  # fmt: skip


@organiser_required
@once
def meeting_create(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    """Enter a meeting; it is called by another press."""
    found, scope = at_desk(request, edition)
    units = units_run_by(request.user, scope)
    if not scope.coordinating or not rules.is_at_work(found):
        raise PermissionDenied(_("Coordinators of a unit call meetings."))
    only = units.filter(pk__in=scope.coordinating).order_by("ancestry__len", "code").first()
    row = Meeting(edition=found)
    initial = _suggested(found, only) if only else {}
    form = MeetingForm(request.POST or None, instance=row, edition=found, units=units, initial=initial)
    if request.method == "POST" and form.is_valid():
        unit = form.cleaned_data["unit"]
        made = actions.plan_meeting(edition=found, unit=unit, fields=form.written(), by=request.user)
        messages.success(request, _("The meeting is entered. Write its agenda, then call it: nobody is told before."))
        return redirect("readiness:meeting-detail", edition, made.pk)
    return page(request, "meeting_form", found, TAB, form=form, meeting=None)


def _suggested(edition: Edition, unit: Any) -> dict[str, Any]:
    """The meeting that every Week has: five days before the opening each unit reports on its preparatory work."""
    day = edition.starts - dt.timedelta(days=5)
    return {
        "unit": unit, "region": unit.region, "starts": dt.datetime.combine(day, dt.time(9)),
        "reports_due": dt.datetime.combine(day - dt.timedelta(days=1), dt.time(12)),
        "title": {"zh-Hans": "准备工作推进会", "en": "Meeting on the preparatory work"},
    }  # fmt: skip


@organiser_required
def meeting_edit(request: OrganiserRequest, edition: str, meeting: int) -> HttpResponseBase:
    found, row, scope = meeting_to_change(request, edition, meeting)
    units = units_run_by(request.user, scope)
    form = MeetingForm(request.POST or None, instance=row, edition=found, units=units)
    if request.method == "POST" and form.is_valid():
        while True:
            try:
                actions.edit_meeting(meeting=row, fields=form.written(), revision=form.revision, by=request.user)
            except Outdated as outdated:
                if form.meet(revision=outdated.present.revision, row=form.present(outdated.present)) or form.errors:
                    break
            else:
                messages.success(request, _("The meeting is saved."))
                return redirect("readiness:meeting-detail", edition, row.pk)
    return page(request, "meeting_form", found, TAB, form=form, meeting=row)


@organiser_required
def agenda_edit(request: OrganiserRequest, edition: str, meeting: int) -> HttpResponseBase:
    """Write the agenda, all of it at once."""
    found, row, _scope = meeting_to_change(request, edition, meeting)
    form = AgendaForm(request.POST or None, items=meetings.items_of(row), revision=row.revision)
    others: list[Any] = []
    if request.method == "POST" and form.is_valid():
        try:
            revision = form.cleaned_data["revision"]
            actions.write_agenda(meeting=row, items=form.written(), revision=revision, by=request.user)
        except Outdated as outdated:
            others = meetings.items_of(outdated.present)
            form.data = {**form.data.dict(), "revision": str(outdated.present.revision)}  # type: ignore[attr-defined]  # a QueryDict, as it was posted
            form.add_error(
                None, _("Somebody else has saved the meeting meanwhile. Its agenda as it is now stands below; what you typed is in the fields, and saving again keeps yours."),
            )  # fmt: skip
        else:
            messages.success(request, _("The agenda is saved."))
            return redirect("readiness:meeting-detail", edition, row.pk)
    return page(request, "agenda_form", found, TAB, form=form, meeting=row, others=others)


@require_POST
@organiser_required
def meeting_act(request: OrganiserRequest, edition: str, meeting: int, act: str) -> HttpResponseBase:
    """Call it, remind those who owe their page, or cancel it."""
    _found, row, _scope = meeting_to_change(request, edition, meeting)
    now = timezone.now()
    try:
        if act == "call":
            n = actions.call_meeting(meeting=row, by=request.user)
            told = ngettext(
                "%(n)d unit is called and asked for its page.", "%(n)d units are called and asked for their page.", n
            )
            messages.success(request, told % {"n": n} if n else _("Everybody had been called already."))
        elif act == "remind":
            n = actions.remind_reports(now=now, meeting=row, by=request.user)
            told = ngettext("%(n)d unit is reminded.", "%(n)d units are reminded.", n)
            messages.success(request, told % {"n": n} if n else _("All were reminded today already, or are in."))
        else:
            actions.cancel_meeting(meeting=row, by=request.user)
            messages.success(request, _("The meeting is cancelled."))
    except actions.RefusedError as why:
        refused(request, why)
    return redirect("readiness:meeting-detail", edition, meeting)


@organiser_required
def report_edit(request: OrganiserRequest, edition: str, meeting: int, unit: str) -> HttpResponseBase:
    """A unit's page: read it, or write it before the meeting."""
    found, row, scope = meeting_at(request, edition, meeting)
    visible = meetings.reports_visible_to(request.user, row, scope)
    report = get_object_or_404(visible, unit__code=unit)
    if not rules.may_report(scope, report):
        if request.method == "POST":
            raise PermissionDenied(
                _("The page is written by those who enter things for %(unit)s.") % {"unit": report.unit}
            )
        return page(request, "report_detail", found, TAB, meeting=row, report=report, parts=_parts(report))
    now = timezone.now()
    anew = "anew" in request.GET
    beginning = actions.beginning_of(report, now=now) if report.revision == 1 or anew else None
    form = ReportForm(request.POST or None, report=report, beginning=beginning)
    if request.method == "POST" and form.is_valid() and _saved(request, form, report, now):
        return redirect("readiness:meeting-list", edition)
    return page(
        request, "report_form", found, TAB, meeting=row, report=report, form=form, is_fresh=report.revision == 1
    )


def _saved(request: OrganiserRequest, form: ReportForm, report: UnitReport, now: dt.datetime) -> bool:
    send = request.POST.get("then") == "send"
    while True:
        try:
            actions.write_report(
                report=report, texts=form.texts(), revision=form.revision, send=send, by=request.user, now=now
            )
        except actions.RefusedError as why:
            form.add_error(why.field, str(why))
            return False
        except Outdated as outdated:
            present = outdated.present
            texts = {name: getattr(present, name) for name in actions.PARTS}
            if form.meet(revision=present.revision, row=texts, by=present.by) or form.errors:
                return False
        else:
            told = (
                _("The page of %(unit)s is in.")
                if send
                else _("The page of %(unit)s is kept; send it in when it is right.")
            )
            messages.success(request, told % {"unit": report.unit})
            return True


def _parts(report: UnitReport) -> list[tuple[str, str]]:
    labels: dict[str, Any] = {one.name: one.verbose_name for one in UnitReport._meta.fields}
    return [(str(label), getattr(report, name)) for name, label in labels.items()]
