"""The groups of a contest on the desk: codes to be handed out, and the table of teams."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.knowledge import actions, queries, rules
from cyberweek.knowledge.formats.cards import written
from cyberweek.knowledge.models import Contest
from cyberweek.knowledge.queries import groups as group_queries

from .contests import _page, find_contest


@organiser_required
def group_list(request: OrganiserRequest, edition: str, contest: str) -> HttpResponse:
    """Cards with codes, to be printed, and what the teams have come to. For those who may change the contest."""
    found, shown = find_contest(request, edition, contest)
    if not rules.may_change_contest(request.user, shown):
        raise PermissionDenied
    cards = group_queries.cards_of(shown)
    pack = queries.current_pack(shown)
    good = {group.id: group.code_sha256 for group in pack.groups} if pack else {}
    now = {group.id: group.code_sha256 for group in group_queries.groups_of_pack(shown)}
    teams = {row.team: row for row in group_queries.team_board(shown, shown.team_minimum or 1)}
    return _page(
        request, "desk_group_list", found, contest=shown, address=_play_address(request, shown),
        rows=[
            (card, f"{_play_address(request, shown)}?code={card.code}", teams.get(card.group.code),
             good.get(card.group.code) != now[card.group.code])
            for card in cards
        ],
        waiting=good != now,
    )  # fmt: skip


@organiser_required
def group_export(request: OrganiserRequest, edition: str, contest: str) -> HttpResponse:
    """Groups, codes and addresses as a table for a spreadsheet."""
    _found, shown = find_contest(request, edition, contest)
    if not rules.may_change_contest(request.user, shown):
        raise PermissionDenied
    response = HttpResponse(
        written(group_queries.cards_of(shown), _play_address(request, shown)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{shown.slug}-codes.csv"'
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@organiser_required
def group_change(request: OrganiserRequest, edition: str, contest: str, group: str) -> HttpResponse:
    """A new code for a group, or taking nobody in any more, or again."""
    found, changed = find_contest(request, edition, contest)
    if not rules.may_change_contest(request.user, changed):
        raise PermissionDenied
    row = get_object_or_404(changed.groups.select_related("contest"), code=group)
    if request.POST.get("act") == "renew":
        actions.renew_code(group=row, by=request.user)
    else:
        actions.withdraw_group(group=row, withdrawn=request.POST.get("act") == "withdraw", by=request.user)
    messages.success(request, _("“%(group)s” is changed. It takes effect with the next release.") % {"group": row})
    return redirect("knowledge:desk-group-list", found.slug, changed.slug)


def _play_address(request: HttpRequest, contest: Contest) -> str:
    return request.build_absolute_uri(reverse("knowledge:play", args=[contest.edition.slug, contest.slug]))
