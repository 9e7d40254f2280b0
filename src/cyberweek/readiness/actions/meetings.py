"""A meeting is called, its agenda written, its reports asked for and given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cyberweek.editions.models import Edition
from cyberweek.editions.queries import today_in
from cyberweek.kernel.actions import Outdated, record, snapshot
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.kernel.jobs import send_mail_to
from cyberweek.readiness.core.one_page import LINES, fits
from cyberweek.readiness.enums import ItemKind, MeetingState
from cyberweek.readiness.models import AgendaItem, Attendee, Meeting, UnitReport
from cyberweek.readiness.queries.meetings import MOST_REPORTS, texts_of, units_asked, work_of
from cyberweek.regions.enums import Role
from cyberweek.regions.models import Post, Unit

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

WRITTEN: Final = ("title", "starts", "place", "region", "branch", "reach", "reports_due", "chair", "writer")
PARTS: Final = ("done", "doing", "troubles", "asks")
Item = tuple[str, LocalizedText, LocalizedText]
"""Kind, title, decision wanted."""


class RefusedError(Exception):
    """It cannot be done as things stand; the message says why and what to do, `field` where it belongs."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def locked_meeting(meeting: Meeting, revision: int | None = None) -> Meeting:
    """The meeting under its lock, in the caller's transaction. Raises Outdated where it is not as it was read."""
    rows = Meeting.objects.select_for_update(of=("self",)).select_related("edition", "unit", "region", "branch")
    row = rows.get(pk=meeting.pk)
    if revision is not None and row.revision != revision:
        raise Outdated(row)
    return row


@transaction.atomic
def plan_meeting(*, edition: Edition, unit: Unit, fields: Mapping[str, Any], by: User | None) -> Meeting:
    """Enter a meeting (names in `WRITTEN`), with an agenda to begin with. Nobody is told before it is called."""
    meeting = Meeting.objects.create(edition=edition, unit=unit, **fields)
    _write_items(meeting, [(ItemKind.REPORTS, LocalizedText(_FIRST), LocalizedText())])
    record(actor=by, verb="meeting.plan", thing=meeting, unit=unit.pk, after=snapshot(meeting, WRITTEN))
    return meeting


_FIRST: Final = {"zh-Hans": "听取各单位准备工作情况汇报", "en": "Reports of the units on their preparatory work"}


@transaction.atomic
def edit_meeting(*, meeting: Meeting, fields: Mapping[str, Any], revision: int, by: User | None) -> Meeting:
    """Change what a meeting says. Once it is called whom it is about stays. Raises Outdated."""
    row = locked_meeting(meeting, revision)
    before = snapshot(row, WRITTEN)
    fixed = set() if row.state == MeetingState.PLANNED else {"region", "branch", "reach"}
    for name in set(WRITTEN) - fixed:
        if name in fields:
            setattr(row, name, fields[name])
    row.revision += 1
    row.save()
    after = snapshot(row, WRITTEN)
    record(actor=by, verb="meeting.edit", thing=row, unit=row.unit_id, before=before, after=after)
    return row


@transaction.atomic
def write_agenda(*, meeting: Meeting, items: Sequence[Item], revision: int, by: User | None) -> Meeting:
    """Set the agenda: what has minutes already keeps them by its place. Raises Outdated."""
    row = locked_meeting(meeting, revision)
    before = _agenda(row)
    _write_items(row, items)
    row.revision += 1
    row.save(update_fields=["revision"])
    record(
        actor=by, verb="meeting.agenda", thing=row, unit=row.unit_id, before={"agenda": before},
        after={"agenda": _agenda(row)},
    )  # fmt: skip
    return row


def _agenda(meeting: Meeting) -> list[Any]:
    return [format_lazy("{}. {}", one.number, one.title) for one in meeting.items.order_by("number")]


def _write_items(meeting: Meeting, items: Sequence[Item]) -> None:
    known = {one.number: one for one in meeting.items.all()}
    for number, (kind, title, wanted) in enumerate(items, start=1):
        AgendaItem.objects.update_or_create(
            meeting=meeting, number=number, defaults={"kind": kind, "title": title, "wanted": wanted}
        )
    over = [one.pk for number, one in known.items() if number > len(items)]
    AgendaItem.objects.filter(pk__in=over).delete()


@transaction.atomic
def call_meeting(*, meeting: Meeting, by: User | None) -> int:
    """Call it: each unit is asked for its page, which begins as its tasks stand, and its coordinators are told by mail.
    Called again, only units that came since are asked. Gives how many were asked now. Raises RefusedError."""
    row = locked_meeting(meeting)
    if row.state not in {MeetingState.PLANNED, MeetingState.CALLED}:
        raise RefusedError(_("It has been held, or is cancelled."))
    region = str(row.region_id) if row.region_id else None
    units = units_asked(row.unit, region=region, branch=row.branch, reach=row.reach)
    fresh = list(units.exclude(pk__in=row.reports.values("unit")).order_by("code")[: MOST_REPORTS + 1])
    if len(fresh) + row.reports.count() > MOST_REPORTS:
        raise RefusedError(
            _("More than %(n)d units would report. Choose a smaller scope, or the units right under it.")
            % {"n": MOST_REPORTS}
        )
    if not fresh and row.state == MeetingState.PLANNED:
        raise RefusedError(_("No unit of yours stands under this scope, so nobody would report. Choose another."))
    UnitReport.objects.bulk_create(UnitReport(meeting=row, unit=unit) for unit in fresh)
    Attendee.objects.bulk_create(Attendee(meeting=row, unit=unit) for unit in fresh)
    if row.state == MeetingState.PLANNED:
        Meeting.objects.filter(pk=row.pk).update(state=MeetingState.CALLED)
    _mail(fresh, _called_words(row))
    record(actor=by, verb="meeting.call", thing=row, unit=row.unit_id, after={"units": len(fresh)})
    return len(fresh)


