"""The incident log: entering in seconds, going on, closing."""

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
from cyberweek.kernel.views import once, page_of
from cyberweek.readiness import rules
from cyberweek.readiness.actions import incidents as actions
from cyberweek.readiness.actions.meetings import RefusedError
from cyberweek.readiness.enums import SEVERE_FROM, Severity
from cyberweek.readiness.forms.incidents import CloseForm, ForceForm, IncidentFilter, IncidentForm, LineForm
from cyberweek.readiness.models import Incident, Step
from cyberweek.readiness.queries import incidents as queries
from cyberweek.readiness.queries.contingencies import plans_for
from cyberweek.regions.queries import Scope, units_visible_to

from .shared import at_desk, page, refused

TAB: Final = "incidents"


@require_safe
@organiser_required
def incident_list(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    """The log, the latest first; what is open and severe stands above it."""
    found, scope = at_desk(request, edition)
    visible = queries.incidents_visible_to(request.user, scope).filter(edition=found)
    form = IncidentFilter(request.GET, units=units_visible_to(request.user, scope))
    rows = queries.incidents_asked(visible, form.asked())
    shown = page_of(queries.with_last_line(rows).order_by("-at", "-pk"), request)
    severe = visible.filter(closed=None, severity__gte=SEVERE_FROM).order_by("-severity", "-at")
    return page(
        request, "incident_list", found, TAB, filter=form, page=shown, severe=list(severe[:5]),
        n_severe=queries.open_severe(visible, found), narrows=bool(request.GET), severe_from=SEVERE_FROM,
        may_log=bool(scope.units) and rules.is_at_work(found),
    )  # fmt: skip


def _own_units(scope: Scope) -> Any:
    return queries.units_within(scope)


@organiser_required
@once
def incident_create(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    """Enter what happened: one screen of a telephone, the time is now, the unit one's own."""
    found, scope = at_desk(request, edition)
    if not scope.units or not rules.is_at_work(found):
        raise PermissionDenied(_("Those who serve in a unit enter its incidents."))
    now = timezone.now()
    units = _own_units(scope)
    only = units.filter(pk__in=scope.units).order_by("ancestry__len").first()
    form = IncidentForm(request.POST or None, units=units, only=only, zone=found.tz, now=now)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.enter_incident(edition=found, by=request.user, now=now, **form.cleaned_data)
        except RefusedError as why:
            form.add_error(why.field or None, str(why))
        else:
            told = _("Entered. The units above are told.") if made.told else _("Entered.")
            messages.success(request, told)
            return redirect("readiness:incident-detail", edition, made.pk)
    return page(request, "incident_form", found, TAB, form=form)


def _at(request: OrganiserRequest, edition: str, incident: int) -> tuple[Edition, Incident, Scope]:
    found, scope = at_desk(request, edition)
    visible = queries.incidents_visible_to(request.user, scope).filter(edition=found)
    return found, get_object_or_404(visible, pk=incident), scope


@require_safe
@organiser_required
def incident_detail(request: OrganiserRequest, edition: str, incident: int) -> HttpResponseBase:
    found, row, scope = _at(request, edition, incident)
    return _detail(request, found, row, scope)


def _detail(request: OrganiserRequest, edition: Edition, row: Incident, scope: Scope, **forms: Any) -> HttpResponseBase:
    plans = plans_for(row.unit, edition, row.kind)
    return page(
        request, "incident_detail", edition, TAB, incident=row, lines=list(queries.lines_of(row)),
        ticks=queries.checklist_of(row), may_go_on=rules.may_go_on(scope, row),
        form=forms.get("form") or LineForm(initial={"severity": row.severity}), close=forms.get("close") or CloseForm(),
        force=ForceForm(plans=plans) if row.plan_id is None and plans.exists() else None, severe_from=SEVERE_FROM,
        label=Severity(row.severity).label,
    )  # fmt: skip


@require_POST
@organiser_required
@once
def incident_act(request: OrganiserRequest, edition: str, incident: int, act: str) -> HttpResponseBase:
    """Add a line, close it, or put a plan into force."""
    found, row, scope = _at(request, edition, incident)
    if not rules.may_log(scope, row.unit, found):
        raise PermissionDenied(_("The log is written by those who serve in %(unit)s or above it.") % {"unit": row.unit})
    now = timezone.now()
    forms: dict[str, Any] = {
        "add": lambda: LineForm(request.POST),
        "close": lambda: CloseForm(request.POST),
        "plan": lambda: ForceForm(request.POST, plans=plans_for(row.unit, found, row.kind)),
    }
    form = forms[act]()
    if not form.is_valid():
        return _detail(request, found, row, scope, **{"close" if act == "close" else "form": form})
    data = form.cleaned_data
    try:
        if act == "add":
            actions.add_line(incident=row, text=data["text"], severity=data["severity"], by=request.user, now=now)
        elif act == "close":
            actions.close_incident(incident=row, outcome=data["outcome"], by=request.user, now=now)
        else:
            actions.put_into_force(incident=row, plan=data["plan"], by=request.user, now=now)
    except RefusedError as why:
        refused(request, why)
    return redirect("readiness:incident-detail", edition, incident)


@require_POST
@organiser_required
def incident_tick(request: OrganiserRequest, edition: str, incident: int, step: int) -> HttpResponseBase:
    """One step of the plan in force is done."""
    found, row, scope = _at(request, edition, incident)
    if not rules.may_log(scope, row.unit, found):
        raise PermissionDenied(_("The log is written by those who serve in %(unit)s or above it.") % {"unit": row.unit})
    one = get_object_or_404(Step, plan=row.plan_id, pk=step)
    try:
        actions.tick_step(incident=row, step=one, by=request.user, now=timezone.now())
    except RefusedError as why:
        refused(request, why)
    return redirect("readiness:incident-detail", edition, incident)
