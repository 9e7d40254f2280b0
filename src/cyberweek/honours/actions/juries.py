"""Jurors are named, declare conflicts, are given entries to read, and score."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from cyberweek.honours.core.assignment import assign
from cyberweek.honours.core.flow import Step
from cyberweek.honours.enums import EntryState, SheetState, State
from cyberweek.honours.models import Call, Conflict, Criterion, Entry, Juror, Result, Score, Sheet
from cyberweek.honours.queries import conflicts_of_jury, outcome_of
from cyberweek.honours.rules import BLIND
from cyberweek.kernel.actions import record
from cyberweek.regions.models import Unit
from cyberweek.regions.queries import scope_of

from .calls import RefusedError, locked, move

if TYPE_CHECKING:
    from cyberweek.accounts.models import User


@transaction.atomic
def add_juror(*, call: Call, person: User, by: User | None) -> Juror:
    """Put a person on the jury. Raises RefusedError for who leads the call: they know whose each entry is."""
    call = locked(call)
    if call.state not in BLIND:
        raise RefusedError(_("Scoring has ended: the jury stays as it is."))
    if scope_of(person).reviewing & set(call.owner.ancestry):
        raise RefusedError(_("%(name)s leads this call and knows whose each entry is.") % {"name": person}, "person")
    juror, is_new = Juror.objects.get_or_create(call=call, person=person)
    if not is_new:
        raise RefusedError(_("%(name)s is on the jury already.") % {"name": person}, "person")
    record(actor=by, verb="jury.add", thing=call, unit=call.owner_id, after={"juror": person})
    return juror


@transaction.atomic
def remove_juror(*, juror: Juror, by: User | None) -> None:
    """Take a person off the jury who has handed in nothing. Raises RefusedError."""
    call = locked(juror.call)
    if juror.sheets.filter(state=SheetState.HANDED_IN).exists():
        raise RefusedError(_("%(name)s has scored already, and scores are not thrown away.") % {"name": juror})
    record(actor=by, verb="jury.remove", thing=call, unit=call.owner_id, before={"juror": juror})
    Score.objects.filter(sheet__juror=juror).delete()
    juror.sheets.all().delete()
    juror.delete()


@transaction.atomic
def declare_conflict(
    *, juror: Juror, reason: str, unit: Unit | None = None, number: int | None = None, now: dt.datetime
) -> Conflict:
    """A juror steps back from a unit with all under it, or from one entry by its number: their sheets of it no longer
    count. Raises RefusedError."""
    call = locked(juror.call)
    if call.state not in BLIND:
        raise RefusedError(_("Scoring has ended."))
    entries = Entry.objects.filter(call=call)
    found = (
        entries.filter(unit__ancestry__contains=[unit.pk])
        if unit
        else entries.filter(number=number, sheets__juror=juror)
    )
    entry = None if unit else found.first()
    if unit is None and entry is None:
        raise RefusedError(_("You have no entry of that number."), "number")
    if Conflict.objects.filter(juror=juror, unit=unit, entry=entry).exists():
        raise RefusedError(_("You have declared this already."))
    conflict = Conflict.objects.create(juror=juror, unit=unit, entry=entry, reason=reason, at=now)
    Sheet.objects.filter(juror=juror, entry__in=found).update(state=SheetState.RECUSED)
    # Neither the unit nor the number: the trail is read by people who must not put the two together.
    record(actor=juror.person, verb="jury.declare", thing=call, unit=call.owner_id, reason=reason)
    return conflict


@transaction.atomic
def begin_scoring(*, call: Call, by: User | None, now: dt.datetime) -> Call:
    """Deal the entries to the jurors and let them score. Raises RefusedError where conflicts leave too few readers."""
    call = move(locked(call), Step.SCORE, by=by, now=now)
    if call.scoring_until <= now:
        raise RefusedError(_("The time for scores is over already: set a later one."), "scoring_until")
    _deal(call, by=by)
    return call


@transaction.atomic
def assign_sheets(*, call: Call, by: User | None) -> int:
    """Deal what is lacking, after jurors stepped back or came; gives how many sheets were added. Raises RefusedError."""
    call = locked(call)
    if call.state != State.SCORING:
        raise RefusedError(_("Entries are dealt while the jury works."))
    return _deal(call, by=by)


def _deal(call: Call, *, by: User | None) -> int:
    jurors = list(Juror.objects.filter(call=call))
    entries = list(_sent_in(call))
    conflicts = conflicts_of_jury(jurors, entries)
    kept = list(Sheet.objects.filter(juror__call=call).values_list("entry_id", "juror_id", "state"))
    stepped_back = {(entry, juror) for entry, juror, state in kept if state == SheetState.RECUSED}
    seed = secrets.randbits(32)
    plan = assign(
        entries=[entry.pk for entry in entries],
        jurors=[juror.pk for juror in jurors],
        conflicts=conflicts | stepped_back,
        readers=call.readers,
        kept=[(entry, juror) for entry, juror, state in kept if state != SheetState.RECUSED],
        seed=seed,
    )
    if plan.short:
        numbers = sorted(entry.number or 0 for entry in entries if entry.pk in plan.short)
        raise RefusedError(
            ngettext(
                "Too few jurors without a conflict for entry %(numbers)s: add jurors, or ask for fewer readers.",
                "Too few jurors without a conflict for entries %(numbers)s: add jurors, or ask for fewer readers.",
                len(numbers),
            )
            % {"numbers": pgettext("between names", ", ").join(map(str, numbers))}
        )
    if plan.sets > 1:
        raise RefusedError(
            _("Conflicts divide the jury into %(n)d parts that share no entry, so their scores could not be compared: add a juror without conflicts.")
            % {"n": plan.sets}
        )  # fmt: skip
    Sheet.objects.bulk_create(Sheet(entry_id=entry, juror_id=juror) for entry, juror in plan.added)
    after = {"sheets": len(plan.added), "seed": seed}
    record(actor=by, verb="jury.deal", thing=call, unit=call.owner_id, after=after)
    return len(plan.added)


def _sent_in(call: Call) -> list[Entry]:
    rows = Entry.objects.filter(call=call, state=EntryState.SUBMITTED).select_related("unit")
    return list(rows.order_by("number"))


@transaction.atomic
def save_sheet(*, sheet: Sheet, values: Mapping[int, int], note: str, hand_in: bool, now: dt.datetime) -> Sheet:
    """Keep a juror's scores (`values`: by criterion). Handed in they count; they may be changed until the time is over.
    Raises RefusedError."""
    call = locked(sheet.juror.call)
    sheet = (
        Sheet.objects.select_for_update(of=("self",)).select_related("juror__person", "entry__unit").get(pk=sheet.pk)
    )
    if not call.takes_scores(now):
        raise RefusedError(_("The time for scores is over."))
    if sheet.state == SheetState.RECUSED or conflicts_of_jury([sheet.juror], [sheet.entry]):
        raise RefusedError(_("You have stepped back from this entry."))
    criteria = list(Criterion.objects.filter(call=call))
    _refuse_scores(call, criteria, values, hand_in=hand_in)
    sheet.scores.all().delete()
    Score.objects.bulk_create(
        Score(sheet=sheet, criterion=one, value=values[one.pk]) for one in criteria if one.pk in values
    )
    whole = len(values) == len(criteria)
    sheet.total = total_of(criteria, values, call.top) if whole else None
    sheet.note = note
    if hand_in:
        sheet.state, sheet.handed_in_at = SheetState.HANDED_IN, now
        label = {"number": sheet.entry.number}  # neither scores nor title: the trail is no place to read them early
        record(actor=sheet.juror.person, verb="jury.score", thing=call, unit=call.owner_id, after=label)
    elif sheet.state == SheetState.HANDED_IN and not whole:
        sheet.state, sheet.handed_in_at = SheetState.TO_READ, None
    sheet.save()
    return sheet


def _refuse_scores(call: Call, criteria: list[Criterion], values: Mapping[int, int], *, hand_in: bool) -> None:
    for one in criteria:
        value = values.get(one.pk)
        if value is not None and not 0 <= value <= call.top:
            raise RefusedError(_("From 0 to %(top)d.") % {"top": call.top}, f"score{one.pk}")
        if value is None and hand_in:
            raise RefusedError(_("Score every criterion before you hand in."), f"score{one.pk}")


def total_of(criteria: list[Criterion], values: Mapping[int, int], top: int) -> float:
    """0 to 100: the weighted mean of the scores."""
    weights = sum(one.weight for one in criteria)
    return 100 * sum(one.weight * values[one.pk] for one in criteria) / (weights * top)


@transaction.atomic
def end_scoring(*, call: Call, by: User | None, now: dt.datetime) -> Call:
    """Unseal the scores and fix what they come to. Sheets of jurors who turn out to have a conflict do not count.
    Raises RefusedError while jurors are at work in time, and where an entry was scored by nobody."""
    call = locked(call)
    sheets = Sheet.objects.filter(juror__call=call)
    if call.state == State.SCORING and now < call.scoring_until and sheets.filter(state=SheetState.TO_READ).exists():
        raise RefusedError(_("Jurors still have entries to score, and time for it."))
    call = move(call, Step.SHORTLIST, by=by, now=now)
    entries = _sent_in(call)
    barred = Q()
    for entry, juror in conflicts_of_jury(Juror.objects.filter(call=call), entries):
        barred |= Q(entry=entry, juror=juror)
    if barred:
        sheets.filter(barred).update(state=SheetState.RECUSED)
    outcome = outcome_of(call)
    scored = {standing.entry for standing in outcome.standings}
    if unread := [entry.number or 0 for entry in entries if entry.pk not in scored]:
        raise RefusedError(
            _("Nobody has scored entry %(numbers)s: give the jury more time, or deal it to another juror.")
            % {"numbers": pgettext("between names", ", ").join(map(str, unread))}
        )
    Result.objects.bulk_create(
        Result(
            entry_id=one.entry, raw=one.raw, corrected=one.corrected, error=one.error, sheets=one.sheets, set=one.set,
            rank=one.rank, tied=one.tied,
        )
        for one in outcome.standings
    )  # fmt: skip
    return call
