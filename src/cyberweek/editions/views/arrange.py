"""The rows of an edition: its theme days and its organisers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.editions import actions
from cyberweek.editions.actions import Refused
from cyberweek.editions.forms import OrganiserRows, theme_day_rows
from cyberweek.editions.queries import organisers_of, theme_days_of, units_to_name

from .editions import address, edition_run


def _filled(rows: Any) -> list[tuple[int, Any]]:
    """The rows that say something and are not to go, each with its place on the page."""
    return [
        (place, form)
        for place, form in enumerate(rows.forms)
        if form.cleaned_data and (form.has_changed() or place < rows.initial_form_count())
        and not form.cleaned_data.get("DELETE")
    ]  # fmt: skip


def _refuse(rows: Any, filled: list[tuple[int, Any]], refused: Refused) -> None:
    """Say beside the field of its row, else above all rows, what the data does not allow."""
    name, _colon, place = refused.field.partition(":")
    if place:
        filled[int(place)][1].add_error(name, str(refused))
    else:
        rows._non_form_errors = rows.error_class([str(refused)])  # Django has no public way


@organiser_required
@require_http_methods(["GET", "HEAD", "POST"])
def theme_days(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    shown = edition_run(request, edition)
    days = list(theme_days_of(shown))
    rows = theme_day_rows(request.POST or None, days, units_to_name(request.user, shown))
    if rows.is_valid():
        filled = _filled(rows)
        known = {day.pk: day for day in days}
        wanted = [(known.get(form.cleaned_data["key"]), form.entry()) for _place, form in filled]
        try:
            actions.arrange_theme_days(edition=shown, days=wanted, by=request.user)
        except Refused as refused:
            _refuse(rows, filled, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect(address(shown))
    context = {"edition": shown, "rows": rows, "back": address(shown)}
    return render(request, "editions/edition_days.html", context)


@organiser_required
@require_http_methods(["GET", "HEAD", "POST"])
def organisers(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    shown = edition_run(request, edition)
    present = [{"order": one.order, "unit": one.unit, "role": one.role} for one in organisers_of(shown)]
    rows = OrganiserRows(
        request.POST or None, initial=present, prefix="organisers",
        form_kwargs={"units": units_to_name(request.user, shown)},
    )  # fmt: skip
    if rows.is_valid():
        filled = sorted(_filled(rows), key=lambda pair: (pair[1].cleaned_data["order"], pair[0]))
        wanted = [(form.cleaned_data["unit"], form.cleaned_data["role"]) for _place, form in filled]
        try:
            actions.arrange_organisers(edition=shown, organisers=wanted, by=request.user)
        except Refused as refused:
            _refuse(rows, filled, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect(address(shown))
    context = {"edition": shown, "rows": rows, "back": address(shown)}
    return render(request, "editions/edition_organisers.html", context)
