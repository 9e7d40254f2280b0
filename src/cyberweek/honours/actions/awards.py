"""Awards are proposed, objected to, settled and published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cyberweek.honours.core.awarding import out_of_order, too_many
from cyberweek.honours.core.flow import Step
from cyberweek.honours.enums import AwardLevel, State
from cyberweek.honours.models import Award, Call, Entry, Objection, Result
from cyberweek.kernel.actions import record
from cyberweek.kernel.core.localized import LocalizedText

from .calls import RefusedError, locked, move

if TYPE_CHECKING:
    from cyberweek.accounts.models import User


@transaction.atomic
def announce_awards(
    *,
    call: Call,
    levels: Mapping[int, str],
    citations: Mapping[int, LocalizedText],
    reason: str,
    by: User | None,
    now: dt.datetime,
) -> Call:
    """Make the shortlist public and open it to objections. `levels`: award by entry. Raises RefusedError where there are
    more awards than places, none at all, or where they depart from the order of scores without a reason."""
    call = locked(call)
    ranks = dict(Result.objects.filter(entry__call=call).values_list("entry_id", "rank"))
    chosen = {entry: level for entry, level in levels.items() if level and entry in ranks}
    if not chosen:
        raise RefusedError(_("Choose at least one award."))
    if over := too_many(chosen, {level.value: dict(call.places()).get(level.value, 0) for level in AwardLevel}):
        names = pgettext("between names", ", ").join(str(AwardLevel(level).label) for level in over)
        raise RefusedError(_("More awards than the call has places for: %(levels)s.") % {"levels": names})
    astray = out_of_order(chosen, ranks, AwardLevel.values)
    if astray and not reason.strip():
        raise RefusedError(_("The awards depart from the order of scores. Say why: the reason is published."), "reason")
    Award.objects.bulk_create(
        Award(entry_id=entry, level=level, citation=citations.get(entry, LocalizedText()))
        for entry, level in chosen.items()
    )
    end = now.astimezone(call.edition.tz).date() + dt.timedelta(days=call.objection_days + 1)
    call.objections_until = dt.datetime.combine(end, dt.time(), call.edition.tz)
    call.order_reason = reason.strip() if astray else ""
    return move(call, Step.ANNOUNCE, by=by, now=now, after={"awards": len(chosen), "reason": call.order_reason})


@transaction.atomic
def object_to_award(
    *, call: Call, entry: Entry, text: str, source: str = "", by: User | None, now: dt.datetime
) -> Objection:
    """Take in an objection while the time for it runs. Raises RefusedError."""
    call = locked(call)
    if not call.takes_objections(now):
        raise RefusedError(_("The time for objections is over."))
    if not Award.objects.filter(entry=entry, entry__call=call).exists():
        raise RefusedError(_("No award is proposed for that case."), "entry")
    objection = Objection.objects.create(call=call, entry=entry, text=text, source=source, by=by, at=now)
    record(actor=by, verb="award.object", thing=entry, unit=call.owner_id, reason=text)
    return objection


@transaction.atomic
def decide_objection(*, objection: Objection, upheld: bool, decision: str, by: User, now: dt.datetime) -> Objection:
    """Answer an objection; upheld, the award is taken back. Raises RefusedError."""
    call = locked(objection.call)
    objection = Objection.objects.select_for_update(of=("self",)).select_related("entry").get(pk=objection.pk)
    if objection.upheld is not None or call.state != State.OBJECTION:
        raise RefusedError(_("It has been decided already."))
    if not decision.strip():
        raise RefusedError(_("Say why: whoever objected is owed a reason."), "decision")
    objection.upheld, objection.decision = upheld, decision.strip()
    objection.decided_by, objection.decided_at = by, now
    objection.save()
    if upheld:
        Award.objects.filter(entry=objection.entry).delete()
    record(
        actor=by, verb="award.decide-objection", thing=objection.entry, unit=call.owner_id,
        after={"upheld": upheld}, reason=decision,
    )  # fmt: skip
    return objection


@transaction.atomic
def publish_cases(*, call: Call, by: User | None, now: dt.datetime) -> Call:
    """Give the awards and put the cases into the casebook. Raises RefusedError while objections are open."""
    call = locked(call)
    if call.objections_until and now < call.objections_until:
        raise RefusedError(_("The time for objections still runs."))
    if call.objections.filter(upheld__isnull=True).exists():
        raise RefusedError(_("An objection is not decided yet."))
    n = Entry.objects.filter(call=call, award__isnull=False).update(published_at=now)
    return move(call, Step.PUBLISH, by=by, now=now, after={"cases": n})
