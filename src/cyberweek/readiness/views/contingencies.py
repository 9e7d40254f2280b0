"""Contingency plans, what lacks one, and drills."""

from __future__ import annotations

import uuid
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.attachments.actions import Refused
from cyberweek.attachments.views import rows_of, send
from cyberweek.editions.models import Edition
from cyberweek.editions.queries import today_in
from cyberweek.kernel.actions import Outdated
from cyberweek.kernel.templatetags.look import day_long
from cyberweek.kernel.views import once, page_of
from cyberweek.programme.queries import activities_visible_to
from cyberweek.readiness import rules
from cyberweek.readiness.actions import contingencies as actions
from cyberweek.readiness.actions import risks as risk_actions
from cyberweek.readiness.actions.duty import forgotten_on
from cyberweek.readiness.enums import BOTTOM_LINES, Danger
from cyberweek.readiness.forms.contingencies import ContingencyForm, CoverFilter, DrillForm
from cyberweek.readiness.forms.fields import said_with
from cyberweek.readiness.forms.risks import MeasureForm
from cyberweek.readiness.models import Contingency, Drill
from cyberweek.readiness.queries import contingencies as queries
from cyberweek.regions.queries import Scope, units_changeable_by

from .shared import at_desk, page

TAB: Final = "contingencies"
SHOWN: Final = 20  # of what lacks a plan


def told_of_phones(edition: Edition) -> str:
    """What is said beside every field for a telephone: what for, and until when."""
    told = _(
        "Telephones are there for the Week alone: seen by those who serve in the unit, above or under it, and deleted on %(day)s."
    )
    return told % {"day": day_long(forgotten_on(edition))}


