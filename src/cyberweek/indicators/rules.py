"""Who may do what: units report on what they lead, the level above verifies, those who run the edition keep the dictionary."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from cyberweek.editions.enums import Stage
from cyberweek.editions.models import Edition
from cyberweek.editions.rules import runs_edition
from cyberweek.indicators.enums import State
from cyberweek.indicators.models import Report
from cyberweek.programme.enums import Status
from cyberweek.programme.models import Activity
from cyberweek.regions.queries import Scope

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from cyberweek.accounts.models import User


def keeps_dictionary(scope: Scope, edition: Edition) -> bool:
    """True for coordinators of the edition's lead organiser or of a unit above it (wants `owner` fetched)."""
    return edition.stage != Stage.ARCHIVED and runs_edition(scope.coordinating, edition)


def may_report(scope: Scope, report: Report) -> bool:
    """True for those who enter things for its unit or for one above it (wants `unit` fetched)."""
    return bool(scope.editing & set(report.unit.ancestry))


def may_verify(scope: Scope, report: Report, person: User) -> bool:
    """True for those who decide in a unit above the report's. Above a unit at the top stands nobody: there another
    person of the same unit verifies. Never who sent it."""
    above = report.unit.ancestry[:-1] or report.unit.ancestry
    return bool(scope.reviewing & set(above)) and report.sent_by_id != person.pk


def is_open(report: Report) -> bool:
    """True while its figures may be changed: not sent yet, asked about, or rejected, of what was not called off."""
    waits = report.state in {State.DRAFT, State.QUESTIONED, State.REJECTED}
    return waits and not report.is_off and takes_reports(report.edition)


def takes_reports(edition: Edition) -> bool:
    """Reports come in long after the last day; an archived edition takes no more."""
    return edition.stage != Stage.ARCHIVED


def never_happened(activity: Activity, *, now: dt.datetime) -> _StrPromise | None:
    """Why there is nothing to report of an activity; None where there is."""
    if activity.status == Status.CANCELLED:
        return _("it was cancelled")
    if activity.status != Status.PUBLISHED:
        return _("it was never published")
    if activity.starts > now:
        return _("it has not begun yet")
    return None
