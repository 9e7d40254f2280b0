from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction

from cyberweek.kernel.actions import record
from cyberweek.knowledge.core.promotion import Promotion, Row
from cyberweek.knowledge.enums import PlaceReason
from cyberweek.knowledge.models import Contest, Declined, Promoted, Release
from cyberweek.knowledge.queries.promotions import promotion_of

from .refusals import PromotionRefusedError
from .releases import publish_release

if TYPE_CHECKING:
    from cyberweek.accounts.models import User


@transaction.atomic
def decline_place(*, contest: Contest, participant: UUID, reason: str, by: User | None, now: dt.datetime) -> Declined:
    """Somebody will not play the stage: whoever is next moves up. On the public list with the next release of it.
    Raises PromotionRefusedError when they have no place, or have declined before."""
    contest = _locked(contest)
    promotion = _promotion(contest, now)
    named = [place.row.participant for place in promotion.promoted] + [row.participant for row in promotion.reserve]
    if str(participant) not in named or not reason.strip():
        raise PromotionRefusedError("no-place" if reason.strip() else "no-reason")
    try:
        with transaction.atomic():
            declined = Declined.objects.create(
                contest=contest, participant_id=participant, reason=reason.strip()[:200], at=now
            )
    except IntegrityError as error:
        raise PromotionRefusedError("no-place") from error
    after = {"participant": str(participant), "reason": declined.reason}
    record(actor=by, verb="promotion.decline", thing=contest, unit=contest.owner_id, after=after)
    return declined


@transaction.atomic
def publish_promotion(*, contest: Contest, by: User | None, now: dt.datetime) -> Release:
    """Put the promotion list before the public, and release the contest to those on it. Raises PromotionRefusedError
    while the earlier contest runs, when nobody would be promoted or the list is out already, and what publishing raises."""
    contest = _locked(contest)
    promotion = _promotion(contest, now)
    admitted = sorted(place.row.participant for place in promotion.promoted)
    if not admitted or admitted == contest.admitted:
        raise PromotionRefusedError("nobody" if not admitted else "published")
    before = contest.admitted
    contest.promoted.all().delete()
    lines: list[tuple[Row, str, bool]] = [(place.row, place.reason, place.tied) for place in promotion.promoted]
    lines += [(row, PlaceReason.RESERVE.value, False) for row in promotion.reserve]
    Promoted.objects.bulk_create(
        Promoted(
            contest=contest, position=position, participant_id=row.participant, reason=reason, tied=tied,
            region=row.region, score=row.score, seconds=row.seconds,
        )
        for position, (row, reason, tied) in enumerate(lines, 1)
    )  # fmt: skip
    contest.admitted = admitted
    contest.save(update_fields=["admitted"])
    record(
        actor=by, verb="promotion.publish", thing=contest, unit=contest.owner_id, before={"admitted": before},
        after={"admitted": admitted},
    )  # fmt: skip
    return publish_release(contest=contest, by=by, now=now)


def _locked(contest: Contest) -> Contest:
    return Contest.objects.select_for_update(of=("self",)).select_related("owner", "edition").get(pk=contest.pk)


def _promotion(contest: Contest, now: dt.datetime) -> Promotion:
    promotion = promotion_of(contest, now=now)
    if promotion is None:
        raise PromotionRefusedError("too-early")
    return promotion
