"""Minutes are written, and approved: then they stay, and what was decided becomes tasks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from cyberweek.kernel.actions import Outdated, record
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.readiness.core.digests import digest_of
from cyberweek.readiness.enums import MeetingState
from cyberweek.readiness.models import AgendaItem, Attendee, Decision, Meeting
from cyberweek.regions.models import Unit

from .meetings import RefusedError, locked_meeting
from .tasks import make_task

if TYPE_CHECKING:
    from cyberweek.accounts.models import User


def _open(meeting: Meeting, revision: int | None = None) -> Meeting:
    row = locked_meeting(meeting, revision)
    if row.state == MeetingState.APPROVED:
        raise RefusedError(_("The minutes are approved and stay as they are."))
    if row.state == MeetingState.CANCELLED:
        raise RefusedError(_("The meeting is cancelled."))
    return row


@transaction.atomic
def write_minutes(
    *, meeting: Meeting, said: Mapping[int, str], presence: Mapping[int, tuple[str, str]], chair: str, writer: str,
    revision: int, by: User | None,
) -> Meeting:  # fmt: skip
    """Write what was said on each item (id: text) and who was there (id of the attendee: name, presence). The meeting
    counts as held from now on. Raises Outdated and RefusedError."""
    row = _open(meeting, revision)
    for one in row.items.all():
        if one.pk in said and one.minutes != said[one.pk]:
            AgendaItem.objects.filter(pk=one.pk).update(minutes=said[one.pk])
    for attendee in row.attendees.all():
        if attendee.pk in presence:
            name, there = presence[attendee.pk]
            if (attendee.name, attendee.presence) != (name, there):
                Attendee.objects.filter(pk=attendee.pk).update(name=name, presence=there)
    row.chair, row.writer, row.state, row.revision = chair, writer, MeetingState.HELD, row.revision + 1
    row.save(update_fields=["chair", "writer", "state", "revision"])
    record(actor=by, verb="minutes.write", thing=row, unit=row.unit_id, after={"items": len(said)})
    return row


@transaction.atomic
def add_attendee(*, meeting: Meeting, unit: Unit | None, name: str, presence: str, by: User | None) -> Attendee:
    row = _open(meeting)
    attendee = Attendee.objects.create(meeting=row, unit=unit, name=name, presence=presence)
    record(actor=by, verb="minutes.attendee", thing=row, unit=row.unit_id, after={"name": attendee})
    return attendee


@transaction.atomic
def add_decision(
    *, meeting: Meeting, what: LocalizedText, unit: Unit, due: dt.date, accountable: User | None,
    item: AgendaItem | None, by: User | None,
) -> Decision:  # fmt: skip
    """Enter what was decided: what, who, until when."""
    row = _open(meeting)
    number = (row.decisions.aggregate(last=Max("number"))["last"] or 0) + 1
    decision = Decision.objects.create(
        meeting=row, number=number, what=what, unit=unit, due=due, accountable=accountable, item=item
    )
    Meeting.objects.filter(pk=row.pk).update(revision=F("revision") + 1)
    record(
        actor=by, verb="minutes.decide", thing=row, unit=row.unit_id,
        after={"what": dict(what), "unit": unit, "due": due.isoformat()},
    )  # fmt: skip
    return decision


@transaction.atomic
def remove_decision(*, decision: Decision, by: User | None) -> None:
    row = _open(decision.meeting)
    record(actor=by, verb="minutes.undecide", thing=row, unit=row.unit_id, before={"what": dict(decision.what)})
    decision.delete()
    Meeting.objects.filter(pk=row.pk).update(revision=F("revision") + 1)


def said_in(meeting: Meeting) -> dict[str, Any]:
    """The minutes as plain values: what is approved, hashed and printed."""
    return {
        "meeting": {
            "title": dict(meeting.title), "place": dict(meeting.place), "starts": meeting.starts.isoformat(),
            "zone": meeting.edition.zone, "unit": dict(meeting.unit.name), "chair": meeting.chair,
            "writer": meeting.writer,
        },
        "edition": {"title": dict(meeting.edition.title)},
        "attendees": [
            {"unit": dict(one.unit.name) if one.unit else {}, "name": one.name, "presence": one.presence}
            for one in meeting.attendees.select_related("unit").order_by("pk")
        ],
        "agenda": [
            {"number": one.number, "kind": one.kind, "title": dict(one.title), "minutes": one.minutes}
            for one in meeting.items.order_by("number")
        ],
        "decisions": [
            {
                "number": one.number, "what": dict(one.what), "unit": dict(one.unit.name),
                "accountable": one.accountable.name if one.accountable else "", "due": one.due.isoformat(),
            }
            for one in meeting.decisions.select_related("unit", "accountable").order_by("number")
        ],
    }  # fmt: skip


@transaction.atomic
def approve_minutes(*, meeting: Meeting, revision: int, by: User | None, now: dt.datetime) -> Meeting:
    """Approve the minutes as they were read: from now on the database refuses every change to them, and each decision is
    a task of its unit. Approved already: nothing happens. Raises Outdated and RefusedError."""
    row = locked_meeting(meeting)
    if row.state == MeetingState.APPROVED:
        return row
    if row.revision != revision:
        raise Outdated(row)
    if row.state != MeetingState.HELD:
        raise RefusedError(_("There are no minutes yet: write them first."))
    content = said_in(row)
    content["approved"] = {"by": by.name if by else "", "at": now.isoformat()}
    make_tasks(decisions=list(row.decisions.select_related("unit", "accountable", "meeting__edition")), by=by, now=now)
    row.minutes, row.digest = content, digest_of(content)
    row.state, row.approved_at, row.approved_by = MeetingState.APPROVED, now, by
    row.save()
    record(actor=by, verb="minutes.approve", thing=row, unit=row.unit_id, after={"digest": row.digest})
    return row


@transaction.atomic
def make_tasks(*, decisions: Sequence[Decision], by: User | None, now: dt.datetime) -> int:
    """Give each decision its task, unless it has one. Gives how many were made."""
    made = 0
    for decision in Decision.objects.select_for_update(of=("self",)).filter(pk__in=[one.pk for one in decisions]):
        if decision.task_id is None:
            decision.task = make_task(
                edition=decision.meeting.edition, unit=decision.unit, title=decision.what, what=_origin(decision),
                due=decision.due, accountable=decision.accountable, by=by, now=now,
            )  # fmt: skip
            decision.save(update_fields=["task"])
            made += 1
    return made


def _origin(decision: Decision) -> LocalizedText:
    title, day = decision.meeting.title, f"{decision.meeting.local_starts:%Y-%m-%d}"
    return LocalizedText(
        {
            "zh-Hans": f"{day}会议“{title.in_language('zh-Hans')}”第{decision.number}项决定。",
            "en": f"Decision {decision.number} of the meeting “{title.in_language('en')}” on {day}.",
        }
    )
