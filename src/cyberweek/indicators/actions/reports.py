"""Reports: opened when an activity ends, filled in, sent; what is odd is asked about; what is large is verified."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.db import connection, transaction
from django.db.models import F

from cyberweek.editions.models import Edition
from cyberweek.indicators.core.plausibility import Bounds, Odd, mixed_up, oddities
from cyberweek.indicators.core.states import figure_state, report_state
from cyberweek.indicators.enums import Count, Doubt, State
from cyberweek.indicators.models import Figure, Indicator, Question, Report
from cyberweek.indicators.queries import peers_of, populations_of
from cyberweek.indicators.rules import is_open, never_happened
from cyberweek.kernel.actions import Outdated, record
from cyberweek.programme.models import Activity
from cyberweek.regions.models import Unit

from .rolling import follow, parts_of

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from cyberweek.accounts.models import User

TIME_TO_REPORT: Final = dt.timedelta(days=3)
UNITS_TIME: Final = dt.timedelta(days=14)  # after the last day of the edition
ASKED_FOR: Final = dt.timedelta(days=60)  # what ended longer ago is not asked for any more
# Of these units of count there are no more than people live there.
_OF_PEOPLE: Final = frozenset({Count.PEOPLE})


class NeverHappened(Exception):  # noqa: N818 -- reads as the sentence it makes
    """There is nothing to report of the activity; `why` says why not."""

    def __init__(self, why: str | _StrPromise) -> None:
        super().__init__(str(why))
        self.why = why


class NotOpen(Exception):  # noqa: N818 -- reads as the sentence it makes
    """The report is in a state in which this is not done with it."""


@dataclass(frozen=True)
class Entered:
    """A figure as somebody enters it."""

    indicator: Indicator
    value: Decimal
    way: str
    grade: str
    basis: str = ""


@transaction.atomic
def open_report(
    *, edition: Edition, unit: Unit, activity: Activity | None, by: User | None, now: dt.datetime
) -> Report:
    """The report on an activity, or of a unit; made where there is none yet. Raises `NeverHappened`."""
    if activity is not None:
        if why := never_happened(activity, now=now):
            raise NeverHappened(why)
        due = activity.ends + TIME_TO_REPORT
        report, made = Report.objects.get_or_create(
            activity=activity, defaults={"edition": edition, "unit": activity.lead, "due": due, "changed": now}
        )
    else:
        last = dt.datetime.combine(edition.ends + dt.timedelta(days=1), dt.time(), edition.tz)
        report, made = Report.objects.get_or_create(
            edition=edition, unit=unit, activity=None, defaults={"due": last + UNITS_TIME, "changed": now}
        )
    if made:
        record(actor=by, verb="report.open", thing=report, unit=report.unit_id)
    return report


_OPEN_DUE: Final = """
INSERT INTO indicators_report (edition_id, unit_id, activity_id, state, worked, due, reason, revision, provenance)
SELECT a.edition_id, a.lead_id, a.id, 'draft', '', a.ends + %(time)s, '', 0, a.provenance
FROM programme_activity a JOIN editions_edition e ON e.id = a.edition_id
WHERE a.status = 'published' AND a.ends <= %(now)s AND a.ends > %(since)s AND e.stage <> 'archived'
  AND EXISTS (SELECT 1 FROM indicators_indicator i WHERE i.edition_id = e.id AND i.filler = 'activity' AND i.is_active)
ON CONFLICT DO NOTHING
"""


def open_reports_due(*, now: dt.datetime) -> int:
    """Open a report for every activity that is over and has none: one statement, however many. Gives how many."""
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"now": now, "time": TIME_TO_REPORT, "since": now - ASKED_FOR}
        cursor.execute(_OPEN_DUE, values)
        return int(cursor.rowcount)


def move_reports(*, edition: Edition, delta: dt.timedelta) -> int:
    """Move the dates of an edition's reports along with it."""
    return Report.objects.filter(edition=edition).update(due=F("due") + delta)


