"""Units at the desk: the tree, one unit, its entry, its place, its accountable person."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.kernel.forms import HouseForm, HouseModelForm
from cyberweek.kernel.views import once, page_of
from cyberweek.regions import actions
from cyberweek.regions.actions import Refused
from cyberweek.regions.forms import AccountableForm, MoveForm, NewUnitForm, UnitFilter, UnitForm
from cyberweek.regions.models import Unit
from cyberweek.regions.queries import (
    Scope,
    chain_of,
    is_unled,
    posts_in,
    regions_to_filter,
    scope_of,
    top_depth,
    units_matching,
    units_run_by,
    units_visible_to,
    with_counts,
)  # fmt: skip
from cyberweek.regions.rules import may_appoint, may_take_under, runs, runs_from_above


def unit_seen(request: OrganiserRequest, code: str, scope: Scope) -> Unit:
    """The unit, if this person sees it; else 404."""
    rows = units_visible_to(request.user, scope).select_related("region", "parent", "parent__region", "accountable")
    return get_object_or_404(rows, code=code)


def demand(allowed: bool) -> None:  # noqa: FBT001 -- reads as a sentence
    """403 where the person sees the thing and may not do this to it."""
    if not allowed:
        raise PermissionDenied


def form_page(
    request: OrganiserRequest, form: HouseForm | HouseModelForm, *, heading: str, submit: str, back: str, **more: Any
) -> HttpResponse:
    """A page that is one form."""
    context = {"form": form, "heading": heading, "submit": submit, "back": back, **more}
    return render(request, more.get("template", "kernel/desk_form.html"), context)


def address(unit: Unit) -> str:
    return reverse("regions:unit-detail", args=[unit.code])


def refuse(form: HouseForm | HouseModelForm, refused: Refused) -> None:
    """Say beside its field what the data does not allow."""
    form.add_error(refused.field if refused.field in form.fields else None, str(refused))


@organiser_required
@require_safe
def unit_list(request: OrganiserRequest) -> HttpResponseBase:
    scope = scope_of(request.user)
    form = UnitFilter(request.GET, regions=regions_to_filter(request.user, scope))
    wanted = form.wanted()
    seen = units_visible_to(request.user, scope)
    if wanted.pop("unnamed", False):
        seen = units_run_by(request.user, scope).filter(accountable=None)
    context = {
        "form": form,
        "asked": any(form.cleaned_data.values()),
        "page": page_of(with_counts(units_matching(seen, **wanted)), request),
        "top": top_depth(seen),
        "may_create": bool(scope.coordinating) or request.user.is_keeper,
    }
    return render(request, "regions/unit_list.html", context)


def unit_context(request: OrganiserRequest, unit: Unit, scope: Scope) -> dict[str, Any]:
    """What the page of a unit shows: facts, posts, units under it, and what this person may do there."""
    keeper = request.user.is_keeper
    above = runs_from_above(scope.coordinating, unit, is_keeper=keeper)
    children = units_visible_to(request.user, scope).filter(parent=unit)
    return {
        "unit": unit,
        "chain": [(one, bool(scope.units & set(one.ancestry))) for one in chain_of(unit)],
        "posts": posts_in(unit),
        "children": page_of(with_counts(children).order_by("code"), request, size=30),
        "may_run": runs(scope.coordinating, unit),
        "may_move": above,
        "may_appoint": may_appoint(scope.coordinating, unit, is_keeper=keeper, is_unled=keeper and is_unled(unit)),
    }


@organiser_required
@require_safe
def unit_detail(request: OrganiserRequest, code: str) -> HttpResponseBase:
    scope = scope_of(request.user)
    unit = unit_seen(request, code, scope)
    return render(request, "regions/unit_detail.html", unit_context(request, unit, scope))


@organiser_required
@require_http_methods(["GET", "HEAD", "POST"])
@once
def unit_create(request: OrganiserRequest) -> HttpResponseBase:
    scope = scope_of(request.user)
    demand(bool(scope.coordinating) or request.user.is_keeper)
    form = NewUnitForm(request.POST or None, by=request.user, initial={"parent": request.GET.get("parent", "")})
    if form.is_valid():
        demand(may_take_under(scope.coordinating, form.cleaned_data["parent"], is_keeper=request.user.is_keeper))
        try:
            unit = actions.create_unit(**form.cleaned_data, by=request.user)
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("%(unit)s is entered. Give someone a post there next.") % {"unit": unit})
            return redirect(address(unit))
    back = reverse("regions:unit-list")
    return form_page(request, form, heading=_("New unit"), submit=_("Enter the unit"), back=back)


@organiser_required
@require_http_methods(["GET", "HEAD", "POST"])
def unit_edit(request: OrganiserRequest, code: str) -> HttpResponseBase:
    scope = scope_of(request.user)
    unit = unit_seen(request, code, scope)
    above = runs_from_above(scope.coordinating, unit, is_keeper=request.user.is_keeper)
    demand(above or runs(scope.coordinating, unit))
    heading = _("Edit %(unit)s") % {"unit": unit}
    form = UnitForm(request.POST or None, instance=unit, from_above=above)
    if form.is_valid():
        try:
            actions.edit_unit(unit=unit, **form.facts(), by=request.user)
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect(address(unit))
    lead = "" if above else _("Level and region decide what a unit sees, so the unit above changes them.")
    return form_page(request, form, heading=heading, submit=_("Save"), back=address(unit), lead=lead)


@organiser_required
@require_http_methods(["GET", "HEAD", "POST"])
def unit_move(request: OrganiserRequest, code: str) -> HttpResponseBase:
    scope = scope_of(request.user)
    unit = unit_seen(request, code, scope)
    demand(runs_from_above(scope.coordinating, unit, is_keeper=request.user.is_keeper))
    form = MoveForm(request.POST or None, by=request.user, unit=unit, initial={"parent": unit.parent})
    if form.is_valid():
        demand(may_take_under(scope.coordinating, form.cleaned_data["parent"], is_keeper=request.user.is_keeper))
        try:
            actions.move_unit(unit=unit, parent=form.cleaned_data["parent"], by=request.user)
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("%(unit)s is moved, with everything under it.") % {"unit": unit})
            return redirect(address(unit))
    heading = _("Move %(unit)s") % {"unit": unit}
    lead = _(
        "All units under it move along. The coordinators above its new place see and change it from then on, those above its old place no longer do."
    )
    return form_page(request, form, heading=heading, submit=_("Move"), back=address(unit), lead=lead)


@organiser_required
@require_http_methods(["GET", "HEAD", "POST"])
def unit_accountable(request: OrganiserRequest, code: str) -> HttpResponseBase:
    scope = scope_of(request.user)
    unit = unit_seen(request, code, scope)
    demand(runs(scope.coordinating, unit))
    form = AccountableForm(request.POST or None, unit=unit)
    if form.is_valid():
        actions.name_accountable(unit=unit, person=form.cleaned_data["person"], by=request.user)
        messages.success(request, _("Saved."))
        return redirect(address(unit))
    heading = _("Who answers for %(unit)s?") % {"unit": unit}
    return form_page(request, form, heading=heading, submit=_("Save"), back=address(unit))
