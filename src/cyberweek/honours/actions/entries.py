"""A unit writes its case, sends it in, takes it back or withdraws it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import Max
from django.utils.text import format_lazy
from django.utils.translation import gettext as _

from cyberweek.attachments.actions import Chosen, Refused, keep_attachment
from cyberweek.honours.enums import EntryState, State
from cyberweek.honours.models import Call, Entry, EntryFile, Figure
from cyberweek.honours.rules import is_addressed
from cyberweek.kernel.actions import Outdated, record, snapshot
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.regions.models import Unit

from .calls import RefusedError, locked

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

ENTERED: Final = (
    "title", "kind", "theme", "problem", "practice", "result", "reuse", "licence", "consent", "contact_name", "contact",
)  # fmt: skip

Figures = Sequence[tuple[LocalizedText, Decimal, str]]
"""Claimed figures: what was counted, how many, unit of count."""


MOST_FILES: Final = 6


@transaction.atomic
def write_entry(
    *, call: Call, unit: Unit, fields: Mapping[str, Any], figures: Figures, by: User | None, now: dt.datetime
) -> Entry:
    """Begin a case of a unit, as a draft. Raises RefusedError."""
    call = locked(call)
    if not call.takes_entries(now):
        raise RefusedError(_("This call takes no entries now."))
    if not is_addressed(call, unit):
        raise RefusedError(_("This call is not addressed to that unit."), "unit")
    entry = Entry(call=call, unit=unit, by=by, changed=now, changed_by=by)
    for name in ENTERED:
        if name in fields:
            setattr(entry, name, fields[name])
    entry.save()
    _write_figures(entry, figures)
    record(actor=by, verb="entry.write", thing=entry, unit=unit.pk, after=snapshot(entry, ENTERED))
    return entry


@transaction.atomic
def edit_entry(
    *,
    entry: Entry,
    revision: int,
    fields: Mapping[str, Any],
    figures: Figures | None,
    by: User | None,
    now: dt.datetime,
) -> Entry:
    """Change a draft that was read at `revision`. Raises Outdated where somebody saved since, RefusedError where
    the call takes no more or the entry is no draft."""
    entry = _held(entry)
    if entry.state != EntryState.DRAFT or not entry.call.takes_entries(now):
        raise RefusedError(_("It cannot be changed any more."))
    if entry.revision != revision:
        raise Outdated(entry)
    before = {**snapshot(entry, ENTERED), "figures": _told(entry)}
    for name in ENTERED:
        if name in fields:
            setattr(entry, name, fields[name])
    entry.revision += 1
    entry.changed, entry.changed_by = now, by
    entry.save()
    if figures is not None:
        _write_figures(entry, figures)
    record(
        actor=by, verb="entry.edit", thing=entry, unit=entry.unit_id,
        before=before, after={**snapshot(entry, ENTERED), "figures": _told(entry)},
    )  # fmt: skip
    return entry


def _held(entry: Entry) -> Entry:
    rows = Entry.objects.select_for_update(of=("self",)).select_related(
        "unit", "unit__region", "call__owner", "call__edition"
    )
    return rows.get(pk=entry.pk)


def _write_figures(entry: Entry, figures: Figures) -> None:
    entry.figures.all().delete()
    Figure.objects.bulk_create(
        Figure(entry=entry, number=n, label=label, value=value, counted=counted)
        for n, (label, value, counted) in enumerate(figures, start=1)
    )


def _told(entry: Entry) -> list[Any]:
    rows = entry.figures.order_by("number").values_list("label", "value", "counted")
    return [format_lazy("{}: {} {}", label, value, counted) for label, value, counted in rows]


def lacking(entry: Entry) -> list[tuple[str, str]]:
    """What an entry needs before it can be sent in: name of the field, and the words."""
    needed = {
        "problem": _("Say what the problem was."),
        "practice": _("Say what was done."),
        "result": _("Say what came of it."),
        "reuse": _("Say what others can reuse."),
        "contact_name": _("Name a contact person."),
        "contact": _("Say how the contact person is reached."),
        "consent": _("The unit has to agree that the case may be published."),
    }
    return [(name, words) for name, words in needed.items() if not getattr(entry, name)]


@transaction.atomic
def submit_entry(*, entry: Entry, by: User | None, now: dt.datetime) -> Entry:
    """Send a draft in. Raises RefusedError while something is lacking or the time is over."""
    call, entry = locked(entry.call), _held(entry)
    if entry.state != EntryState.DRAFT:
        raise RefusedError(_("Only a draft can be sent in."))
    if not call.takes_entries(now):
        raise RefusedError(_("This call takes no entries now."))
    if missing := lacking(entry):
        raise RefusedError(" ".join(words for _name, words in missing), missing[0][0])
    entry.submitted_at = now
    return _go(entry, EntryState.SUBMITTED, "entry.submit", by=by)


@transaction.atomic
def take_back_entry(*, entry: Entry, by: User | None, now: dt.datetime) -> Entry:
    """Make a draft again of what was sent in, while the call takes entries. Raises RefusedError."""
    call, entry = locked(entry.call), _held(entry)
    if entry.state != EntryState.SUBMITTED or not call.takes_entries(now):
        raise RefusedError(_("It cannot be taken back any more."))
    entry.submitted_at = None
    return _go(entry, EntryState.DRAFT, "entry.take-back", by=by)


@transaction.atomic
def withdraw_entry(*, entry: Entry, by: User | None) -> Entry:
    """Take an entry out between the closing of the call and scoring, for good. Raises RefusedError."""
    call, entry = locked(entry.call), _held(entry)
    if entry.state != EntryState.SUBMITTED or call.state != State.CLOSED:
        raise RefusedError(_("It cannot be withdrawn now."))
    return _go(entry, EntryState.WITHDRAWN, "entry.withdraw", by=by)


def _go(entry: Entry, state: EntryState, verb: str, *, by: User | None) -> Entry:
    before = entry.state
    entry.state = state
    entry.revision += 1
    entry.save()
    record(actor=by, verb=verb, thing=entry, unit=entry.unit_id, before={"state": before}, after={"state": state})
    return entry


@transaction.atomic
def add_files(*, entry: Entry, files: Sequence[Chosen], by: User | None, now: dt.datetime) -> list[EntryFile]:
    """Keep files beside a draft, all or none. Raises RefusedError, also where one is none that is kept."""
    entry = _held(entry)
    if entry.state != EntryState.DRAFT or not entry.call.takes_entries(now):
        raise RefusedError(_("It cannot be changed any more."))
    if entry.files.count() + len(files) > MOST_FILES:
        raise RefusedError(_("At most %(n)d files: take one away first.") % {"n": MOST_FILES}, "file")
    last = entry.files.aggregate(last=Max("number"))["last"] or 0
    added = []
    for number, file in enumerate(files, start=last + 1):
        try:
            attachment = keep_attachment(file=file, by=by, now=now)
        except Refused as refused:
            raise RefusedError(refused.message, "file") from None
        added.append(EntryFile.objects.create(entry=entry, attachment=attachment, number=number))
    names = [file.attachment.name for file in added]
    record(actor=by, verb="entry.add-files", thing=entry, unit=entry.unit_id, after={"files": names})
    return added


@transaction.atomic
def remove_file(*, file: EntryFile, by: User | None, now: dt.datetime) -> None:
    """Take a file away from a draft. Raises RefusedError."""
    entry = _held(file.entry)
    if entry.state != EntryState.DRAFT or not entry.call.takes_entries(now):
        raise RefusedError(_("It cannot be changed any more."))
    record(actor=by, verb="entry.remove-file", thing=entry, unit=entry.unit_id, before={"file": file.attachment.name})
    file.delete()