def _locked(report: Report, revision: int | None) -> Report:
    # The activity first, as whoever calls it off does: what is sent meanwhile waits, and counts or is let go of.
    if report.activity_id is not None:
        Activity.objects.select_for_update(no_key=True).get(pk=report.activity_id)
    report = (
        Report.objects.select_for_update(of=("self",))
        .select_related("edition", "unit", "unit__region", "activity", "activity__region")
        .get(pk=report.pk)
    )
    if revision is not None and report.revision != revision:
        raise Outdated(report)
    return report


@transaction.atomic
def save_report(
    *, report: Report, entered: Sequence[Entered], worked: str, revision: int, by: User, now: dt.datetime
) -> Report:
    """Keep a draft as far as it is filled in. Raises `Outdated`, `NotOpen`."""
    report = _locked(report, revision)
    if report.state != State.DRAFT or not is_open(report):
        raise NotOpen
    _write(report, entered, worked, by=by, now=now)
    record(actor=by, verb="report.save", thing=report, unit=report.unit_id, after=_told(entered))
    return report


@transaction.atomic
def send_report(
    *,
    report: Report,
    entered: Sequence[Entered],
    worked: str,
    revision: int | None,
    by: User | None,
    now: dt.datetime,
    answers: Mapping[str, str] | None = None,
) -> Report:
    """Send a report: each figure counts at once, or is asked about, or waits for the level above. `answers` are the
    explanations, by the code of the indicator; a figure that is changed instead is asked about anew if it is odd again.

    Raises `Outdated`, `NotOpen`, `NeverHappened`.
    """
    report = _locked(report, revision)
    if report.activity and (why := never_happened(report.activity, now=now)):
        raise NeverHappened(why)
    if not is_open(report):
        raise NotOpen
    before = parts_of(report)
    told = {row.indicator.code: str(row.value) for row in report.figures.select_related("indicator")}
    _write(report, entered, worked, by=by, now=now)
    _ask(report, answers or {}, by=by, now=now)
    report.sent, report.sent_by, report.reason = now, by, ""
    _settle(report)
    follow(report.edition, report.region, before, parts_of(report), now=now)
    record(
        actor=by, verb="report.send", thing=report, unit=report.unit_id,
        before=told, after={**_told(entered), "state": report.state},
    )  # fmt: skip
    return report


def _told(entered: Sequence[Entered]) -> dict[str, str]:
    return {one.indicator.code: str(one.value) for one in entered}


def _write(report: Report, entered: Sequence[Entered], worked: str, *, by: User | None, now: dt.datetime) -> None:
    """The figures as entered in the place of those before; what is entered anew has to be looked at again."""
    kept = {row.indicator_id: row for row in Figure.objects.filter(report=report)}
    for one in entered:
        row = kept.pop(one.indicator.pk, None) or Figure(
            edition_id=report.edition_id, report=report, indicator=one.indicator
        )
        if row.sketch is not None and row.value != one.value:
            row.sketch = None  # a number that was typed over a sketch is no longer its
        row.value, row.way, row.grade, row.basis, row.changed = one.value, one.way, one.grade, one.basis, now
        row.provenance, row.state = report.provenance, State.DRAFT
        row.save()
    Figure.objects.filter(pk__in=[row.pk for row in kept.values() if row.sketch is None]).delete()
    report.worked, report.changed, report.changed_by = worked, now, by
    report.revision += 1
    report.save(update_fields=["worked", "changed", "changed_by", "revision"])


def _ask(report: Report, answers: Mapping[str, str], *, by: User | None, now: dt.datetime) -> None:
    """Look at each figure: what is odd is asked about, what was explained is answered, and each goes where it belongs."""
    figures = list(Figure.objects.filter(report=report).select_related("indicator"))
    odd = _odd(report, figures)
    asked = {(row.figure_id, row.doubt, row.value): row for row in Question.objects.filter(figure__in=figures)}
    for figure in figures:
        text = answers.get(figure.indicator.code, "").strip()
        for (pk, _doubt, value), row in asked.items():
            if pk == figure.pk and row.answered is None and value != figure.value:
                row.answered, row.answered_by, row.corrected = now, by, True
                row.save(update_fields=["answered", "answered_by", "corrected"])
        is_asked = False
        for one in odd[figure.pk]:
            row = asked.get((figure.pk, one.doubt, figure.value)) or Question(
                figure=figure, doubt=one.doubt, value=figure.value, numbers=one.numbers, asked=now
            )
            if row.pk and row.answered is None and text:
                row.answer, row.answered, row.answered_by = text, now, by
            row.save()
            is_asked |= row.answered is None
        above = figure.indicator.verify_above
        figure.state = figure_state(
            open_questions=is_asked,
            grave=any(one.grave for one in odd[figure.pk]),
            value=float(figure.value),
            verify_above=None if above is None else float(above),
        )
        figure.save(update_fields=["state"])


