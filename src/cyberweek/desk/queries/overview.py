"""What waits for a person, and what their week and units look like."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Min, Q, QuerySet

from cyberweek.editions.models import Edition
from cyberweek.editions.queries import Day, today_in, week_of
from cyberweek.honours.enums import EntryState, State
from cyberweek.honours.models import Juror
from cyberweek.honours.queries import entries_visible_to, juries_of
from cyberweek.indicators.queries import ReportCounts, counts_of, reports_visible_to
from cyberweek.planning.queries.board import Pressing, pressing
from cyberweek.programme.enums import Status
from cyberweek.programme.models import Activity
from cyberweek.programme.queries import activities_visible_to, waiting_for
from cyberweek.readiness.enums import Standing
from cyberweek.readiness.queries import last_forecast, standings_at_first
from cyberweek.readiness.queries.meetings import reports_owed
from cyberweek.regions.models import Unit
from cyberweek.regions.queries import Scope, with_counts

if TYPE_CHECKING:
    from cyberweek.accounts.models import User


@dataclass(frozen=True)
class Decisions:
    """Activities that wait for a person; `oldest` is since when the longest waits for a decision."""

    to_decide: int
    oldest: dt.datetime | None
    returned: int
    drafts: int
    to_publish: int

    def any(self) -> bool:
        return bool(self.to_decide or self.returned or self.drafts or self.to_publish)


@dataclass(frozen=True)
class Preparing:
    """What waits in readiness: rows of the forecast that the person opens first, and pages owed to meetings."""

    red: int
    at_risk: int
    owed: int

    def any(self) -> bool:
        return bool(self.red or self.at_risk or self.owed)


@dataclass(frozen=True)
class Cases:
    """Typical cases: juries with something left to read, and drafts of the person's units."""

    juries: list[Juror]
    drafts: int

    def any(self) -> bool:
        return bool(self.juries or self.drafts)


@dataclass(frozen=True)
class Waiting:
    """What waits for a person in one edition, as counts. Each is that of the list which its link opens."""

    tasks: Pressing
    readiness: Preparing
    activities: Decisions
    reports: ReportCounts
    cases: Cases
    unnamed: int  # units that the person runs without an accountable person

    def reports_wait(self) -> bool:
        return bool(self.reports.due or self.reports.asked or self.reports.verify)

    def any(self) -> bool:
        parts = (self.tasks, self.readiness, self.activities, self.cases)
        return bool(any(part.any() for part in parts) or self.reports_wait() or self.unnamed)


def waiting_in(edition: Edition, user: User, scope: Scope, *, now: dt.datetime) -> Waiting:
    """A fixed number of queries, whatever the size."""
    return Waiting(
        tasks=pressing(edition, user, scope, today=today_in(edition, now=now)),
        readiness=_readiness(edition, user, scope),
        activities=_activities(edition, user, scope),
        reports=_reports(edition, user, scope, now=now),
        cases=_cases(edition, user, scope),
        unnamed=Unit.objects.filter(scope.running(), accountable=None).count(),
    )


def _activities(edition: Edition, user: User, scope: Scope) -> Decisions:
    rows = waiting_for(user, scope).filter(edition=edition).order_by()
    decide = rows.aggregate(n=Count("pk"), oldest=Min("status_since"))
    own = Activity.objects.filter(lead__ancestry__overlap=list(scope.units), edition=edition)
    states = own.aggregate(
        **{name: Count("pk", filter=Q(status=name)) for name in (Status.RETURNED, Status.DRAFT, Status.APPROVED)}
    )
    return Decisions(
        to_decide=decide["n"],
        oldest=decide["oldest"],
        returned=states[Status.RETURNED] if scope.editing else 0,
        drafts=states[Status.DRAFT] if scope.editing else 0,
        to_publish=states[Status.APPROVED] if scope.reviewing else 0,
    )


def _readiness(edition: Edition, user: User, scope: Scope) -> Preparing:
    """The reds and risks of the list that readiness opens with; none once the Week is over."""
    owed = reports_owed(user, edition, scope).count()
    forecast = last_forecast(edition)
    if forecast is None:
        return Preparing(0, 0, owed)
    counts = standings_at_first(forecast, user, scope)
    return Preparing(counts.get(Standing.RED, 0), counts.get(Standing.AT_RISK, 0), owed)


def _reports(edition: Edition, user: User, scope: Scope, *, now: dt.datetime) -> ReportCounts:
    return counts_of(reports_visible_to(user, scope).filter(edition=edition), scope, user, now=now)


def _cases(edition: Edition, user: User, scope: Scope) -> Cases:
    juries = juries_of(user, edition).filter(call__state=State.SCORING)
    juries = juries.filter(n_open__gt=0)  # type: ignore[misc]  # an annotation
    drafts = entries_visible_to(user, scope).filter(
        call__edition=edition, unit__ancestry__overlap=list(scope.units), state=EntryState.DRAFT
    )
    return Cases(list(juries), drafts.count() if scope.editing else 0)


@dataclass(frozen=True)
class WeekDay:
    """A day of the week strip with how many activities of the theme day the person sees."""

    day: Day
    n: int


def week_in_scope(edition: Edition, user: User, scope: Scope, *, now: dt.datetime) -> list[WeekDay]:
    """The theme days, each with how many activities of any state the person sees: two queries."""
    rows = activities_visible_to(user, scope).filter(edition=edition).order_by()
    counts = dict(rows.values_list("theme_day").annotate(n=Count("pk")))
    return [WeekDay(day, counts.get(day.theme_day.pk, 0)) for day in week_of(edition, now=now).days]


def own_units(user: User) -> QuerySet[Unit]:
    """The units where the person serves, with counts."""
    return with_counts(Unit.objects.filter(posts__person=user))


def activities_of_unit(unit: Unit, edition: Edition | None) -> dict[str, int]:
    """How many activities the unit and those under it lead, by state, in the edition."""
    rows = Activity.objects.filter(lead__ancestry__contains=[unit.pk], edition=edition).order_by()
    found = dict(rows.values_list("status").annotate(n=Count("pk")))
    return {status: found.get(status, 0) for status in Status.values}
