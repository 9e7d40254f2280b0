"""Files that show what a report says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction

from cyberweek.attachments.actions import Chosen, keep_attachment
from cyberweek.indicators.models import Evidence, Indicator, Report
from cyberweek.indicators.rules import is_open
from cyberweek.kernel.actions import record

from .reports import NotOpen

if TYPE_CHECKING:
    from cyberweek.accounts.models import User


def _held(report: Report) -> None:
    """Hold the report open: what is being verified keeps the files that were sent with it. Raises `NotOpen`."""
    if not is_open(Report.objects.select_for_update(of=("self",)).select_related("edition").get(pk=report.pk)):
        raise NotOpen


@transaction.atomic
def add_evidence(*, report: Report, fits: Iterable[Chosen], code: str, by: User, now: dt.datetime) -> list[Evidence]:
    """Keep files with a report; `code`: of the indicator that they show, "" for the report as a whole.

    Raises `attachments.actions.Refused` where somebody has added too much today, and `NotOpen`; then nothing is kept.
    """
    _held(report)
    indicator = Indicator.objects.filter(edition=report.edition_id, code=code).first() if code else None
    made = []
    for fit in fits:
        attachment = keep_attachment(file=fit, by=by, now=now, field="photos")
        made.append(Evidence.objects.create(report=report, indicator=indicator, attachment=attachment))
    after = {"files": [one.attachment.name for one in made], "indicator": code}
    record(actor=by, verb="report.add-evidence", thing=report, unit=report.unit_id, after=after)
    return made


@transaction.atomic
def remove_evidence(*, evidence: Evidence, by: User) -> None:
    """Take a file away; the file itself goes after a day where nothing else needs it. Raises `NotOpen`."""
    _held(evidence.report)
    before = {"files": [evidence.attachment.name]}
    record(actor=by, verb="report.remove-evidence", thing=evidence.report, unit=evidence.report.unit_id, before=before)
    evidence.delete()
