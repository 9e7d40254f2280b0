"""The list of reports, the report itself, and what is decided about it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.attachments.actions import Refused
from cyberweek.attachments.models import Attachment
from cyberweek.attachments.views import Row, rows_of
from cyberweek.editions.models import Edition
from cyberweek.editions.queries import editions_published
from cyberweek.indicators import actions, queries, rules
from cyberweek.indicators.enums import Adding, State
from cyberweek.indicators.forms import ReasonForm, ReportFilter, ReportForm
from cyberweek.indicators.models import Evidence, Figure, Indicator, Question, Report
from cyberweek.kernel.actions import Outdated
from cyberweek.kernel.views import Keyed, once, page_of
from cyberweek.programme.queries import activities_visible_to
from cyberweek.regions.queries import Scope, scope_of, units_changeable_by

PAGE: Final = 50


def edition_of(slug: str) -> Edition:
    """The edition of an address, or 404."""
    return get_object_or_404(editions_published(), slug=slug)


def menu_of(edition: Edition) -> str:
    """The entry of the menu under which all pages of this app stand."""
    return reverse("indicators:report-list", args=[edition.slug])


@require_safe
@organiser_required
def report_list(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    """Reports by what is to be done: due, asked about, to be verified, sent."""
    the_edition, now, scope = edition_of(edition), timezone.now(), scope_of(request.user)
    visible = queries.reports_visible_to(request.user, scope).filter(edition=the_edition)
    counts = queries.counts_of(visible, scope, request.user, now=now)
    form = ReportFilter(request.GET)
    wanted = form.wanted("due" if counts.due else "asked" if counts.asked else "verify" if counts.verify else "sent")
    page = page_of(Keyed(queries.listed(visible, wanted, scope, request.user)), request, size=PAGE)
    figures = queries.figure_counts(page.object_list)
    context = {
        "edition": the_edition,
        "form": form,
        "wanted": wanted,
        "counts": counts,
        "tabs": _tabs(counts, wanted.tab),
        "page": page,
        "lines": [
            {"report": one, "late": one.late(now), "figures": figures.get(one.pk, 0)} for one in page.object_list
        ],
        "own": units_changeable_by(request.user, scope).filter(pk__in=scope.units).order_by("code").first(),
    }
    return render(request, "indicators/report_list.html", context)


def _tabs(counts: queries.ReportCounts, here: str) -> list[tuple[str, str, int, bool]]:
    rows = [
        ("due", _("To report"), counts.due),
        ("asked", _("Questions to me"), counts.asked),
        ("verify", _("To be verified by me"), counts.verify),
        ("sent", _("Sent"), counts.sent),
    ]
    return [(value, label, n, value == here) for value, label, n in rows]


def found_report(request: OrganiserRequest, edition: str, pk: int) -> tuple[Report, Scope]:
    """The report where the person sees it, or 404."""
    scope = scope_of(request.user)
    rows = queries.reports_visible_to(request.user, scope).filter(edition__slug=edition)
    return get_object_or_404(rows, pk=pk), scope


@organiser_required
@once
def begin_for_activity(request: OrganiserRequest, edition: str, code: str) -> HttpResponseBase:
    """To the report on an activity; where there is none yet, a page that opens one, or says why there is nothing to report."""
    the_edition, scope = edition_of(edition), scope_of(request.user)
    rows = activities_visible_to(request.user, scope).filter(edition=the_edition)
    activity = get_object_or_404(rows, code=code)
    report = queries.report_of_activity(activity)
    if report is not None:
        return redirect("indicators:report", edition, report.pk)
    why = rules.never_happened(activity, now=timezone.now())
    may = bool(scope.editing & set(activity.lead.ancestry)) and rules.takes_reports(the_edition)
    if request.method == "POST" and not why:
        if not may:
            raise PermissionDenied(_("You enter nothing for this unit."))
        report = actions.open_report(
            edition=the_edition, unit=activity.lead, activity=activity, by=request.user, now=timezone.now()
        )
        return redirect("indicators:report", edition, report.pk)
    context = {"edition": the_edition, "subject": activity, "why": why, "may": may}
    return render(request, "indicators/report_begin.html", context, status=409 if request.method == "POST" else 200)


@organiser_required
@once
def begin_for_unit(request: OrganiserRequest, edition: str, code: str) -> HttpResponseBase:
    """To the report of a unit for the whole edition; where there is none yet, a page that opens one."""
    the_edition, scope = edition_of(edition), scope_of(request.user)
    unit = get_object_or_404(units_changeable_by(request.user, scope), code=code)
    report = queries.report_of_unit(the_edition, unit)
    if report is None and request.method == "POST" and rules.takes_reports(the_edition):
        report = actions.open_report(edition=the_edition, unit=unit, activity=None, by=request.user, now=timezone.now())
    if report is not None:
        return redirect("indicators:report", edition, report.pk)
    context = {"edition": the_edition, "subject": unit, "why": None, "may": rules.takes_reports(the_edition)}
    return render(request, "indicators/report_begin.html", context)


@organiser_required
@once
def report_detail(request: OrganiserRequest, edition: str, pk: int) -> HttpResponseBase:
    """A report: to be filled in by those who may, else to be read."""
    report, scope = found_report(request, edition, pk)
    if not (rules.is_open(report) and rules.may_report(scope, report)):
        if request.method == "POST":
            if not rules.may_report(scope, report):
                raise PermissionDenied(_("You enter nothing for this unit."))
            messages.error(request, _("This report is not open any more; nothing was changed."))
            return redirect("indicators:report", edition, pk)
        return _shown(request, report, scope)
    figures = list(queries.figures_of(report))
    form = _form(request, report, figures)
    if request.method != "POST":
        return _filled(request, report, form, figures)
    if not form.is_valid() or not _files_added(request, report, form):
        form.keep_files()
        return _filled(request, report, form, figures, status=422)
    return _take(request, report, form)


def _files_added(request: OrganiserRequest, report: Report, form: ReportForm) -> bool:
    """Files go to the report before its figures, which rest on them. False where the form now says why they do not."""
    fits, code = form.cleaned_data["photos"], form.cleaned_data["photos_for"]
    if not fits:
        return True
    try:
        actions.add_evidence(report=report, fits=fits, code=code, by=request.user, now=timezone.now())
    except Refused as refused:
        form.add_error("photos", refused.message)
    except actions.NotOpen:
        pass  # saving finds the same and says so
    return form.is_valid()


def _take(request: OrganiserRequest, report: Report, form: ReportForm) -> HttpResponseBase:
    """Save or send what is entered; where somebody else saved meanwhile, show both."""
    sends = report.state != State.DRAFT or request.POST.get("then") == "send"
    try:
        report = _save(request, report, form, sends=sends)
    except Outdated:
        report, _scope = found_report(request, report.edition.slug, report.pk)
        figures = list(queries.figures_of(report))
        row = form.row_of(report, figures)
        if form.meet(revision=report.revision, row=row, by=report.changed_by, at=report.changed) or form.errors:
            return _filled(request, report, form, figures, status=409)
        return _take(request, report, form)
    except actions.NotOpen:
        messages.error(request, _("This report is not open any more; nothing was changed."))
    except actions.NeverHappened as never:
        messages.error(request, _("This cannot be reported: %(why)s.") % {"why": never.why})
    else:
        _tell(request, report, sends=sends)
    return redirect("indicators:report", report.edition.slug, report.pk)


def _save(request: OrganiserRequest, report: Report, form: ReportForm, *, sends: bool) -> Report:
    given: dict[str, Any] = {
        "report": report,
        "entered": form.entered(),
        "worked": form.cleaned_data["worked"],
        "revision": form.revision,
        "by": request.user,
        "now": timezone.now(),
    }
    return actions.send_report(answers=form.answers(), **given) if sends else actions.save_report(**given)


def _tell(request: OrganiserRequest, report: Report, *, sends: bool) -> None:
    if not sends:
        messages.success(request, _("Kept. It counts once you send it."))
    elif report.state == State.QUESTIONED:
        messages.warning(request, _("Sent. Some figures are asked about before they count: see below."))
    elif report.state == State.TO_VERIFY:
        messages.success(
            request, _("Sent. Large figures wait until the level above has verified them; the others count.")
        )
    else:
        messages.success(request, _("Sent. Thank you: the figures count from now on, up to the nation."))


def _form(request: OrganiserRequest, report: Report, figures: Sequence[Figure]) -> ReportForm:
    asked: dict[str, list[Question]] = defaultdict(list)
    for question in queries.open_questions(report):
        asked[question.figure.indicator.code].append(question)
    return ReportForm(
        request.POST or None,
        request.FILES or None,
        report=report,
        indicators=_typed(report, figures),
        figures=figures,
        questions=asked,
        shown=queries.shown_by_files(report),
        by=request.user,
    )


def _typed(report: Report, figures: Sequence[Figure]) -> list[Indicator]:
    """What is asked for as a number: what the dictionary asks for now, and what was reported before it stopped asking."""
    asked = list(queries.asked_of(report.edition, activity=report.activity_id is not None))
    asked += [figure.indicator for figure in figures if figure.indicator not in asked]
    return [one for one in asked if one.adding != Adding.UNION]


def _filled(
    request: OrganiserRequest, report: Report, form: ReportForm, figures: Sequence[Figure], *, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    asked = queries.asked_of(report.edition, activity=report.activity_id is not None)
    context = {
        **_about(report, now),
        "form": form,
        "blocks": form.blocks(),
        "sketches": [
            (one, next((figure for figure in figures if figure.indicator_id == one.pk), None))
            for one in asked
            if one.adding == Adding.UNION
        ],
        "files": file_rows(report, queries.files_of(report), removable=True),
    }
    return render(request, "indicators/report_form.html", context, status=status)


def file_rows(report: Report, files: Sequence[Evidence], *, removable: bool = False) -> list[Row]:
    """What `attachments/_list.html` shows of a report's files."""
    keys = {one.attachment_id: one.pk for one in files}

    def address(name: str, one: Attachment) -> str:
        return reverse(f"indicators:{name}", args=[report.edition.slug, report.pk, keys[one.pk]])

    return rows_of(
        [one.attachment for one in files],
        href=lambda one: address("report-file", one),
        thumbnail=lambda one: address("report-file", one) + "?small",
        remove=(lambda one: address("report-file-remove", one)) if removable else None,
    )


