"""The duty roster: who is on duty now, the Week day by day, what is wrong with it."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.editions.models import Edition
from cyberweek.kernel.views import once
from cyberweek.readiness import rules
from cyberweek.readiness.actions import duty as actions
from cyberweek.readiness.formats import ical
from cyberweek.readiness.forms.duty import HoursForm, ShiftForm
from cyberweek.readiness.models import Shift
from cyberweek.readiness.queries import duty as queries
from cyberweek.readiness.queries.contingencies import line_above
from cyberweek.regions.models import Unit
from cyberweek.regions.queries import Scope, units_visible_to

from .contingencies import told_of_phones
from .shared import as_file, at_desk, page

TAB: Final = "duty"
_NOW: Final = 60
"""People on duty now that are named; of more the highest units."""


def _unit(request: OrganiserRequest, scope: Scope, code: str = "") -> Unit | None:
    """The unit asked for, or the highest of the person's own."""
    code = code or request.GET.get("unit", "").replace("\0", "")
    if code:
        seen = units_visible_to(request.user, scope).filter(code=code).first()
        found = seen or queries.units_above(scope).filter(code=code).first()
        if found is None:
            raise Http404
        return found
    return queries.highest_of(scope)


@require_safe
@organiser_required
def duty(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    """Who is on duty now in sight; one unit's Week, its gaps and overlaps."""
    found, scope = at_desk(request, edition)
    now = timezone.now()
    unit = _unit(request, scope)
    visible = queries.shifts_visible_to(request.user, scope).filter(edition=found)
    above = line_above(scope)
    on_now = list(queries.on_duty_now(visible, now=now)[:_NOW])
    shifts = list(visible.filter(unit=unit).order_by("starts", "role", "pk")) if unit else []
    keyed = {one.pk: one for one in shifts}
    wrong = queries.looked_through(found, unit) if unit else None
    return page(
        request, "duty", found, TAB, unit=unit, now=now.astimezone(found.tz), n_shifts=len(shifts),
        on_now=[(one, rules.may_see_phones(scope, above, one.unit)) for one in on_now],
        days=_days(found, shifts), wrong=wrong, keyed=keyed, hours=queries.hours_of(found, unit) if unit else {},
        sees_phones=unit is not None and rules.may_see_phones(scope, above, unit), told=told_of_phones(found),
        may_enter=unit is not None and rules.may_enter(scope, unit, found),
        units=list(units_visible_to(request.user, scope).filter(pk__in=visible.order_by().values("unit")).order_by("ancestry__len", "code")[:200]),
        clashes=_clashes(wrong, found),
    )  # fmt: skip


def _days(edition: Edition, shifts: list[Shift]) -> list[tuple[dt.date, list[Shift]]]:
    """The shifts by the day on which they begin, in the edition's zone; days of the edition stand there without any."""
    days: dict[dt.date, list[Shift]] = {
        edition.starts + dt.timedelta(days=n): [] for n in range((edition.ends - edition.starts).days + 1)
    }
    for one in shifts:
        days.setdefault(one.starts.astimezone(edition.tz).date(), []).append(one)
    return sorted(days.items())


def _clashes(wrong: queries.Found | None, edition: Edition) -> list[dict[str, Any]]:
    """Overlaps in words: who, and when."""
    if wrong is None:
        return []
    keys = {one.first.key for one in [*wrong.doubled, *wrong.in_two_places]}
    keys |= {one.second.key for one in [*wrong.doubled, *wrong.in_two_places]}
    known = queries.shifts_named(keys)
    return [
        {
            "first": known[one.first.key], "second": known[one.second.key], "twice": one in wrong.in_two_places,
            "starts": one.span.starts.astimezone(edition.tz), "ends": one.span.ends.astimezone(edition.tz),
        }
        for one in [*wrong.in_two_places, *wrong.doubled]
    ]  # fmt: skip


@organiser_required
@once
def shift_edit(request: OrganiserRequest, edition: str, unit: str, shift: int | None = None) -> HttpResponseBase:
    """Put somebody on duty, or change a shift."""
    found, scope = at_desk(request, edition)
    own = _unit(request, scope, unit)
    assert own is not None, "a unit of an address"
    if not rules.may_enter(scope, own, found):
        raise PermissionDenied(_("The roster is kept by those who enter things for %(unit)s.") % {"unit": own})
    row = get_object_or_404(queries.shifts_of(own, found), pk=shift) if shift else None
    initial_day = request.GET.get("day", "")
    form = ShiftForm(request.POST or None, edition=found, unit=own, shift=row, told=told_of_phones(found))
    if row is None:
        form.initial = {**form.initial, **_begins(found, initial_day)}
    if request.method == "POST" and form.is_valid():
        if row:
            actions.edit_shift(shift=row, fields=form.written(), by=request.user)
        else:
            actions.add_shift(edition=found, unit=own, fields=form.written(), by=request.user)
        messages.success(request, _("The roster is saved."))
        if request.POST.get("then") == "another":
            ends = form.cleaned_data["ends"]
            return redirect(reverse("readiness:shift-create", args=[edition, unit]) + f"?day={ends:%Y-%m-%dT%H:%M}")
        return redirect(reverse("readiness:duty", args=[edition]) + f"?unit={unit}")
    return page(request, "shift_form", found, TAB, form=form, unit=own, shift=row)


def _begins(edition: Edition, typed: str) -> dict[str, Any]:
    """A shift of twelve hours from the moment that the address names, else from the first morning."""
    try:
        starts = dt.datetime.fromisoformat(typed).replace(tzinfo=None)
    except ValueError:
        starts = dt.datetime.combine(edition.starts, dt.time(8))
    return {"starts": starts, "ends": starts + dt.timedelta(hours=12)}


@require_POST
@organiser_required
def shift_remove(request: OrganiserRequest, edition: str, unit: str, shift: int) -> HttpResponseBase:
    found, scope = at_desk(request, edition)
    own = _unit(request, scope, unit)
    if own is None or not rules.may_enter(scope, own, found):
        raise PermissionDenied(_("The roster is kept by those who enter things for %(unit)s.") % {"unit": own})
    row = get_object_or_404(Shift, pk=shift, unit=own, edition=found)
    actions.remove_shift(shift=row, by=request.user)
    messages.success(request, _("The shift is taken off the roster."))
    return redirect(reverse("readiness:duty", args=[edition]) + f"?unit={unit}")


@organiser_required
def hours_edit(request: OrganiserRequest, edition: str, unit: str) -> HttpResponseBase:
    """Say what has to be covered, so that gaps can be found."""
    found, scope = at_desk(request, edition)
    own = _unit(request, scope, unit)
    if own is None or not rules.may_enter(scope, own, found):
        raise PermissionDenied(_("The roster is kept by those who enter things for %(unit)s.") % {"unit": own})
    form = HoursForm(request.POST or None, hours=queries.hours_of(found, own))
    if request.method == "POST" and form.is_valid():
        actions.set_hours(edition=found, unit=own, hours=form.written(), by=request.user)
        messages.success(request, _("The hours are saved."))
        return redirect(reverse("readiness:duty", args=[edition]) + f"?unit={unit}")
    return page(request, "hours_form", found, TAB, form=form, unit=own)


@require_safe
@organiser_required
def duty_calendar(request: OrganiserRequest, edition: str, unit: str) -> HttpResponseBase:
    """A unit's roster as iCalendar, without telephones."""
    found, scope = at_desk(request, edition)
    own = _unit(request, scope, unit)
    rows = queries.shifts_visible_to(request.user, scope).filter(edition=found, unit=own).order_by("starts", "pk")
    name = _("Duty roster: %(unit)s") % {"unit": own}
    body = ical.roster(rows, name=name, host=request.get_host(), written=timezone.now())
    return as_file(body, f"{edition}-{unit}-duty", "ics")
