"""Promotion from one contest to the next: previewed and published on the desk, read by the public."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.kernel.views import page_of
from cyberweek.knowledge import actions, rules
from cyberweek.knowledge.core.promotion import Promotion
from cyberweek.knowledge.enums import PlaceReason, PromotionFault
from cyberweek.knowledge.models import Promoted
from cyberweek.knowledge.queries import promotions as queries
from cyberweek.passport.queries import nicknames_of

from . import telling
from .contests import _page, find_contest
from .play import _contest as _public_contest
from .play import _page as _public_page

PLACES_ON_A_PAGE: Final = 100


@organiser_required
def promotion_preview(request: OrganiserRequest, edition: str, contest: str) -> HttpResponse:
    """Who would be promoted as the earlier board stands; once it is published, what differs from that."""
    found, shown = find_contest(request, edition, contest)
    if not shown.stage:
        raise Http404
    promotion, earlier = queries.promotion_of(shown, now=timezone.now()), queries.earlier_contest(shown)
    declined = queries.declined_of(shown)
    lines = _preview(promotion) if promotion else []
    return _page(
        request, "desk_promotion", found, contest=shown, earlier=earlier, declined=_named(declined),
        told=telling.told(shown.rules(), after=str(earlier.title) if earlier else ""), promotion=promotion,
        lines=page_of(lines, request, size=PLACES_ON_A_PAGE), published=shown.admitted is not None,
        changed=promotion is not None and _ids(promotion) != shown.admitted,
        may_publish=rules.may_publish(request.user, shown), may_change=rules.may_change_contest(request.user, shown),
    )  # fmt: skip


@require_POST
@organiser_required
def promotion_decline(request: OrganiserRequest, edition: str, contest: str, participant: UUID) -> HttpResponse:
    """Somebody gives their place up."""
    found, changed = find_contest(request, edition, contest)
    if not rules.may_change_contest(request.user, changed):
        raise PermissionDenied
    try:
        actions.decline_place(
            contest=changed, participant=participant, reason=request.POST.get("reason", ""), by=request.user,
            now=timezone.now(),
        )  # fmt: skip
    except actions.PromotionRefusedError as refused:
        messages.error(request, PromotionFault(refused.reason).label, "bad")
    else:
        messages.success(request, _("The place is given up. Publish the list to let the next one in."))
    return redirect("knowledge:desk-promotion", found.slug, changed.slug)


@require_POST
@organiser_required
def promotion_publish(request: OrganiserRequest, edition: str, contest: str) -> HttpResponse:
    """The list goes before the public, and the contest is released to those on it."""
    found, published = find_contest(request, edition, contest)
    if not rules.may_publish(request.user, published):
        raise PermissionDenied
    try:
        release = actions.publish_promotion(contest=published, by=request.user, now=timezone.now())
    except actions.PromotionRefusedError as refused:
        messages.error(request, PromotionFault(refused.reason).label, "bad")
    except actions.ContestRefusedError as refused:
        messages.error(request, _("Not released: %(reasons)s") % {"reasons": " ".join(refused.reasons)}, "bad")
    else:
        messages.success(request, _("The promotion list is public, with release %(n)d.") % {"n": release.number})
    return redirect("knowledge:desk-promotion", found.slug, published.slug)


def promotion_list(request: HttpRequest, edition: str, contest: str) -> HttpResponse:
    """The published list: nicknames, results, who moved up, where a tie was decided, until when to object."""
    found, shown, pack = _public_contest(edition, contest)
    if pack.stage is None:
        raise Http404
    earlier = queries.earlier_contest(shown)
    places = queries.promotion_list(shown)
    page = page_of(places, request, size=PLACES_ON_A_PAGE)
    lines = _published(page.object_list)
    return _public_page(
        request, "promotion", found, contest=shown, pack=pack, earlier=earlier, published=pack.admitted is not None,
        told=telling.told(pack, after=str(earlier.title) if earlier else ""), page=page,
        count=sum(place.reason != PlaceReason.RESERVE for place in places),
        promoted=[line for line in lines if line["reason"] != PlaceReason.RESERVE],
        reserve=[line for line in lines if line["reason"] == PlaceReason.RESERVE],
    )  # fmt: skip


def _ids(promotion: Promotion) -> list[str]:
    return sorted(place.row.participant for place in promotion.promoted)


def _preview(promotion: Promotion) -> list[dict[str, Any]]:
    rows = [(place.row, PlaceReason(place.reason), place.tied) for place in promotion.promoted]
    rows += [(row, PlaceReason.RESERVE, False) for row in promotion.reserve]
    names = nicknames_of(row.participant for row, _reason, _tied in rows)
    regions = queries.names_of_regions(row.region for row, _reason, _tied in rows)
    return [
        {
            "position": position, "participant": row.participant, "nickname": names.get(row.participant, ""),
            "region": regions.get(row.region, ""), "score": row.score, "seconds": row.seconds, "reason": reason,
            "tied": tied,
        }
        for position, (row, reason, tied) in enumerate(rows, 1)
    ]  # fmt: skip


def _published(lines: Iterable[Promoted]) -> list[dict[str, Any]]:
    lines = list(lines)
    names = nicknames_of(line.participant_id for line in lines)
    regions = queries.names_of_regions(line.region for line in lines)
    return [
        {
            "position": line.position, "nickname": names.get(str(line.participant_id), ""),
            "region": regions.get(line.region, ""), "score": line.score, "seconds": line.seconds,
            "reason": PlaceReason(line.reason), "tied": line.tied,
        }
        for line in lines
    ]  # fmt: skip


def _named(declined: Sequence[Any]) -> list[tuple[str, Any]]:
    names = nicknames_of(one.participant_id for one in declined)
    return [(names.get(str(one.participant_id), ""), one) for one in declined]