def _about(report: Report, now: dt.datetime) -> dict[str, Any]:
    return {"edition": report.edition, "report": report, "activity": report.activity, "late": report.late(now)}


def _shown(
    request: OrganiserRequest, report: Report, scope: Scope, *, reject: ReasonForm | None = None, status: int = 200
) -> HttpResponse:
    sent = report.state in {State.COUNTED, State.VERIFIED, State.TO_VERIFY}
    context = {
        **_about(report, timezone.now()),
        "figures": list(queries.figures_of(report)),
        "files": file_rows(report, queries.files_of(report)),
        "events": list(queries.ledger_of(report)[:20]),
        "may_verify": report.state == State.TO_VERIFY
        and not report.is_off
        and rules.may_verify(scope, report, request.user),
        "may_take_back": sent
        and not report.is_off
        and rules.may_report(scope, report)
        and rules.takes_reports(report.edition),
        "next": _next_due(request, report, scope) if sent and rules.may_report(scope, report) else None,
        "reject": reject or ReasonForm(),
        "form": reject,
    }
    return render(request, "indicators/report_detail.html", context, status=status)


def _next_due(request: OrganiserRequest, report: Report, scope: Scope) -> Report | None:
    """The report that is due first: who has just sent one goes on with it."""
    visible = queries.reports_visible_to(request.user, scope).filter(edition=report.edition)
    return queries.listed(visible, queries.Wanted("due"), scope, request.user).first()


