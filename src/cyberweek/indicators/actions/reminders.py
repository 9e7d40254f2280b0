"""Reminders until the report is done: on the desk by the menu's number, and by mail, one mail a person however many reports."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cyberweek.editions.enums import Stage
from cyberweek.editions.models import Edition
from cyberweek.indicators.enums import State
from cyberweek.indicators.models import Report
from cyberweek.indicators.queries import STANDS, people_to_remind
from cyberweek.kernel.jobs import send_mail_to

from .reports import ASKED_FOR

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

_SOON: Final = dt.timedelta(days=1)
_AGAIN: Final = dt.timedelta(days=3)  # while late
_NAMED: Final = 15  # reports named in one mail
_AT_ONCE: Final = 5000


def remind_of_reports(*, now: dt.datetime) -> int:
    """Write to those who owe reports: when one is opened, on the day before its date, and every third day once it is
    late. Gives how many mails were queued."""
    wanted = (
        Report.objects.filter(STANDS, state=State.DRAFT, due__gt=now - ASKED_FOR)
        .exclude(edition__stage=Stage.ARCHIVED)
        .filter(
            Q(reminded=None)
            | Q(due__lte=now, reminded__lte=now - _AGAIN)
            | Q(due__gt=now, due__lte=now + _SOON, reminded__lte=now - _SOON)
        )
    )
    reports = list(wanted.select_related("edition", "activity", "unit").order_by("due", "pk")[:_AT_ONCE])
    owed: dict[tuple[int, int], list[Report]] = defaultdict(list)
    people: dict[int, User] = {}
    editions: dict[int, Edition] = {}
    by_unit = people_to_remind(reports)
    for report in reports:
        editions[report.edition_id] = report.edition
        for person in by_unit.get(report.unit_id, []):
            people[person.pk] = person
            owed[person.pk, report.edition_id].append(report)
    # Marked first: a mail too few is sent by the next round, a mail too many is not taken back.
    Report.objects.filter(pk__in=[report.pk for report in reports]).update(reminded=now)
    return sum(_write(people[pk], editions[edition], rows, now=now) for (pk, edition), rows in owed.items())


def _write(person: User, edition: Edition, reports: Sequence[Report], *, now: dt.datetime) -> bool:
    late = sum(report.late(now) for report in reports)

    def subject() -> str:
        n = len(reports)
        return ngettext("%(n)d report is waited for", "%(n)d reports are waited for", n) % {"n": n}

    def text() -> str:
        lines = [str(edition.title), ""]
        for report in reports[:_NAMED]:
            day = report.due.astimezone(edition.tz).strftime("%Y-%m-%d")
            said = _("%(report)s: due on %(day)s, late") if report.late(now) else _("%(report)s: due on %(day)s")
            lines.append("· " + said % {"report": report, "day": day})
        if more := len(reports) - _NAMED if len(reports) > _NAMED else 0:
            lines.append(ngettext("… and %(n)d more", "… and %(n)d more", more) % {"n": more})
        if late:
            lines += ["", _("What is late is missing from the figures of your city, your province and the nation.")]
        lines += ["", settings.PUBLIC_URL + reverse("indicators:report-list", args=[edition.slug])]
        return "\n".join(lines)

    return send_mail_to(person, subject, text)
