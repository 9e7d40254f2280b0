"""Editions at the desk: the list, one edition, its entry, stage and rehearsal."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.editions import actions
from cyberweek.editions.actions import Refused
from cyberweek.editions.core.stages import ORDER, stages_from
from cyberweek.editions.enums import OrganiserRole, Stage
from cyberweek.editions.forms import EditionForm, NewEditionForm, RehearsalForm, StageForm
from cyberweek.editions.models import Edition
from cyberweek.editions.queries import day_number, edition_at_work, editions_published, organisers_of, week_of
from cyberweek.editions.rules import may_rehearse, runs_edition
from cyberweek.kernel.views import once, page_of
from cyberweek.regions.queries import scope_of, units_visible_to

KEPT = "edition"  # in the session: the slug of the edition worked on last


def edition_context(request: HttpRequest) -> dict[str, Any]:
    """Context processor: on pages of the desk, `edition` is the edition at work even where the address names none."""
    match = request.resolver_match
    if not request.path.startswith(("/desk/", "/me/")) or match is None or not request.user.is_authenticated:
        return {}
    edition = edition_at_work(match.kwargs.get("edition"), request.session.get(KEPT))
    if edition and request.session.get(KEPT) != edition.slug:
        request.session[KEPT] = edition.slug
    return {"edition": edition}


def edition_named(slug: str) -> Edition:
    """The edition of the address; every organiser may look at every edition. 404 where there is none."""
    return get_object_or_404(editions_published(), slug=slug)


def edition_run(request: OrganiserRequest, slug: str) -> Edition:
    """The edition, if this person runs it; else 403."""
    edition = edition_named(slug)
    if not runs_edition(scope_of(request.user).coordinating, edition):
        raise PermissionDenied
    return edition


def address(edition: Edition) -> str:
    return reverse("editions:edition-detail", args=[edition.slug])


@organiser_required
@require_safe
def edition_list(request: OrganiserRequest) -> HttpResponseBase:
    page = page_of(editions_published(), request)
    return render(request, "editions/edition_list.html", {"page": page, "may_open": request.user.is_keeper})


@organiser_required
@require_safe
def edition_detail(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    shown = edition_named(edition)
    coordinating = scope_of(request.user).coordinating
    following = [
        (stage, Stage(stage).label, ORDER.index(stage) > ORDER.index(shown.stage)) for stage in stages_from(shown.stage)
    ]
    context = {
        "edition": shown,
        "week": week_of(shown, now=timezone.now()),
        "organisers": organisers_of(shown),
        "stages": [(stage, Stage(stage).label) for stage in ORDER],
        "following": following,
        "may_run": runs_edition(coordinating, shown),
        "may_rehearse": may_rehearse(coordinating, shown),
    }
    return render(request, "editions/edition_detail.html", context)


@organiser_required
@require_http_methods(["GET", "HEAD", "POST"])
@once
def edition_create(request: OrganiserRequest) -> HttpResponseBase:
    if not request.user.is_keeper:
        raise PermissionDenied
    form = NewEditionForm(request.POST or None, units=units_visible_to(request.user))
    if form.is_valid():
        edition = Edition(**form.cleaned_data)
        lead = [(edition.owner, OrganiserRole.LEAD.value)]
        actions.open_edition(edition=edition, days=[], organisers=lead, by=request.user)
        messages.success(request, _("The edition is opened. Give it its theme days next."))
        return redirect("editions:edition-days", edition.slug)
    context = {
        "form": form, "heading": _("New edition"), "submit": _("Open the edition"),
        "back": reverse("editions:edition-list"),
    }  # fmt: skip
    return render(request, "kernel/desk_form.html", context)


@organiser_required
@require_http_methods(["GET", "HEAD", "POST"])
def edition_edit(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    shown = edition_run(request, edition)
    form = EditionForm(request.POST or None, instance=shown)
    if form.is_valid():
        try:
            actions.edit_edition(edition=shown, facts=form.cleaned_data, by=request.user)
        except Refused as refused:
            form.add_error(refused.field or None, str(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect(address(shown))
    context = {
        "edition": shown, "form": form, "heading": _("Edit the edition"), "submit": _("Save"), "back": address(shown),
        "lead": _("It is being rehearsed, so its dates cannot be changed now.") if shown.rehearsal_shift else "",
    }  # fmt: skip
    return render(request, "kernel/desk_form.html", context)


@organiser_required
@require_POST
def edition_stage(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    shown = edition_run(request, edition)
    form = StageForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.change_stage(edition=shown, stage=given["stage"], reason=given["reason"], by=request.user)
        except Refused as refused:
            messages.error(request, str(refused), extra_tags="bad")
        else:
            messages.success(request, _("The edition is now: %(stage)s.") % {"stage": Stage(given["stage"]).label})
    return redirect(address(shown))


@organiser_required
@require_POST
def edition_front_page(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    shown = edition_named(edition)
    if not request.user.is_keeper:
        raise PermissionDenied
    actions.show_on_front_page(edition=shown, by=request.user)
    messages.success(request, _("The front page shows this edition now."))
    return redirect(address(shown))


def _rehearsed(request: OrganiserRequest, slug: str) -> Edition:
    edition = edition_named(slug)
    if not may_rehearse(scope_of(request.user).coordinating, edition):
        raise PermissionDenied
    return edition


@organiser_required
@require_http_methods(["GET", "HEAD", "POST"])
def edition_rehearse(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    shown, now = _rehearsed(request, edition), timezone.now()
    form = RehearsalForm(
        request.POST or None, edition=shown, initial={"day": min(max(day_number(shown, now=now), 1), 7)}
    )
    if form.is_valid():
        moved = actions.rehearse_edition(edition=shown, day=form.cleaned_data["day"], by=request.user, now=now)
        messages.success(request, _("Rehearsal: today is day %(n)d.") % {"n": form.cleaned_data["day"]})
        return redirect(address(moved))
    return render(request, "editions/edition_rehearse.html", {"edition": shown, "form": form, "back": address(shown)})


@organiser_required
@require_POST
def edition_rehearse_end(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    shown = _rehearsed(request, edition)
    actions.end_rehearsal(edition=shown, by=request.user)
    messages.success(request, _("The rehearsal is over; all dates are the true ones again."))
    return redirect(address(shown))