def _called_words(meeting: Meeting) -> tuple[Any, Any]:
    def subject() -> str:
        return _("Called to a meeting: %(title)s") % {"title": meeting.title}

    def text() -> str:
        return _(
            "%(unit)s calls you to “%(title)s” on %(day)s at %(time)s (%(zone)s).\n"
            "Please write your unit's page on its preparatory work by %(due)s: it begins with what your tasks say, "
            "under Readiness, Meetings at the desk."
        ) % _values(meeting)

    return subject, text


def _values(meeting: Meeting) -> dict[str, Any]:
    starts = meeting.local_starts
    return {
        "unit": meeting.unit, "title": meeting.title, "day": f"{starts:%Y-%m-%d}", "time": f"{starts:%H:%M}",
        "zone": meeting.edition.zone, "due": f"{meeting.local_due:%Y-%m-%d %H:%M}",
    }  # fmt: skip


def _mail(units: Sequence[Unit], words: tuple[Any, Any]) -> int:
    """Write to the coordinators of the units, each person once."""
    posts = Post.objects.filter(
        unit__in=[unit.pk for unit in units], roles__contains=[Role.COORDINATOR], person__is_active=True
    ).select_related("person")
    people = {post.person_id: post.person for post in posts}
    return sum(send_mail_to(person, *words) for person in people.values())


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, by: User | None) -> None:
    row = locked_meeting(meeting)
    if row.state == MeetingState.APPROVED:
        raise RefusedError(_("Approved minutes are kept."))
    Meeting.objects.filter(pk=row.pk).update(state=MeetingState.CANCELLED)
    record(actor=by, verb="meeting.cancel", thing=row, unit=row.unit_id, before={"state": row.state})


# -- The page of one unit ---------------------------------------------------------------------------------------------


def beginning_of(report: UnitReport, *, now: dt.datetime) -> dict[str, str]:
    """What the unit's page says before anybody wrote it: what its tasks say now, in the active language."""
    edition = report.meeting.edition
    today = today_in(edition, now=now)
    return texts_of(work_of(edition, [report.unit_id], today=today)[report.unit_id], today=today)


@transaction.atomic
def write_report(
    *, report: UnitReport, texts: Mapping[str, str], revision: int, send: bool, by: User | None, now: dt.datetime
) -> UnitReport:
    """Keep or send in a unit's page. Each part has at most so many lines that all stand on one page. Raises Outdated and
    RefusedError."""
    row = (
        UnitReport.objects.select_for_update(of=("self",)).select_related("unit", "meeting__edition").get(pk=report.pk)
    )
    if row.revision != revision:
        raise Outdated(row)
    for name in PARTS:
        if not fits(texts[name]):
            raise RefusedError(str(TOO_LONG) % {"n": LINES}, name)
        setattr(row, name, texts[name].strip())
    row.revision += 1
    row.by = by
    if send:
        row.sent = now
    row.save()
    record(
        actor=by, verb="unit-report.send" if send else "unit-report.write", thing=row, unit=row.unit_id,
        after={"meeting": row.meeting, "parts": [name for name in PARTS if getattr(row, name)]},
    )  # fmt: skip
    return row


TOO_LONG: Final = gettext_lazy(
    "This takes more than %(n)d lines in print. Each unit has one page: say the most important, or join lines."
)


@transaction.atomic
def remind_reports(*, now: dt.datetime, meeting: Meeting | None = None, by: User | None = None) -> int:
    """Write to the units that still owe their page: in the three days before it is due and each day after, until the
    meeting begins; of one meeting at once. A unit is reminded once a day. Gives how many units."""
    rows = UnitReport.objects.filter(
        sent=None, meeting__state=MeetingState.CALLED, meeting__starts__gt=now
    ).select_related("meeting__edition", "meeting__unit", "unit")
    soon = now + dt.timedelta(days=3)
    rows = rows.filter(meeting=meeting) if meeting else rows.filter(meeting__reports_due__lt=soon)
    reminded = 0
    for row in rows.select_for_update(of=("self",), skip_locked=True).order_by("meeting", "pk"):
        today = today_in(row.meeting.edition, now=now)
        if row.reminded == today:
            continue
        UnitReport.objects.filter(pk=row.pk).update(reminded=today)
        _mail([row.unit], _owed_words(row.meeting))
        reminded += 1
    if meeting and reminded:
        record(actor=by, verb="meeting.remind", thing=meeting, unit=meeting.unit_id, after={"units": reminded})
    return reminded


def _owed_words(meeting: Meeting) -> tuple[Any, Any]:
    def subject() -> str:
        return _("Your page for “%(title)s” is not in yet") % {"title": meeting.title}

    def text() -> str:
        return _(
            "“%(title)s” begins on %(day)s at %(time)s (%(zone)s); the page of your unit was wanted by %(due)s. "
            "It begins with what your tasks say: look through it and send it in, under Readiness, Meetings at the desk."
        ) % _values(meeting)

    return subject, text