def _odd(report: Report, figures: Sequence[Figure]) -> dict[int, list[Odd]]:
    """What is odd about each figure, by its key: three queries."""
    peers = peers_of(report, [figure.indicator for figure in figures])
    population = _population(report)
    twins = mixed_up({str(figure.pk): (figure.indicator.count, float(figure.value)) for figure in figures})
    found = {}
    for figure in figures:
        one = figure.indicator
        bounds = Bounds(
            *(None if bound is None else float(bound) for bound in (one.least, one.most, one.most_capacity))
        )
        found[figure.pk] = oddities(
            float(figure.value), peers=peers.get(one.pk, []), bounds=bounds,
            capacity=report.activity.capacity if report.activity else None,
            population=population, counts_people=one.count in _OF_PEOPLE,
        )  # fmt: skip
        if str(figure.pk) in twins:
            found[figure.pk].append(Odd(Doubt.MIXED_UP))
    return found


def _population(report: Report) -> int | None:
    """How many people live where the report belongs, or in the nearest region above of which it is known."""
    ancestry = report.region.ancestry
    known = populations_of(ancestry, report.edition.year)
    return next((known[code].people for code in reversed(ancestry) if code in known), None)


def _settle(report: Report) -> None:
    """The report's state follows from its figures."""
    report.state = report_state(set(Figure.objects.filter(report=report).values_list("state", flat=True)))
    report.save(update_fields=["state", "sent", "sent_by", "settled", "settled_by", "reason"])


@transaction.atomic
def verify_report(*, report: Report, by: User, now: dt.datetime) -> Report:
    """The level above stands for what waits to be verified; it counts from now on. Raises `NotOpen`, `NeverHappened`."""
    return _decide(report, State.VERIFIED, "report.verify", "", by=by, now=now)


@transaction.atomic
def reject_report(*, report: Report, reason: str, by: User, now: dt.datetime) -> Report:
    """What waits to be verified goes back with a reason and does not count. Raises `NotOpen`."""
    return _decide(report, State.REJECTED, "report.reject", reason, by=by, now=now)


def _decide(report: Report, state: State, verb: str, reason: str, *, by: User, now: dt.datetime) -> Report:
    report = _locked(report, None)
    if report.state != State.TO_VERIFY:
        raise NotOpen
    if report.activity and (why := never_happened(report.activity, now=now)):
        raise NeverHappened(why)
    before = parts_of(report)
    Figure.objects.filter(report=report, state=State.TO_VERIFY).update(state=state, changed=now)
    report.settled, report.settled_by, report.reason = now, by, reason
    report.revision += 1
    report.save(update_fields=["revision"])
    _settle(report)
    follow(report.edition, report.region, before, parts_of(report), now=now)
    record(actor=by, verb=verb, thing=report, unit=report.unit_id, after={"state": report.state}, reason=reason)
    return report


@transaction.atomic
def take_back_report(*, report: Report, by: User, now: dt.datetime) -> Report:
    """Open a sent report again to correct it: its figures do not count until it is sent anew. Raises `NotOpen`."""
    report = _locked(report, None)
    if report.state not in {State.COUNTED, State.VERIFIED, State.TO_VERIFY}:
        raise NotOpen
    before = parts_of(report)
    Figure.objects.filter(report=report).update(state=State.DRAFT, changed=now)
    report.state = State.DRAFT
    report.revision += 1
    report.save(update_fields=["state", "revision"])
    follow(report.edition, report.region, before, {}, now=now)
    record(actor=by, verb="report.take-back", thing=report, unit=report.unit_id, before={"state": report.state})
    return report
