"""What people write: the text around the figures, and lessons."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction

from cyberweek.editions.models import Edition
from cyberweek.kernel.actions import Outdated, record, snapshot
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.regions.models import Unit
from cyberweek.summaries.models import Lesson, Section, Summary

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

_LESSON = ("what", "why", "next_time")


class Refused(Exception):  # noqa: N818 -- reads as the sentence it makes
    """What was asked for cannot be done now; the message says why, for the person who asked."""


def locked_summary(edition: Edition, unit: Unit) -> Summary:
    """The unit's summary under its lock; made where there was none."""
    Summary.objects.get_or_create(edition=edition, unit=unit)
    rows = Summary.objects.select_for_update(of=("self",)).select_related("unit", "edition")
    return rows.get(edition=edition, unit=unit)


@transaction.atomic
def edit_section(
    *, edition: Edition, unit: Unit, part: str, text: LocalizedText, revision: int, by: User | None, now: dt.datetime
) -> Section:
    """Write a section anew. `revision`: the one that the person has read, 0 for the template's text. Raises Outdated."""
    summary = locked_summary(edition, unit)
    row = Section.objects.filter(summary=summary, part=part).select_related("changed_by").first()
    if (row.revision if row else 0) != revision:
        raise Outdated(row)
    before = snapshot(row, ["text"]) if row else {}
    row = row or Section(summary=summary, part=part, revision=0)
    row.text, row.changed, row.changed_by = text, now, by
    row.revision += 1
    row.save()
    record(
        actor=by,
        verb="summary.write",
        thing=summary,
        unit=unit.pk,
        before=before,
        after={"part": part, "text": dict(text)},
    )
    return row


@transaction.atomic
def add_lesson(
    *, edition: Edition, unit: Unit, what: str, why: str, next_time: str, by: User | None, now: dt.datetime
) -> Lesson:
    """Note something learned."""
    row = Lesson.objects.create(
        edition=edition, unit=unit, what=what, why=why, next_time=next_time, changed=now, changed_by=by
    )
    record(actor=by, verb="lesson.add", thing=row, unit=unit.pk, after=snapshot(row, _LESSON))
    return row


@transaction.atomic
def edit_lesson(
    *, lesson: Lesson, what: str, why: str, next_time: str, revision: int, by: User | None, now: dt.datetime
) -> Lesson:
    """Change a lesson. Raises Outdated when it is not the `revision` that the person has read."""
    row = Lesson.objects.select_for_update().get(pk=lesson.pk)
    if row.revision != revision:
        raise Outdated(row)
    before = snapshot(row, _LESSON)
    row.what, row.why, row.next_time = what, why, next_time
    row.revision, row.changed, row.changed_by = revision + 1, now, by
    row.save()
    record(actor=by, verb="lesson.edit", thing=row, unit=row.unit_id, before=before, after=snapshot(row, _LESSON))
    return row


@transaction.atomic
def remove_lesson(*, lesson: Lesson, by: User | None) -> None:
    """Take a lesson out; what was frozen with it keeps it."""
    record(actor=by, verb="lesson.remove", thing=lesson, unit=lesson.unit_id, before=snapshot(lesson, _LESSON))
    lesson.delete()
