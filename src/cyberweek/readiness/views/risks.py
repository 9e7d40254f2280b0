"""The risk register: the matrix and the list, one risk, its steps and measures."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.editions.models import Edition
from cyberweek.editions.queries import today_in
from cyberweek.kernel.actions import Outdated
from cyberweek.kernel.views import once, page_of
from cyberweek.readiness import rules
from cyberweek.readiness.actions import risks as actions
from cyberweek.readiness.actions.meetings import RefusedError
from cyberweek.readiness.enums import LIVE_RISKS, RiskState
from cyberweek.readiness.formats.sheets import risks_xlsx
from cyberweek.readiness.forms.fields import said_with
from cyberweek.readiness.forms.risks import MeasureForm, RiskActForm, RiskFilter, RiskForm
from cyberweek.readiness.models import Risk
from cyberweek.readiness.queries import risks as queries
from cyberweek.regions.queries import Scope, units_changeable_by, units_visible_to

from .shared import as_file, at_desk, page

TAB: Final = "risks"
_MOST: Final = 20_000  # rows of a sheet


@require_safe
@organiser_required
def risk_list(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    """The matrix 5 × 5, and the risks in it, the gravest first."""
    found, scope = at_desk(request, edition)
    visible = queries.risks_visible_to(request.user, scope).filter(edition=found)
    form = RiskFilter(request.GET, units=units_visible_to(request.user, scope))
    asked = form.asked()
    rows = queries.risks_asked(visible, asked, user=request.user, scope=scope)
    shown = page_of(queries.gravest_first(queries.in_cell(rows, asked)), request)
    return page(
        request, "risk_list", found, TAB, filter=form, asked=asked, page=shown, matrix=queries.matrix_of(rows, asked),
        levels=queries.level_counts(rows), today=today_in(found, now=timezone.now()),
        reviews=queries.reviews_due(rows, today=today_in(found, now=timezone.now())),
        may_enter=bool(scope.editing) and rules.is_at_work(found),
        narrows=bool(request.GET),
    )  # fmt: skip


@require_safe
@organiser_required
def risk_sheet(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    """What the list shows, as a spreadsheet."""
    found, scope = at_desk(request, edition)
    visible = queries.risks_visible_to(request.user, scope).filter(edition=found)
    asked = RiskFilter(request.GET, units=units_visible_to(request.user, scope)).asked()
    rows = queries.in_cell(queries.risks_asked(visible, asked, user=request.user, scope=scope), asked)
    body = risks_xlsx(queries.gravest_first(rows)[:_MOST], written=timezone.now(), zone=found.tz)
    return as_file(body, f"{edition}-risks", "xlsx")


def _at(request: OrganiserRequest, edition: str, risk: int) -> tuple[Edition, Risk, Scope]:
    found, scope = at_desk(request, edition)
    visible = queries.risks_visible_to(request.user, scope).filter(edition=found)
    return found, get_object_or_404(visible.select_related("holder__parent"), pk=risk), scope


@require_safe
@organiser_required
def risk_detail(request: OrganiserRequest, edition: str, risk: int) -> HttpResponseBase:
    """One risk: how grave, in whose hands, what is done, what happened."""
    found, row, scope = _at(request, edition, risk)
    return _detail(request, found, row, scope)


def _detail(request: OrganiserRequest, edition: Edition, row: Risk, scope: Scope, **forms: Any) -> HttpResponseBase:
    units = units_changeable_by(request.user, scope)
    return page(
        request, "risk_detail", edition, TAB, risk=row, events=list(queries.events_of(row)[:50]),
        measures=queries.measures_of([row])[row.pk], may_keep=rules.may_keep_risk(scope, row),
        may_pass_up=rules.may_pass_up(scope, row) and row.state in LIVE_RISKS,
        may_hand_back=rules.may_hand_back(scope, row) and row.state in LIVE_RISKS,
        today=today_in(edition, now=timezone.now()), states=[one for one in RiskState.choices if one[0] != row.state],
        act=forms.get("act") or RiskActForm(), form=forms.get("form") or MeasureForm(units=units, initial={"unit": row.unit}),
    )  # fmt: skip


@organiser_required
@once
def risk_create(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    found, scope = at_desk(request, edition)
    units = units_changeable_by(request.user, scope)
    if not scope.editing or not rules.is_at_work(found):
        raise PermissionDenied(_("Those who enter things for a unit enter its risks."))
    only = units.filter(pk__in=scope.editing).first()
    form = RiskForm(request.POST or None, instance=Risk(edition=found), units=units, initial={"unit": only})
    if request.method == "POST" and form.is_valid():
        unit = form.cleaned_data["unit"]
        made = actions.raise_risk(edition=found, unit=unit, fields=form.written(), by=request.user, now=timezone.now())
        messages.success(request, _("The risk is in the register. Say what is done against it."))
        return redirect("readiness:risk-detail", edition, made.pk)
    return page(request, "risk_form", found, TAB, form=form, risk=None)


@organiser_required
def risk_edit(request: OrganiserRequest, edition: str, risk: int) -> HttpResponseBase:
    found, row, scope = _at(request, edition, risk)
    if not rules.may_keep_risk(scope, row):
        raise PermissionDenied(_("The risk is kept by those who enter things for %(unit)s.") % {"unit": row.holder})
    form = RiskForm(request.POST or None, instance=row, units=units_changeable_by(request.user, scope))
    if request.method == "POST" and form.is_valid():
        while True:
            try:
                actions.edit_risk(
                    risk=row, fields=form.written(), revision=form.revision, by=request.user, now=timezone.now()
                )
            except Outdated as outdated:
                if form.meet(revision=outdated.present.revision, row=form.present(outdated.present)) or form.errors:
                    break
            else:
                messages.success(request, _("The risk is saved."))
                return redirect("readiness:risk-detail", edition, row.pk)
    return page(request, "risk_form", found, TAB, form=form, risk=row)


@require_POST
@organiser_required
def risk_act(request: OrganiserRequest, edition: str, risk: int, act: str) -> HttpResponseBase:
    """Pass it up, hand it back, or change its state (the act is the state)."""
    found, row, scope = _at(request, edition, risk)
    may = {"pass-up": rules.may_pass_up, "hand-back": rules.may_hand_back}.get(act, rules.may_keep_risk)
    if not may(scope, row):
        raise PermissionDenied(_("This risk is not yours to decide on."))
    form = RiskActForm(request.POST)
    text = form.cleaned_data["text"] if form.is_valid() else ""
    said: dict[str, Any] = {"risk": row, "text": text, "by": request.user, "now": timezone.now()}
    try:
        if act == "pass-up":
            row = actions.pass_up(**said)
            messages.success(request, _("It is in the hands of %(unit)s now.") % {"unit": row.holder})
        elif act == "hand-back":
            row = actions.hand_back(**said)
            messages.success(request, _("It is in the hands of %(unit)s now.") % {"unit": row.holder})
        else:
            actions.move_risk(state=act, **said)
            messages.success(request, _("The state is changed."))
    except RefusedError as why:
        form.add_error(why.field or None, str(why))
        return _detail(request, found, row, scope, act=form)
    return redirect("readiness:risk-detail", edition, risk)


@require_POST
@organiser_required
@once
def measure_add(request: OrganiserRequest, edition: str, risk: int) -> HttpResponseBase:
    found, row, scope = _at(request, edition, risk)
    if not rules.may_keep_risk(scope, row):
        raise PermissionDenied(_("This risk is not yours to decide on."))
    form = MeasureForm(request.POST, units=units_changeable_by(request.user, scope))
    if not form.is_valid():
        return _detail(request, found, row, scope, form=form)
    data = form.cleaned_data
    actions.add_measure(
        risk=row, what=said_with(data["what"]), unit=data["unit"], due=data["due"], as_task=data["as_task"],
        by=request.user, now=timezone.now(),
    )  # fmt: skip
    messages.success(request, _("The measure is entered."))
    return redirect("readiness:risk-detail", edition, risk)


@require_POST
@organiser_required
@once
def measure_act(request: OrganiserRequest, edition: str, risk: int, measure: int, act: str) -> HttpResponseBase:
    """Tick a measure, or make it a task of its unit."""
    _found, row, scope = _at(request, edition, risk)
    if not rules.may_keep_risk(scope, row):
        raise PermissionDenied(_("This risk is not yours to decide on."))
    one = get_object_or_404(queries.measures_in(row), pk=measure)
    if act == "task":
        actions.give_task(measure=one, by=request.user, now=timezone.now())
    else:
        actions.tick_measure(measure=one, by=request.user, now=timezone.now())
    return redirect("readiness:risk-detail", edition, risk)
