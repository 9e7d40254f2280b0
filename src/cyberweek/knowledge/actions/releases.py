from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import msgspec
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from cyberweek.editions.models import Edition
from cyberweek.kernel.actions import record, snapshot
from cyberweek.knowledge.core.changes import compare
from cyberweek.knowledge.core.release import Pack, seal
from cyberweek.knowledge.enums import ContestState
from cyberweek.knowledge.models import Contest, Release
from cyberweek.knowledge.queries import current_release, draft_pack, faults_of_contest, pack_of

from .refusals import ContestRefusedError, NothingNewError

if TYPE_CHECKING:
    from cyberweek.accounts.models import User


@transaction.atomic
def publish_release(*, contest: Contest, by: User | None, now: dt.datetime) -> Release:
    """Freeze the contest and the ready items of its topics, and hand them to the arena as the next number.

    Papers already started end on the release that they started with. Raises ContestRefusedError when the bank has
    fallen short of the blueprint, NothingNewError when nothing differs from the current release.
    """
    contest = Contest.objects.select_for_update(of=("self",)).select_related("owner", "edition").get(pk=contest.pk)
    faults = faults_of_contest(contest.rules(), owner=contest.owner, edition=contest.edition, slug=contest.slug)
    if faults:
        raise ContestRefusedError(faults)
    pack = draft_pack(contest, number=_next_number(contest))
    current = current_release(contest)
    if current and not compare(pack_of(current), pack):
        raise NothingNewError(contest.slug)
    return _release(contest, pack, by=by, now=now)


def follow_edition(*, edition: Edition, delta: dt.timedelta, **_signal: Any) -> None:
    """Move an edition's contests along with it (a receiver of `edition_moved`).

    What is published is released again with the new hours and otherwise as it was: moving an edition sends out no item
    that nobody meant to publish.
    """
    now = timezone.now()
    contests = Contest.objects.select_for_update(of=("self",)).filter(edition=edition).select_related("owner")
    for contest in contests:
        before = snapshot(contest, ["opens", "closes"])
        contest.opens += delta
        contest.closes += delta
        if contest.objections_until:
            contest.objections_until += delta
        contest.save(update_fields=["opens", "closes", "objections_until"])
        after = snapshot(contest, ["opens", "closes"])
        record(actor=None, verb="contest.move", thing=contest, unit=contest.owner_id, before=before, after=after)
        if current := current_release(contest):
            pack = pack_of(current)
            moved = msgspec.structs.replace(
                pack, number=_next_number(contest), opens=pack.opens + delta, closes=pack.closes + delta
            )
            _release(contest, moved, by=None, now=now)


def _next_number(contest: Contest) -> int:
    last = Release.objects.filter(contest=contest.slug).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _release(contest: Contest, pack: Pack, *, by: User | None, now: dt.datetime) -> Release:
    """Raises ReleaseRefusedError when the pack contradicts itself."""
    sealed = seal(pack)
    release = Release.objects.create(
        contest=pack.contest, number=pack.number, sha256=sealed.sha256, pack=sealed.pack, published=now
    )
    contest.state = ContestState.PUBLISHED
    contest.save(update_fields=["state"])
    after = {"number": release.number, "sha256": release.sha256, "items": len(pack.bank)}
    record(actor=by, verb="contest.publish", thing=release, unit=contest.owner_id, after=after)
    return release
