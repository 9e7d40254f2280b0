from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from cyberweek.kernel.actions import record, snapshot
from cyberweek.knowledge.core.reasons import Fault, faults_of_reason, tidied
from cyberweek.knowledge.enums import ExclusionReason, ObjectionState, RulingKind
from cyberweek.knowledge.models import MAX_TEXT, Contest, Exclusion, Objection
from cyberweek.knowledge.queries.rulings import has_begun

from .refusals import RulingRefusedError
from .rulings import append_ruling
from .versions import keep_result

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

MAX_OBJECTION_DAYS = 60
_FIELDS = ("participant", "category", "reason", "object_until", "lifted", "lifted_reason")


@transaction.atomic
def exclude_participant(
    *,
    contest: Contest,
    participant: UUID,
    category: ExclusionReason,
    reason: str,
    note: str,
    by: User,
    now: dt.datetime,
) -> Exclusion:
    """A participant's papers do not count from now on, those to come neither. The present result is kept first.

    Raises RulingRefusedError: a reason that the ledger does not take, nobody of this number, excluded already.
    """
    reason = tidied(reason)
    contest = _locked(contest)
    _refuse([*faults_of_reason(reason), *_faults_of_note(note)])
    if not has_begun(contest, participant):
        _refuse([Fault("__all__", "unknown-participant", {})])
    exclusion = Exclusion(
        contest=contest, participant=participant, category=category, reason=reason, note=note, by=by, at=now,
        object_until=now + dt.timedelta(days=contest.objection_days),
    )  # fmt: skip
    try:
        with transaction.atomic():
            exclusion.save(force_insert=True)
    except IntegrityError as error:
        if Exclusion.objects.filter(contest=contest, participant=participant, lifted=None).exists():
            raise RulingRefusedError([Fault("__all__", "excluded", {})]) from error
        raise
    _note(exclusion, "contest.exclude", by=by)
    keep_result(contest=contest, ruling=exclusion.ruling, kind=RulingKind.EXCLUDE, reason=reason, now=now)
    append_ruling(
        kind="exclude", contest=contest.slug, participant=str(participant), ruling=exclusion.ruling, reason=reason, now=now
    )  # fmt: skip
    return exclusion


@transaction.atomic
def readmit_participant(*, exclusion: Exclusion, reason: str, by: User, now: dt.datetime) -> Exclusion:
    """Take an exclusion back that was a mistake: all of the participant's papers count again.

    Raises RulingRefusedError: not excluded any more; an objection waits, which has to be decided instead.
    """
    reason = tidied(reason)
    _refuse(list(faults_of_reason(reason)))
    _locked(exclusion.contest)
    if Objection.objects.filter(exclusion=exclusion, state=ObjectionState.OPEN).exists():
        _refuse([Fault("__all__", "objection-open", {})])
    return lift(exclusion, reason=reason, by=by, now=now)


def lift(exclusion: Exclusion, *, reason: str, by: User, now: dt.datetime) -> Exclusion:
    """In the caller's transaction, which holds the contest's row: of two who lift at once, one is refused."""
    told = snapshot(exclusion, _FIELDS)
    lifted = {"lifted": now, "lifted_by": by, "lifted_reason": reason}
    if not Exclusion.objects.filter(pk=exclusion.pk, lifted=None).update(**lifted):
        raise RulingRefusedError([Fault("__all__", "not-excluded", {})])
    exclusion.refresh_from_db()
    _note(exclusion, "contest.readmit", by=by, before=told, reason=reason)
    ruling = uuid4()
    keep_result(contest=exclusion.contest, ruling=ruling, kind=RulingKind.READMIT, reason=reason, now=now)
    append_ruling(
        kind="readmit", contest=exclusion.contest.slug, participant=str(exclusion.participant), ruling=ruling,
        reason=reason, now=now,
    )  # fmt: skip
    return exclusion


@transaction.atomic
def set_objection_days(*, contest: Contest, days: int, by: User) -> None:
    """How long an excluded participant may object: counts for exclusions to come."""
    contest = _locked(contest)
    if not 1 <= days <= MAX_OBJECTION_DAYS:
        _refuse([Fault("days", "objection-days", {"limit": MAX_OBJECTION_DAYS})])
    before = snapshot(contest, ["objection_days"])
    contest.objection_days = days
    contest.save(update_fields=["objection_days"])
    after = snapshot(contest, ["objection_days"])
    record(actor=by, verb="contest.objection-days", thing=contest, unit=contest.owner_id, before=before, after=after)


def _locked(contest: Contest) -> Contest:
    return Contest.objects.select_for_update(of=("self",)).select_related("owner", "edition__scope").get(pk=contest.pk)


def _faults_of_note(note: str) -> list[Fault]:
    if len(note) > MAX_TEXT:
        return [Fault("note", "long-text", {"length": len(note), "limit": MAX_TEXT})]
    return []


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise RulingRefusedError(faults)


def _note(
    exclusion: Exclusion, verb: str, *, by: User, before: dict[str, object] | None = None, reason: str = ""
) -> None:
    record(
        actor=by, verb=verb, thing=exclusion, unit=exclusion.contest.owner_id, before=before,
        after=snapshot(exclusion, _FIELDS), reason=reason or exclusion.reason,
    )  # fmt: skip
