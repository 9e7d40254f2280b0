"""Finals on the desk: their rules, the teams' codes, and the host's screen."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.editions.models import Edition
from cyberweek.editions.queries import editions_published
from cyberweek.finals import actions, queries, rules
from cyberweek.finals.api import now_ms
from cyberweek.finals.forms import FinalForm
from cyberweek.finals.models import Final
from cyberweek.kernel.views import once, page_of
from cyberweek.knowledge.rules import may_write
from cyberweek.programme.views.addresses import site
from cyberweek.regions.queries import units_changeable_by

from . import words


@organiser_required
def final_list(request: OrganiserRequest, edition: str) -> HttpResponse:
    """An edition's finals that the person sees."""
    found = _edition(edition)
    page = page_of(queries.finals_on_desk(request.user, found), request)
    return _page(request, "desk_final_list", found, page=page, may_write=may_write(request.user))


@organiser_required
def final_detail(request: OrganiserRequest, edition: str, final: str) -> HttpResponse:
    """A final: its rules, its teams, and what comes next."""
    found, shown = _final(request, edition, final)
    return _page(
        request, "desk_final_detail", found, final=shown, rules=shown.ruled(), teams=list(shown.teams.order_by("seat")),
        ready=queries.count_for(shown.owner, shown.contest), may_host=rules.may_host(request.user, shown),
        screen=site(request) + reverse("finals:screen", args=[found.slug, shown.slug]),
    )  # fmt: skip


@organiser_required
@once
def final_create(request: OrganiserRequest, edition: str) -> HttpResponse:
    """A new final, as a draft."""
    found = _edition(edition)
    if not may_write(request.user):
        raise PermissionDenied
    form = _form(request, found)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            made = actions.create_final(
                edition=found, owner=told["owner"], slug=told["slug"], title=told["title"], contest=told["contest"],
                starts=told["starts"], rules=form.rules(), teams=told["teams"], by=request.user,
            )  # fmt: skip
        except actions.FinalRefusedError as refused:
            form.refuse(refused.faults)
        else:
            messages.success(request, _("The final is saved. Give the teams their codes, then open it."))
            return redirect("finals:desk-final-detail", found.slug, made.slug)
    return _page(request, "desk_final_form", found, form=form)


@organiser_required
def final_edit(request: OrganiserRequest, edition: str, final: str) -> HttpResponse:
    """Change a draft."""
    found, edited = _final(request, edition, final)
    if not rules.may_host(request.user, edited):
        raise PermissionDenied
    form = _form(request, found, edited)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            actions.edit_final(
                final=edited, title=told["title"], contest=told["contest"], starts=told["starts"], rules=form.rules(),
                teams=told["teams"], by=request.user,
            )  # fmt: skip
        except actions.FinalRefusedError as refused:
            form.refuse(refused.faults)
        else:
            messages.success(request, _("The rules are saved."))
            return redirect("finals:desk-final-detail", found.slug, edited.slug)
    return _page(request, "desk_final_form", found, form=form, final=edited)


@require_POST
@organiser_required
def final_open(request: OrganiserRequest, edition: str, final: str) -> HttpResponse:
    """Draw and freeze the items."""
    found, opened = _final(request, edition, final)
    if not rules.may_host(request.user, opened):
        raise PermissionDenied
    try:
        actions.open_final(final=opened, by=request.user, now_ms=now_ms())
    except actions.FinalRefusedError as refused:
        messages.error(request, _("Not opened: %(reasons)s") % {"reasons": str(refused)}, "bad")
    except actions.RefusedError as refused:
        messages.warning(request, str(refused.reason.label), "warn")
    else:
        messages.success(request, _("The final is open: items are drawn and frozen, the teams can join."))
        return redirect("finals:desk-final-host", found.slug, opened.slug)
    return redirect("finals:desk-final-detail", found.slug, opened.slug)


@organiser_required
def codes(request: OrganiserRequest, edition: str, final: str) -> HttpResponse:
    """A card for each team, to print and cut: its code, and a QR code that leads there."""
    found, shown = _final(request, edition, final)
    if not rules.may_host(request.user, shown):
        raise PermissionDenied
    address = site(request) + reverse("finals:team", args=[found.slug, shown.slug])
    cards = [(team, f"{address}?code={team.code}") for team in shown.teams.order_by("seat")]
    return _page(request, "desk_final_codes", found, final=shown, cards=cards, address=address)


@require_POST
@organiser_required
def code_renew(request: OrganiserRequest, edition: str, final: str, seat: int) -> HttpResponse:
    """A new code for one team."""
    found, shown = _final(request, edition, final)
    if not rules.may_host(request.user, shown):
        raise PermissionDenied
    team = get_object_or_404(shown.teams, seat=seat)
    actions.renew_code(team=team, by=request.user)
    messages.success(request, _("%(team)s has a new code; the old one and its phones are out.") % {"team": team.name})
    return redirect("finals:desk-final-codes", found.slug, shown.slug)


@organiser_required
def host(request: OrganiserRequest, edition: str, final: str) -> HttpResponse:
    """The screen from which the final is led."""
    found, led = _final(request, edition, final)
    if not rules.may_host(request.user, led):
        raise PermissionDenied
    if led.state == "draft":
        return redirect("finals:desk-final-detail", found.slug, led.slug)
    address = [found.slug, led.slug]
    settings = {name: reverse(f"finals:host-{name}", args=address) for name in ("state", "stream", "step")}
    may_score = rules.may_score(request.user, led)
    return _page(
        request, "desk_final_host", found, final=led, settings=settings | {"score": may_score},
        words=words.SHARED | words.HOST,
    )  # fmt: skip


# -- What the views share --


def _edition(slug: str) -> Edition:
    return get_object_or_404(editions_published(), slug=slug)


def _final(request: OrganiserRequest, edition: str, slug: str) -> tuple[Edition, Final]:
    found = _edition(edition)
    return found, get_object_or_404(queries.finals_visible_to(request.user), edition=found, slug=slug)


def _form(request: OrganiserRequest, edition: Edition, final: Final | None = None) -> FinalForm:
    return FinalForm(
        request.POST or None, zone=edition.tz, contests=queries.contests_to_draw_from(request.user, edition),
        owners=units_changeable_by(request.user), final=final, **({} if final else {"initial": _usual(edition)}),
    )  # fmt: skip


def _usual(edition: Edition) -> dict[str, Any]:
    """What a new final's form is filled with: the model of Ziyang 2025, for six teams."""
    usual = {
        0: {"kind": "must", "items": 18, "right": 10, "seconds": 30},
        1: {"kind": "choose", "items": 8, "right": 20, "seconds": 30},
        2: {"kind": "buzzer", "items": 20, "right": 10, "wrong": 10, "seconds": 20},
        3: {"kind": "risk", "items": 6, "values": "30 50", "seconds": 60},
    }
    rounds = {f"round_{index}_{name}": value for index, told in usual.items() for name, value in told.items()}
    at = dt.datetime.combine(edition.ends if edition.ends > timezone.now().date() else edition.starts, dt.time(14, 30))
    return {"owner": edition.owner, "starts": at, "spares": 3, **rounds}


def _page(request: OrganiserRequest, name: str, edition: Edition, **context: Any) -> HttpResponse:
    status = 422 if "form" in context and request.method == "POST" else 200
    return render(request, f"finals/{name}.html", {"edition": edition, **context}, status=status)
