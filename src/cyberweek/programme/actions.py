"""Writes of the programme: register, edit, each step of moderation, import; and what follows when an edition is moved."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.dispatch import Signal

from cyberweek.editions.models import Edition
from cyberweek.kernel.actions import record, snapshot
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.regions.models import Unit

from .core.moderation import RULES, Act, after, follows
from .enums import Status
from .models import Activity, Partner, Step, Upload
from .queries import codes_taken
from .rules import not_now, takes_activities

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from cyberweek.accounts.models import User

# What people enter; the rest of a row is the application's.
ENTERED: Final = (
    "title", "summary", "kind", "lead", "region", "venue", "address", "starts", "ends", "zone", "theme_day",
    "audience", "format", "capacity", "contact_name", "contact",
)  # fmt: skip

# Sent inside the transaction that calls off an activity which the public had seen, with `activity` and `now`: apps above
# let go of what they counted of it.
activity_called_off = Signal()

_BATCH: Final = 500
_KEPT: Final = dt.timedelta(days=1)


class EditionClosed(Exception):  # noqa: N818 -- reads as the sentence it makes
    """The edition takes no more activities."""


class StepsRefused(Exception):  # noqa: N818 -- reads as the sentence it makes
    """Some of the activities cannot take the step; none has taken it."""

    def __init__(self, why: Mapping[str, str | _StrPromise]) -> None:
        super().__init__(", ".join(why))
        self.why = why  # code of the activity: the reason


class ReasonMissing(Exception):  # noqa: N818 -- reads as the sentence it makes
    """A step that wants a reason was given none."""


@dataclass
class Entry:
    """An activity to be made: not saved, its code may be empty. `path` are the states it has gone through, last where it is."""

    activity: Activity
    partners: Sequence[tuple[Unit, str]] = ()
    path: Sequence[str] = (Status.DRAFT,)
    reason: LocalizedText = field(default_factory=LocalizedText)  # of the last step


@transaction.atomic
def register_activity(
    *, edition: Edition, entry: Entry, by: User | None, now: dt.datetime, verb: str = "activity.register"
) -> Activity:
    """Make one activity, as a draft. Raises `EditionClosed`."""
    (activity,) = _make(edition, [entry], by=by, now=now)
    after_it = {**snapshot(activity, ENTERED), "partners": _partners_of(activity)}
    record(actor=by, verb=verb, thing=activity, unit=activity.lead_id, after=after_it)
    return activity


@transaction.atomic
def register_activities(
    *, edition: Edition, entries: Sequence[Entry], by: User | None, now: dt.datetime, source: str
) -> list[Activity]:
    """Make many at once, all or none, with one audit event that names them. Raises `EditionClosed`."""
    made = _make(edition, entries, by=by, now=now)
    after_it = {"source": source, "activities": [activity.code for activity in made]}
    record(actor=by, verb="activity.import", thing=edition, unit=edition.owner_id, after=after_it)
    return made


def _make(edition: Edition, entries: Sequence[Entry], *, by: User | None, now: dt.datetime) -> list[Activity]:
    # The lock makes numbers unique without a retry, and settles a race with the closing of the edition.
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    if by is not None and not takes_activities(edition):
        raise EditionClosed
    numbers = _free_codes(codes_taken(edition) | {entry.activity.code for entry in entries})
    for entry in entries:
        activity = entry.activity
        activity.edition = edition
        activity.code = activity.code or next(numbers)
        activity.status = entry.path[-1]
        activity.status_since = activity.created = activity.changed = now
    made = Activity.objects.bulk_create([entry.activity for entry in entries], batch_size=_BATCH)
    Partner.objects.bulk_create(
        [
            Partner(activity=entry.activity, unit=unit, role=role)
            for entry in entries
            for unit, role in dict.fromkeys(entry.partners)
        ],
        batch_size=_BATCH,
    )
    Step.objects.bulk_create(
        [
            Step(
                activity=entry.activity, status=status, by=by, at=now,
                reason=entry.reason if n == len(entry.path) else LocalizedText(),
            )
            for entry in entries
            for n, status in enumerate(entry.path, start=1)
        ],
        batch_size=_BATCH,
    )  # fmt: skip
    return made


def _free_codes(taken: set[str]) -> Iterator[str]:
    """Numbers like A007, the next after the highest that is taken."""
    number = max((int(code[1:]) for code in taken if re.fullmatch(r"A\d{1,8}", code)), default=0)
    while True:
        number += 1
        yield f"A{number:03d}"


@transaction.atomic
def edit_activity(
    *, activity: Activity, fields: Mapping[str, Any], partners: Iterable[tuple[Unit, str]], by: User
) -> Activity:
    """Change what people enter of an activity (names in `ENTERED`) and who takes part. Its state stays."""
    activity = Activity.objects.select_for_update(of=("self",)).select_related("lead", "region").get(pk=activity.pk)
    before = {**snapshot(activity, ENTERED), "partners": _partners_of(activity)}
    for name in ENTERED:
        if name in fields:
            setattr(activity, name, fields[name])
    activity.save(update_fields=ENTERED)
    _touch([activity.pk])
    activity.partners.all().delete()
    Partner.objects.bulk_create(
        Partner(activity=activity, unit=unit, role=role) for unit, role in dict.fromkeys(partners)
    )
    after_it = {**snapshot(activity, ENTERED), "partners": _partners_of(activity)}
    record(
        actor=by, verb="activity.edit", thing=activity, unit=activity.lead_id, before=before, after=after_it
    )  # fmt: skip
    return activity


def _partners_of(activity: Activity) -> list[str]:
    return [f"{role}: {code}" for role, code in activity.partners.order_by("id").values_list("role", "unit__code")]


def submit_activity(*, activity: Activity, by: User | None, now: dt.datetime) -> None:
    """Send in a draft, or again what was sent back. Raises `StepsRefused`."""
    _take(Act.SUBMIT, [activity], by=by, now=now)


def return_activity(*, activity: Activity, reason: LocalizedText, by: User | None, now: dt.datetime) -> None:
    """Send back to the unit what it sent in, with what is to be mended. Raises `ReasonMissing`, `StepsRefused`."""
    _take(Act.RETURN, [activity], by=by, now=now, reason=reason)


def approve_activities(*, activities: Iterable[Activity], by: User | None, now: dt.datetime) -> int:
    """Approve all of them or none; gives how many. Raises `StepsRefused`, which names each that cannot be."""
    return _take(Act.APPROVE, activities, by=by, now=now)


def publish_activities(*, activities: Iterable[Activity], by: User | None, now: dt.datetime) -> int:
    """Put all of them on the public pages, or none; gives how many. Raises `StepsRefused`."""
    return _take(Act.PUBLISH, activities, by=by, now=now)


def cancel_activity(*, activity: Activity, reason: LocalizedText, by: User | None, now: dt.datetime) -> None:
    """Call it off, in whatever state; the public sees it struck out with the reason. Raises `ReasonMissing`, `StepsRefused`."""
    _take(Act.CANCEL, [activity], by=by, now=now, reason=reason)


@transaction.atomic
def _take(
    act: Act, activities: Iterable[Activity], *, by: User | None, now: dt.datetime, reason: LocalizedText | None = None
) -> int:
    if RULES[act].wants_reason and not reason:
        raise ReasonMissing
    wanted = [activity.pk for activity in activities]
    # Locked in the order of keys, so that two reviewers with overlapping choices wait instead of falling into a deadlock.
    rows = list(Activity.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))
    if why := {row.code: not_now(act) for row in rows if not follows(row.status, act)}:
        raise StepsRefused(why)
    target = after(act)
    Activity.objects.filter(pk__in=wanted).update(status=target, status_since=now, changed=now)
    Step.objects.bulk_create(
        Step(activity=row, status=target, by=by, at=now, reason=reason or LocalizedText()) for row in rows
    )
    for row in rows:
        record(
            actor=by, verb=f"activity.{act}", thing=row, unit=row.lead_id,
            before={"status": row.status}, after={"status": target}, reason=(reason or LocalizedText()).in_all(),
        )  # fmt: skip
        if target == Status.CANCELLED and row.status == Status.PUBLISHED:
            activity_called_off.send(sender=Activity, activity=row, now=now)
    return len(rows)


def _touch(keys: Iterable[int]) -> None:
    Activity.objects.filter(pk__in=keys).update(changed=Now())


@transaction.atomic
def keep_upload(*, edition: Edition, name: str, content: bytes, by: User, now: dt.datetime) -> Upload:
    """Keep a table while its owner looks through what was found in it; older ones go."""
    Upload.objects.filter(at__lt=now - _KEPT).delete()
    return Upload.objects.create(edition=edition, name=name[:200], content=content, by=by)


@transaction.atomic
def import_upload(*, upload: Upload, entries: Sequence[Entry], by: User, now: dt.datetime) -> list[Activity]:
    """Make drafts of an upload's rows, all or none, and forget the table. Raises `EditionClosed`."""
    made = register_activities(edition=upload.edition, entries=entries, by=by, now=now, source=upload.name)
    upload.delete()
    return made


def move_activities(*, edition: Edition, delta: dt.timedelta) -> int:
    """Move all activities of an edition in time; gives how many. Called where the edition itself is moved."""
    return Activity.objects.filter(edition=edition).update(
        starts=F("starts") + delta, ends=F("ends") + delta, changed=Now()
    )