def _may_decide(report: Report, scope: Scope, request: OrganiserRequest, decision: str) -> bool:
    if decision == "take-back":
        return rules.may_report(scope, report) and rules.takes_reports(report.edition)
    return rules.may_verify(scope, report, request.user)


@require_POST
@organiser_required
def decide(request: OrganiserRequest, edition: str, pk: int, decision: str) -> HttpResponseBase:
    """Verify or reject what waits for the level above; or take back what one has sent, to correct it."""
    report, scope = found_report(request, edition, pk)
    if not _may_decide(report, scope, request, decision):
        raise PermissionDenied(_("This is not yours to decide on: a unit above verifies, and never who sent it."))
    form = ReasonForm(request.POST)
    if decision == "reject" and not form.is_valid():
        return _shown(request, report, scope, reject=form, status=422)
    try:
        if decision == "verify":
            actions.verify_report(report=report, by=request.user, now=timezone.now())
            messages.success(request, _("Verified: the figures count from now on."))
        elif decision == "reject":
            actions.reject_report(
                report=report, reason=form.cleaned_data["reason"], by=request.user, now=timezone.now()
            )
            messages.success(request, _("Sent back with your reason."))
        else:
            actions.take_back_report(report=report, by=request.user, now=timezone.now())
            messages.success(request, _("Open again. Its figures do not count until you send it anew."))
    except actions.NotOpen:
        messages.error(request, _("Somebody else was quicker; nothing was changed."))
    except actions.NeverHappened as never:
        messages.error(request, _("These figures do not count: %(why)s.") % {"why": never.why})
    return redirect("indicators:report", edition, pk)
