"""Reminders until the summary is sent: by a person of the unit above, and by the calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from cyberweek.editions.enums import Stage
from cyberweek.editions.models import Edition
from cyberweek.editions.queries import editions_published
from cyberweek.kernel.actions import record
from cyberweek.kernel.jobs import send_mail_to
from cyberweek.regions.enums import Role
from cyberweek.regions.models import Post, Unit
from cyberweek.summaries.core.deadlines import SOON
from cyberweek.summaries.models import Summary
from cyberweek.summaries.queries.summaries import due_day, still_owing

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

_AGAIN: Final = dt.timedelta(days=3)
_GIVEN_UP: Final = dt.timedelta(days=60)  # after the date nobody is written to by the calendar any more
_AT_ONCE: Final = 5000


@transaction.atomic
def remind_units(*, edition: Edition, units: Sequence[Unit], by: User | None, now: dt.datetime) -> int:
    """Write to the coordinators of these units that their summary is waited for; gives how many mails were queued. By a
    person a unit is written to once a day."""
    if by is not None:
        today = Summary.objects.filter(edition=edition, unit__in=units, reminded__gt=now - dt.timedelta(days=1))
        written = set(today.select_for_update().values_list("unit_id", flat=True))
        units = [unit for unit in units if unit.pk not in written]
    Summary.objects.bulk_create(
        [Summary(edition=edition, unit=unit) for unit in units], ignore_conflicts=True, batch_size=500
    )
    rows = Summary.objects.filter(edition=edition, unit__in=units)
    rows.update(reminded=now)
    if by is not None:
        for row in rows.select_related("unit", "edition"):
            record(actor=by, verb="summary.remind", thing=row, unit=row.unit_id)
    known = {unit.pk: unit for unit in units}
    posts = Post.objects.filter(unit__in=units, roles__contains=[Role.COORDINATOR]).select_related("person")
    return sum(_write(post.person, edition, known[post.unit_id]) for post in posts)


def remind_of_summaries(*, now: dt.datetime) -> int:
    """Write to those whose summary is due within a week, and every third day once it is late; gives how many mails."""
    sent = 0
    for edition in editions_published().exclude(stage=Stage.ARCHIVED).exclude(stage=Stage.PREPARING):
        today = now.astimezone(edition.tz).date()
        if not edition.ends < today:
            continue
        lately = Summary.objects.filter(edition=edition, reminded__gt=now - _AGAIN).values("unit")
        units = still_owing(
            edition, Unit.objects.filter(region__ancestry__contains=[edition.scope_id], parent__isnull=False)
        )
        asked = [
            unit
            for unit in units.exclude(pk__in=lately).order_by("pk")[:_AT_ONCE]
            if due_day(edition, unit) - SOON <= today <= due_day(edition, unit) + _GIVEN_UP
        ]
        sent += remind_units(edition=edition, units=asked, by=None, now=now)
    return sent


def _write(person: User, edition: Edition, unit: Unit) -> bool:
    day = due_day(edition, unit).isoformat()

    def subject() -> str:
        return _("The summary of %(unit)s is waited for") % {"unit": unit}

    def text() -> str:
        lines = [
            str(edition.title), "", _("%(unit)s owes its summary by %(day)s.") % {"unit": unit, "day": day},
            _("It is written already: look through it, put in what you learned, freeze it and send it up."), "",
            settings.PUBLIC_URL + reverse("summaries:summary", args=[edition.slug, unit.code]),
        ]  # fmt: skip
        return "\n".join(lines)

    return send_mail_to(person, subject, text)
