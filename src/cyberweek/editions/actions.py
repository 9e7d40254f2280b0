"""Writes of editions."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.dispatch import Signal

from cyberweek.kernel.actions import record, snapshot

from .models import Edition, ThemeDay
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
