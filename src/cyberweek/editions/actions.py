"""Writes of editions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.dispatch import Signal

from cyberweek.kernel.actions import record, snapshot
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.regions.enums import Provenance
from cyberweek.regions.models import Unit

from .models import Edition, Organiser, ThemeDay
from .queries import day_number

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

# Sent inside the transaction that moves an edition, with `edition` and `delta`: apps above move what they hold.
edition_moved = Signal()


@transaction.atomic
def rehearse_edition(*, edition: Edition, day: int, by: User | None, now: dt.datetime) -> Edition:
    """Move the whole edition so that `now` falls on its day `day` (from 1); the true dates stay known and shown."""
    return _move(edition, dt.timedelta(days=day_number(edition, now=now) - day), verb="edition.rehearse", by=by)


@transaction.atomic
def end_rehearsal(*, edition: Edition, by: User | None) -> Edition:
    """Move the edition back to its true dates. Nothing happens when it is not being rehearsed."""
    return _move(edition, -(edition.rehearsal_shift or dt.timedelta()), verb="edition.end-rehearsal", by=by)


def _move(edition: Edition, delta: dt.timedelta, *, verb: str, by: User | None) -> Edition:
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    if not delta:
        return edition
    fields = ["starts", "ends", "rehearsal_shift"]
    before = snapshot(edition, fields)
    edition.starts += delta
    edition.ends += delta
    edition.rehearsal_shift = (edition.rehearsal_shift or dt.timedelta()) + delta or None
    edition.save(update_fields=fields)
    ThemeDay.objects.filter(edition=edition).update(date=F("date") + delta)
    edition_moved.send(sender=Edition, edition=edition, delta=delta)
    record(actor=by, verb=verb, thing=edition, unit=edition.owner_id, before=before, after=snapshot(edition, fields))
    return edition


@dataclass(frozen=True)
class DayEntry:
    """A theme day to be made."""

    number: int
    date: dt.date
    name: LocalizedText
    lead: Unit | None = None
    provenance: str = Provenance.OWN


@transaction.atomic
def open_edition(
    *, edition: Edition, days: Iterable[DayEntry], organisers: Iterable[tuple[Unit, str]], by: User | None
) -> Edition:
    """Make an edition (not saved yet) with its theme days and its organisers, these in the order of protocol."""
    edition.save(force_insert=True)
    ThemeDay.objects.bulk_create(ThemeDay(edition=edition, **vars(day)) for day in days)
    Organiser.objects.bulk_create(
        Organiser(edition=edition, unit=unit, role=role, order=order)
        for order, (unit, role) in enumerate(organisers, start=1)
    )
    record(
        actor=by, verb="edition.open", thing=edition, unit=edition.owner_id,
        after=snapshot(edition, ["slug", "year", "title", "theme", "starts", "ends", "zone", "stage"]),
    )  # fmt: skip
    return edition
