from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction

from cyberweek.kernel.actions import record, snapshot
from cyberweek.knowledge.core.reasons import Fault, faults_of_reason, faults_of_text, tidied
from cyberweek.knowledge.enums import ObjectionState
from cyberweek.knowledge.models import MAX_TEXT, Contest, Exclusion, Objection

from .exclusions import lift
from .refusals import RulingRefusedError

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

_FIELDS = ("text", "state", "answer", "decided")


@transaction.atomic
def make_objection(*, contest: Contest, participant: UUID, text: str, now: dt.datetime) -> Objection:
    """An excluded participant objects, once, until the exclusion's date. The caller has checked their passport.

    Raises RulingRefusedError: not excluded, too late, objected already, no text or too much of it.
    """
    text = text.strip()
    _refuse(list(faults_of_text(text, limit=MAX_TEXT, field="text", missing="no-text")))
    exclusion = (
        Exclusion.objects.select_for_update(of=("self",))
        .select_related("contest")
        .filter(contest=contest, participant=participant, lifted=None)
        .first()
    )
    if exclusion is None:
        raise RulingRefusedError([Fault("__all__", "no-exclusion", {})])
    if now > exclusion.object_until:
        raise RulingRefusedError([Fault("__all__", "too-late", {})])
    try:
        with transaction.atomic():
            objection = Objection.objects.create(exclusion=exclusion, excluder_id=exclusion.by_id, text=text, at=now)
    except IntegrityError as error:
        if Objection.objects.filter(exclusion=exclusion).exists():
            raise RulingRefusedError([Fault("__all__", "objected", {})]) from error
        raise
    record(
        actor=None, verb="contest.object", thing=objection, unit=exclusion.contest.owner_id,
        after=snapshot(objection, _FIELDS),
    )  # fmt: skip
    return objection


@transaction.atomic
def decide_objection(
    *, objection: Objection, readmit: bool, answer: str, reason: str, by: User, now: dt.datetime
) -> Objection:
    """Uphold the exclusion, or readmit. `answer` is what the participant reads; `reason` is public, for a readmission.

    Raises RulingRefusedError: by whoever excluded, decided already, no answer, no reason.
    """
    answer, reason = answer.strip(), tidied(reason)
    faults = list(faults_of_text(answer, limit=MAX_TEXT, field="answer", missing="no-answer"))
    _refuse([*faults, *(faults_of_reason(reason) if readmit else ())])
    exclusion = Exclusion.objects.select_related("contest").get(pk=objection.exclusion_id)
    Contest.objects.select_for_update(of=("self",)).get(pk=exclusion.contest_id)
    if by.pk == objection.excluder_id:
        raise RulingRefusedError([Fault("__all__", "same-eyes", {})])
    before = snapshot(objection, _FIELDS)
    state = ObjectionState.GRANTED if readmit else ObjectionState.UPHELD
    decided = {"state": state, "answer": answer, "decided": now, "decided_by": by}
    if not Objection.objects.filter(pk=objection.pk, state=ObjectionState.OPEN).update(**decided):
        raise RulingRefusedError([Fault("__all__", "decided", {})])
    objection.refresh_from_db()
    record(
        actor=by, verb="contest.decide-objection", thing=objection, unit=exclusion.contest.owner_id, before=before,
        after=snapshot(objection, _FIELDS), reason=reason,
    )  # fmt: skip
    if readmit:
        lift(exclusion, reason=reason, by=by, now=now)
    return objection


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise RulingRefusedError(faults)
