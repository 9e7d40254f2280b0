"""The duty roster is kept, and telephones are forgotten on their date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import F

from cyberweek.editions.models import Edition
from cyberweek.editions.queries import today_in
from cyberweek.kernel.actions import record
from cyberweek.readiness.enums import MeetingState
from cyberweek.readiness.models import Contact, Contingency, DutyHours, Meeting, Risk, Shift
from cyberweek.regions.models import Unit

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

WRITTEN: Final = ("role", "person", "name", "phone", "starts", "ends")
KEPT_FOR: Final = dt.timedelta(days=30)
"""After the last day of an edition telephones are kept this long: until its incidents are written up."""


def forgotten_on(edition: Edition) -> dt.date:
    """The day on which telephones entered for an edition are deleted."""
    return edition.ends + KEPT_FOR


def _told(shift: Shift) -> dict[str, Any]:
    """Without the telephone: the audit trail is kept longer than it is."""
    return {
        "role": shift.role, "who": str(shift), "starts": shift.starts.isoformat(), "ends": shift.ends.isoformat()
    }  # fmt: skip


@transaction.atomic
def add_shift(*, edition: Edition, unit: Unit, fields: Mapping[str, Any], by: User | None) -> Shift:
    """Put somebody on duty (names in `WRITTEN`)."""
    shift = Shift.objects.create(edition=edition, unit=unit, **fields)
    record(actor=by, verb="shift.add", thing=shift, unit=unit.pk, after=_told(shift))
    return shift


@transaction.atomic
def edit_shift(*, shift: Shift, fields: Mapping[str, Any], by: User | None) -> Shift:
    row = Shift.objects.select_for_update(of=("self",)).get(pk=shift.pk)
    before = _told(row)
    for name in WRITTEN:
        if name in fields:
            setattr(row, name, fields[name])
    row.save()
    record(actor=by, verb="shift.edit", thing=row, unit=row.unit_id, before=before, after=_told(row))
    return row


@transaction.atomic
def remove_shift(*, shift: Shift, by: User | None) -> None:
    record(actor=by, verb="shift.remove", thing=shift, unit=shift.unit_id, before=_told(shift))
    Shift.objects.filter(pk=shift.pk).delete()


@transaction.atomic
def set_hours(*, edition: Edition, unit: Unit, hours: Mapping[str, tuple[dt.time, dt.time]], by: User | None) -> None:
    """Say between which hours each role is kept on duty; a role that is not named is not."""
    DutyHours.objects.filter(edition=edition, unit=unit).exclude(role__in=list(hours)).delete()
    for role, (opens, closes) in hours.items():
        DutyHours.objects.update_or_create(
            edition=edition, unit=unit, role=role, defaults={"opens": opens, "closes": closes}
        )
    after = {role: f"{opens:%H:%M}-{closes:%H:%M}" for role, (opens, closes) in hours.items()}
    record(actor=by, verb="duty.hours", thing=unit, unit=unit.pk, after=after)


def forget_phones(*, now: dt.datetime) -> int:
    """Delete the telephones of editions that have been over for 30 days. Gives how many."""
    gone = 0
    for edition in Edition.objects.filter(ends__lt=now.date() - KEPT_FOR + dt.timedelta(days=1)):
        if today_in(edition, now=now) >= forgotten_on(edition):
            gone += _forget(edition)
    return gone


@transaction.atomic
def _forget(edition: Edition) -> int:
    plans = Contingency.objects.filter(edition=edition).order_by()
    n = Shift.objects.filter(edition=edition).exclude(phone="").update(phone="")
    n += Contact.objects.filter(plan__in=plans).exclude(phone="").update(phone="")
    if n:
        record(actor=None, verb="duty.forget-phones", thing=edition, unit=edition.owner_id, after={"telephones": n})
    return n


def move_dates(*, edition: Edition, delta: dt.timedelta) -> None:
    """Move with an edition what lies ahead of it: meetings whose minutes are not approved, reviews of risks, shifts."""
    open_meetings = Meeting.objects.filter(edition=edition).exclude(state=MeetingState.APPROVED)
    open_meetings.update(starts=F("starts") + delta, reports_due=F("reports_due") + delta)
    Risk.objects.filter(edition=edition, review__isnull=False).update(review=F("review") + delta)
    Shift.objects.filter(edition=edition).update(starts=F("starts") + delta, ends=F("ends") + delta)