@require_safe
@organiser_required
def contingency_list(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    """Plans in sight; which units and which crowds lack one."""
    found, scope = at_desk(request, edition)
    rows = queries.contingencies_visible_to(request.user, scope).filter(edition=found)
    danger = request.GET.get("danger", "")
    if danger in Danger.values:
        rows = rows.filter(danger=danger)
    shown = page_of(queries.with_drills(rows).order_by("unit__ancestry__len", "unit__code", "danger", "pk"), request)
    form = CoverFilter(request.GET)
    form.is_valid()
    places = form.cleaned_data.get("places") or queries.CROWD_FROM
    n_bare, bare = queries.bare_units(found, scope, first=SHOWN)
    crowds = queries.crowds_without_plan(request.user, found, scope, places=places)
    return page(
        request, "contingency_list", found, TAB, page=shown, danger=danger, dangers=Danger.choices, places=places,
        lines=BOTTOM_LINES, n_bare=n_bare, cover=queries.cover_of(bare, found),
        n_crowds=crowds.count(), crowds=list(crowds[:SHOWN]), may_enter=bool(scope.editing) and rules.is_at_work(found),
    )  # fmt: skip


def _at(request: OrganiserRequest, edition: str, plan: int) -> tuple[Edition, Contingency, Scope]:
    found, scope = at_desk(request, edition)
    visible = queries.contingencies_visible_to(request.user, scope).filter(edition=found)
    return found, get_object_or_404(visible, pk=plan), scope


def _to_change(request: OrganiserRequest, edition: str, plan: int) -> tuple[Edition, Contingency, Scope]:
    found, row, scope = _at(request, edition, plan)
    if not rules.may_enter(scope, row.unit, found):
        raise PermissionDenied(_("The plan is kept by those who enter things for %(unit)s.") % {"unit": row.unit})
    return found, row, scope


@require_safe
@organiser_required
def contingency_detail(request: OrganiserRequest, edition: str, plan: int) -> HttpResponseBase:
    found, row, scope = _at(request, edition, plan)
    return _detail(request, found, row, scope)


def _detail(
    request: OrganiserRequest, edition: Edition, row: Contingency, scope: Scope, **forms: Any
) -> HttpResponseBase:
    may_change = rules.may_enter(scope, row.unit, edition)
    sees_phones = rules.may_see_phones(scope, queries.line_above(scope), row.unit)
    files = rows_of(row.files.select_related("by"), href=lambda one: f"files/{one.pk}/")
    drills = [
        (one, rows_of(one.files.all(), href=lambda file: f"files/{file.pk}/"), list(one.measures.all()))
        for one in queries.drills_of(row)
    ]
    units = units_changeable_by(request.user, scope)
    return page(
        request, "contingency_detail", edition, TAB, plan=row, steps=list(row.steps.order_by("number")),
        contacts=list(row.contacts.order_by("pk")), activities=list(row.activities.order_by("code")), files=files,
        drills=drills, may_change=may_change, sees_phones=sees_phones, told=told_of_phones(edition),
        today=today_in(edition, now=timezone.now()), measure_of=forms.get("measure_of"),
        form=forms.get("form") or MeasureForm(units=units, initial={"unit": row.unit}),
    )  # fmt: skip


@organiser_required
@once
def contingency_edit(request: OrganiserRequest, edition: str, plan: int | None = None) -> HttpResponseBase:
    """Write a plan, or change one."""
    row: Contingency
    if plan is None:
        found, scope = at_desk(request, edition)
        if not scope.editing or not rules.is_at_work(found):
            raise PermissionDenied(_("Those who enter things for a unit write its contingency plans."))
        row = Contingency(edition=found)
    else:
        found, row, scope = _to_change(request, edition, plan)
    units = units_changeable_by(request.user, scope)
    initial = {"unit": units.filter(pk__in=scope.editing).first(), "danger": request.GET.get("danger", Danger.NETWORK)}
    if code := request.GET.get("activity"):
        initial["activities"] = code
    form = ContingencyForm(
        request.POST or None, request.FILES or None, instance=row, units=units, initial={} if plan else initial,
        activities=activities_visible_to(request.user, scope).filter(edition=found),
        told=_("One a line: name | role | telephone.") + " " + told_of_phones(found), by=request.user,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid() and (saved := _saved(request, form, row)):
        messages.success(request, _("The contingency plan is saved."))
        return redirect("readiness:contingency-detail", edition, saved.pk)
    form.keep_files()
    return page(request, "contingency_form", found, TAB, form=form, plan=row if plan else None)


def _saved(request: OrganiserRequest, form: ContingencyForm, row: Contingency) -> Contingency | None:
    now = timezone.now()
    while True:
        try:
            if row._state.adding:
                return actions.write_contingency(
                    edition=row.edition, unit=form.cleaned_data["unit"], by=request.user, now=now, **form.written()
                )
            return actions.edit_contingency(
                plan=row, revision=form.revision, by=request.user, now=now, **form.written()
            )
        except Refused as why:
            form.add_error("files", why.message)
            return None
        except Outdated as outdated:
            if form.meet(revision=outdated.present.revision, row=form.present(outdated.present)) or form.errors:
                return None


@require_safe
@organiser_required
def contingency_file(request: OrganiserRequest, edition: str, plan: int, file: uuid.UUID) -> HttpResponseBase:
    """A file of the plan or of one of its drills."""
    _found, row, _scope = _at(request, edition, plan)
    return send(get_object_or_404(queries.files_of(row), pk=file), request=request)


@organiser_required
@once
def drill_create(request: OrganiserRequest, edition: str, plan: int) -> HttpResponseBase:
    """Keep that the plan was tried."""
    found, row, _scope = _to_change(request, edition, plan)
    now = timezone.now()
    form = DrillForm(request.POST or None, request.FILES or None, zone=found.tz, now=now, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_drill(plan=row, by=request.user, now=now, **form.cleaned_data)
        except Refused as why:
            form.add_error("files", why.message)
        else:
            messages.success(request, _("The drill is recorded. Say what is to be done because of it."))
            return redirect("readiness:contingency-detail", edition, plan)
    form.keep_files()
    return page(request, "drill_form", found, TAB, form=form, plan=row)


@require_POST
@organiser_required
@once
def drill_measure(request: OrganiserRequest, edition: str, plan: int, drill: int) -> HttpResponseBase:
    """What is to be done because of what a drill showed."""
    found, row, scope = _to_change(request, edition, plan)
    one = get_object_or_404(Drill, plan=row, pk=drill)
    form = MeasureForm(request.POST, units=units_changeable_by(request.user, scope))
    if not form.is_valid():
        return _detail(request, found, row, scope, form=form, measure_of=drill)
    data = form.cleaned_data
    risk_actions.add_measure(
        drill=one, what=said_with(data["what"]), unit=data["unit"], due=data["due"], as_task=data["as_task"],
        by=request.user, now=timezone.now(),
    )  # fmt: skip
    messages.success(request, _("The measure is entered."))
    return redirect("readiness:contingency-detail", edition, plan)


@require_POST
@organiser_required
def drill_tick(request: OrganiserRequest, edition: str, plan: int, measure: int) -> HttpResponseBase:
    _found, row, _scope = _to_change(request, edition, plan)
    one = get_object_or_404(queries.measures_of_drills(row), pk=measure)
    risk_actions.tick_measure(measure=one, by=request.user, now=timezone.now())
    return redirect("readiness:contingency-detail", edition, plan)
