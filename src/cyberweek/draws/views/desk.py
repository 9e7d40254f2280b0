"""Draws on the desk: announced, frozen, drawn."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.draws import actions, queries, rules
from cyberweek.draws.forms import AnnounceForm, InviteForm, RevealForm
from cyberweek.draws.models import Draw
from cyberweek.editions.models import Edition
from cyberweek.editions.queries import editions_published
from cyberweek.kernel.views import once, page_of
from cyberweek.knowledge.models import Contest
from cyberweek.knowledge.queries import contests_visible_to, current_pack
from cyberweek.passport.queries import claims_visible_to


@organiser_required
def draw_list(request: OrganiserRequest, edition: str, contest: str) -> HttpResponse:
    """A contest's draws."""
    found, shown = _contest(request, edition, contest)
    page, now = page_of(queries.draws_of(shown), request), timezone.now()
    return _page(
        request, "desk_draw_list", found, contest=shown, page=page, rows=[(draw, draw.stage(now)) for draw in page],
        may_draw=rules.may_draw(request.user, shown), released=current_pack(shown) is not None,
    )  # fmt: skip


@organiser_required
@once
def draw_announce(request: OrganiserRequest, edition: str, contest: str) -> HttpResponse:
    """Commit to one draw, or to one for each day."""
    found, shown = _contest(request, edition, contest)
    pack = current_pack(shown)
    if pack is None or not rules.may_draw(request.user, shown):
        raise PermissionDenied
    form, now = AnnounceForm(request.POST or None, contest=shown, pack=pack), timezone.now()
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.announce_draws(contest=shown, terms=form.terms(now), by=request.user, now=now)
        except actions.DrawRefusedError as refused:
            form.refuse(refused)
        else:
            messages.success(
                request, _("Announced: %(count)d. Everybody can see it from now on.") % {"count": len(made)}
            )
            return redirect("draws:desk-list", found.slug, shown.slug)
    return _page(request, "desk_draw_form", found, contest=shown, form=form)


@organiser_required
def draw_detail(request: OrganiserRequest, edition: str, contest: str, draw: UUID) -> HttpResponse:
    """One draw: where it stands, and its next step."""
    found, shown = _contest(request, edition, contest)
    held = get_object_or_404(queries.draws_of(shown), pk=draw)
    return _detail(request, found, held, RevealForm())


@require_POST
@organiser_required
def draw_freeze(request: OrganiserRequest, edition: str, contest: str, draw: UUID) -> HttpResponse:
    """Fix the entries now, without waiting for the job."""
    found, shown = _contest(request, edition, contest)
    held = get_object_or_404(queries.draws_of(shown), pk=draw)
    if not rules.may_step(request.user, held):
        raise PermissionDenied
    try:
        frozen = actions.freeze_draw(draw=held, by=request.user, now=timezone.now())
    except actions.DrawRefusedError as refused:
        messages.error(request, str(refused), "bad")
    else:
        messages.success(request, _("Frozen: %(count)d entries.") % {"count": frozen.count})
    return redirect("draws:desk-detail", found.slug, shown.slug, held.pk)


@require_POST
@organiser_required
def draw_reveal(request: OrganiserRequest, edition: str, contest: str, draw: UUID) -> HttpResponse:
    """Mix in the public number; the winners follow."""
    found, shown = _contest(request, edition, contest)
    held = get_object_or_404(queries.draws_of(shown), pk=draw)
    if not rules.may_step(request.user, held):
        raise PermissionDenied
    form = RevealForm(request.POST)
    if form.is_valid():
        try:
            actions.reveal_draw(draw=held, public=form.cleaned_data["public"], by=request.user, now=timezone.now())
        except actions.DrawRefusedError as refused:
            form.add_error("public", str(refused))
        else:
            messages.success(request, _("Drawn. The winners are public."))
            return redirect("draws:desk-detail", found.slug, shown.slug, held.pk)
    return _detail(request, found, held, form)


@organiser_required
@once
def draw_invite(request: OrganiserRequest, edition: str, contest: str, draw: UUID) -> HttpResponse:
    """Invite whoever wins and was not invited yet to leave a contact."""
    found, shown = _contest(request, edition, contest)
    held = get_object_or_404(queries.draws_of(shown).filter(revealed_at__isnull=False), pk=draw)
    if not rules.may_invite(request.user, held):
        raise PermissionDenied
    now = timezone.now()
    form = InviteForm(request.POST or None, draw=held, now=now)
    if request.method == "POST" and form.is_valid():
        try:
            invited = actions.invite_winners(
                draw=held, purpose=form.cleaned_data["purpose"], closes=form.closes_at(),
                delete_on=form.cleaned_data["delete_on"], by=request.user, now=now,
            )  # fmt: skip
        except actions.DrawRefusedError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _told(len(invited)))
            return redirect("draws:desk-detail", found.slug, shown.slug, held.pk)
    waiting = len(queries.to_invite(held, now=now))
    return _page(request, "desk_draw_invite", found, contest=shown, draw=held, form=form, waiting=waiting)


# -- What the views share --


def _told(invited: int) -> str:
    if not invited:
        return _("Everybody who wins was invited already.")
    return ngettext("%(count)d winner is invited.", "%(count)d winners are invited.", invited) % {"count": invited}


def _contest(request: OrganiserRequest, edition: str, slug: str) -> tuple[Edition, Contest]:
    found = get_object_or_404(editions_published(), slug=edition)
    return found, get_object_or_404(contests_visible_to(request.user).filter(edition=found), slug=slug)


def _detail(request: OrganiserRequest, edition: Edition, draw: Draw, form: RevealForm) -> HttpResponse:
    now = timezone.now()
    winners = queries.winners_of(draw, now=now) if draw.revealed_at else []
    claims = claims_visible_to(request.user).filter(contest=draw.contest.slug, award=draw.award)
    return _page(
        request, "desk_draw_detail", edition, contest=draw.contest, draw=draw, stage=draw.stage(now), form=form, now=now,
        waiting=sum(one.wins and one.claim is None for one in winners), may_invite=rules.may_invite(request.user, draw),
        with_claims=bool(winners) and claims.exists(),
        may_freeze=not draw.frozen_at and draw.all_in_at <= now < draw.known_at,
        may_reveal=draw.frozen_at and not draw.revealed_at and now >= draw.known_at,
        winners=page_of(winners, request), may_step=rules.may_step(request.user, draw),
    )  # fmt: skip


def _page(request: OrganiserRequest, name: str, edition: Edition, **context: Any) -> HttpResponse:
    status = 422 if "form" in context and request.method == "POST" else 200
    return render(request, f"draws/{name}.html", {"edition": edition, **context}, status=status)
