"""A call is made, edited, opened and closed; it moves with its edition."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import F
from django.utils.text import format_lazy
from django.utils.translation import gettext as _

from cyberweek.editions.models import Edition
from cyberweek.honours.core.flow import MOVES, Step
from cyberweek.honours.enums import EntryState, State
from cyberweek.honours.models import Call, Criterion, Entry, Move
from cyberweek.kernel.actions import record, snapshot
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.regions.models import Unit

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

WRITTEN: Final = (
    "title", "asked", "contact", "opens", "closes", "scoring_until", "objection_days", "levels", "sectors", "top",
    "readers", "first", "second", "third", "merit",
)  # fmt: skip
ALWAYS: Final = ("contact", "closes", "scoring_until", "readers")
"""What may still change once a call is open: what was promised to those who enter may not."""

Rubric = Sequence[tuple[LocalizedText, LocalizedText, int]]
"""Lines of a rubric: name, hint, weight."""


class RefusedError(Exception):
    """Something cannot be done; the message says why and what to do, `field` where it belongs."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@transaction.atomic
def create_call(
    *, edition: Edition, owner: Unit, fields: Mapping[str, Any], rubric: Rubric, by: User | None, now: dt.datetime
) -> Call:
    """Make a call, as a draft. `fields`: names of `WRITTEN`."""
    call = Call(
        edition=edition, owner=owner, state_since=now, **{name: fields[name] for name in WRITTEN if name in fields}
    )
    call.save()
    _write_rubric(call, rubric)
    Move.objects.create(call=call, state=State.DRAFT, by=by, at=now)
    record(
        actor=by,
        verb="call.create",
        thing=call,
        unit=owner.pk,
        after={**snapshot(call, WRITTEN), "rubric": _told(call)},
    )
    return call


@transaction.atomic
def edit_call(*, call: Call, fields: Mapping[str, Any], rubric: Rubric | None, by: User | None) -> Call:
    """Change a call. Once it is open only what is in `ALWAYS`, and the end of entries only to a later time; raises
    RefusedError. `rubric` None leaves the rubric."""
    call = locked(call)
    before = {**snapshot(call, WRITTEN), "rubric": _told(call)}
    is_draft = call.state == State.DRAFT
    if not is_draft and "closes" in fields and fields["closes"] < call.closes:
        raise RefusedError(_("Units count on this time: it can be put off, not brought forward."), "closes")
    for name in WRITTEN if is_draft else ALWAYS:
        if name in fields:
            setattr(call, name, fields[name])
    call.save()
    if is_draft and rubric is not None:
        _write_rubric(call, rubric)
    record(
        actor=by, verb="call.edit", thing=call, unit=call.owner_id,
        before=before, after={**snapshot(call, WRITTEN), "rubric": _told(call)},
    )  # fmt: skip
    return call


def _write_rubric(call: Call, rubric: Rubric) -> None:
    call.criteria.all().delete()
    Criterion.objects.bulk_create(
        Criterion(call=call, number=n, name=name, hint=hint, weight=weight)
        for n, (name, hint, weight) in enumerate(rubric, start=1)
    )


def _told(call: Call) -> list[Any]:
    rows = call.criteria.order_by("number").values_list("name", "weight")
    return [format_lazy("{} × {}", name, weight) for name, weight in rows]


@transaction.atomic
def open_call(*, call: Call, by: User | None, now: dt.datetime) -> Call:
    """Let the units see it and enter. Raises RefusedError."""
    call = locked(call)
    if not call.criteria.exists():
        raise RefusedError(_("It has no criteria yet: who enters must know by what they are judged."))
    if not call.places():
        raise RefusedError(_("It promises no award: say how many there are."))
    if call.closes <= now:
        raise RefusedError(_("Its time for entries is over already: set a later one."), "closes")
    return move(call, Step.OPEN, by=by, now=now)


@transaction.atomic
def close_call(*, call: Call, by: User | None, now: dt.datetime) -> Call:
    """End the entries and deal their numbers at random, so that a number says neither who nor when. Raises RefusedError."""
    call = locked(call)
    if now < call.closes:
        raise RefusedError(_("Units may enter until the time that was announced."))
    entries = list(Entry.objects.select_for_update().filter(call=call, state=EntryState.SUBMITTED))
    if not entries:
        raise RefusedError(_("Nothing was sent in. Put the end of entries off, or leave the call as it is."))
    call = move(call, Step.CLOSE, by=by, now=now, after={"entries": len(entries)})
    numbers = list(range(1, len(entries) + 1))
    random.SystemRandom().shuffle(numbers)
    for entry, number in zip(entries, numbers, strict=True):
        entry.number = number
    Entry.objects.bulk_update(entries, ["number"])
    return call


def locked(call: Call) -> Call:
    """The call as it stands now, held until the transaction ends: steps and scores settle their races on it."""
    rows = Call.objects.select_for_update(of=("self",), no_key=True).select_related("owner", "edition")
    return rows.get(pk=call.pk)


def move(call: Call, step: Step, *, by: User | None, now: dt.datetime, after: Mapping[str, Any] | None = None) -> Call:
    """Take one step with a locked call and note it. Raises RefusedError when it does not follow."""
    before, target = MOVES[step]
    if call.state != before:
        raise RefusedError(_("Somebody else has taken this step, or it does not follow: the call is “%(state)s”.") % {
            "state": call.get_state_display()
        })  # fmt: skip
    call.state, call.state_since = target, now
    call.save()
    Move.objects.create(call=call, state=target, by=by, at=now)
    record(
        actor=by, verb=f"call.{step}", thing=call, unit=call.owner_id,
        before={"state": before}, after={"state": target, **(after or {})},
    )  # fmt: skip
    return call


def move_calls(*, edition: Edition, delta: dt.timedelta) -> int:
    """Move all calls of an edition in time; gives how many. Called where the edition itself is moved."""
    times = ("opens", "closes", "scoring_until", "objections_until", "state_since")
    return Call.objects.filter(edition=edition).update(**{name: F(name) + delta for name in times})
