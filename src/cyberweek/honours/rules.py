"""Who may do what with a call, an entry and a jury's scores."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cyberweek.regions.models import Unit
from cyberweek.regions.queries import Scope

from .enums import EntryState, State
from .models import Call, Entry, Objection

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

BLIND = frozenset({State.DRAFT, State.OPEN, State.CLOSED, State.SCORING})
"""Until scoring has ended nobody sees scores but the jurors their own, and no juror sees whose an entry is."""


@dataclass(frozen=True)
class Part:
    """What a person is to one call: three facts that decide everything below."""

    scope: Scope
    is_juror: bool
    is_interested: bool  # their own unit, or they themselves, entered something


def may_call(scope: Scope) -> bool:
    """True when the person may call for cases in the name of some unit."""
    return bool(scope.reviewing)


def runs(call: Call, part: Part) -> bool:
    """True when the person leads the call: decides for its unit and does not sit on its jury (wants `owner` fetched)."""
    return bool(part.scope.reviewing & set(call.owner.ancestry)) and not part.is_juror


def may_edit_call(call: Call, part: Part) -> bool:
    return runs(call, part) and call.state in {State.DRAFT, State.OPEN, State.CLOSED, State.SCORING}


def may_arrange_jury(call: Call, part: Part) -> bool:
    return runs(call, part) and call.state in BLIND


def may_decide(call: Call, part: Part) -> bool:
    """True when the person may settle awards and objections: who leads the call and has no entry in it."""
    return runs(call, part) and not part.is_interested


def may_see_scores(call: Call, part: Part) -> bool:
    """True when the scores are open to the person: never before scoring ends, and to who has an entry only at the end."""
    if call.state in BLIND or not runs(call, part):
        return False
    return call.state == State.PUBLISHED or not part.is_interested


def is_addressed(call: Call, unit: Unit) -> bool:
    """True when the call is meant for the unit: it stands under the one that calls and is of its levels and sectors."""
    under = call.owner_id in unit.ancestry
    return (
        under and (not call.levels or unit.level in call.levels) and (not call.sectors or unit.sector in call.sectors)
    )


def may_edit_entry(scope: Scope, entry: Entry, now: dt.datetime) -> bool:
    """True while the call takes entries and the entry is a draft (wants `unit` and `call` fetched)."""
    return enters_for(scope, entry.unit) and entry.state == EntryState.DRAFT and entry.call.takes_entries(now)


def may_take_back(scope: Scope, entry: Entry, now: dt.datetime) -> bool:
    return enters_for(scope, entry.unit) and entry.state == EntryState.SUBMITTED and entry.call.takes_entries(now)


def may_withdraw(scope: Scope, entry: Entry) -> bool:
    """True between the closing of the call and the beginning of scoring."""
    sent_in = entry.state == EntryState.SUBMITTED and entry.call.state == State.CLOSED
    return enters_for(scope, entry.unit) and sent_in


def enters_for(scope: Scope, unit: Unit) -> bool:
    return bool(scope.editing & set(unit.ancestry))


def may_decide_objection(call: Call, part: Part, objection: Objection, user: User) -> bool:
    """True when the person may decide it: nobody decides their own objection."""
    undecided = objection.upheld is None and call.state == State.OBJECTION
    return undecided and may_decide(call, part) and objection.by_id != user.pk
