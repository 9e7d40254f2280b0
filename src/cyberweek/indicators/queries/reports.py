"""Reports as organisers read them at the desk: every read starts from `reports_visible_to`."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Count, F, Func, Q, QuerySet

from cyberweek.editions.models import Edition
from cyberweek.indicators.core.plausibility import capacity_class
from cyberweek.indicators.enums import COUNTING, State
from cyberweek.indicators.models import Figure, Indicator, Question, Report
from cyberweek.kernel.models import AuditEvent
from cyberweek.kernel.queries import says
from cyberweek.programme.enums import Status
from cyberweek.programme.models import Activity
from cyberweek.regions.enums import Role
from cyberweek.regions.models import Post, Unit
from cyberweek.regions.queries import Scope, scope_of

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

_PEERS: Final = 400  # enough for a median; the newest


def reports_visible_to(user: User, scope: Scope | None = None) -> QuerySet[Report]:
    """Reports of the person's units and those under them, and of the same region."""
    rows = Report.objects.filter((scope or scope_of(user)).seeing("unit"))
    return rows.select_related("edition", "edition__owner", "unit", "unit__region", "activity", "activity__region")


@dataclass(frozen=True)
class Wanted:
    """What is asked of the list of reports; what is empty is not asked."""

    tab: str = "due"  # due, asked, verify, sent, all
    q: str = ""
    kind: str = ""
    whose: str = ""  # "own": of the person's own units alone


# Of what was called off nothing is asked any more.
STANDS: Final = Q(activity=None) | ~Q(activity__status=Status.CANCELLED)


def _mine(scope: Scope) -> Q:
    return scope.changing("unit") & STANDS


def to_verify(scope: Scope, user: User) -> Q:
    """The filter on reports that wait for this person's verification (`rules.may_verify`, as a filter)."""
    rows = Unit.objects.filter(pk__in=scope.reviewing).values_list("pk", "ancestry")
    from_above = {pk for pk, ancestry in rows if scope.reviewing & set(ancestry[:-1])}
    others = ~Q(unit__in=scope.reviewing) | Q(unit__in=from_above) | Q(unit__parent=None)
    return scope.deciding("unit") & others & STANDS & Q(state=State.TO_VERIFY) & ~Q(sent_by=user)


def _tab(scope: Scope, user: User, tab: str) -> Q:
    return {
        "due": _mine(scope) & Q(state__in=[State.DRAFT, State.REJECTED]),
        "asked": _mine(scope) & Q(state=State.QUESTIONED),
        "verify": to_verify(scope, user),
        "sent": Q(sent__isnull=False),
    }.get(tab, Q())


def listed(rows: QuerySet[Report], wanted: Wanted, scope: Scope, user: User) -> QuerySet[Report]:
    """The rows that are asked for, with `n_figures`; what is due first stands first."""
    rows = rows.filter(_tab(scope, user, wanted.tab))
    if wanted.kind:
        rows = rows.filter(activity__isnull=True) if wanted.kind == "unit" else rows.filter(activity__kind=wanted.kind)
    if wanted.whose == "own":
        rows = rows.filter(unit__in=scope.units)
    if wanted.q:
        coded = Q(activity__code__iexact=wanted.q) | Q(unit__code__iexact=wanted.q)
        rows = rows.filter(coded | says(wanted.q, "activity__title", "unit__name"))
    order = ("-sent", "-id") if wanted.tab in {"sent", "all"} else ("due", "id")
    return rows.order_by(*([F("sent").desc(nulls_last=True), "-id"] if order[0] == "-sent" else order))


def figure_counts(reports: Iterable[Report]) -> dict[int, int]:
    """How many figures each of these reports has: one query."""
    rows = Figure.objects.filter(report__in=list(reports)).order_by().values_list("report").annotate(n=Count("pk"))
    return {report: n for report, n in rows if report is not None}


@dataclass(frozen=True)
class ReportCounts:
    """How many reports stand under each tab."""

    due: int
    late: int
    asked: int
    verify: int
    sent: int


def counts_of(rows: QuerySet[Report], scope: Scope, user: User, *, now: dt.datetime) -> ReportCounts:
    """One query (and one for the scope)."""
    late = _tab(scope, user, "due") & Q(due__lt=now)
    counted = {f"n_{name}": _tab(scope, user, name) for name in ("due", "asked", "verify", "sent")} | {"n_late": late}
    found = rows.order_by().aggregate(**{name: Count("pk", filter=which) for name, which in counted.items()})
    return ReportCounts(**{name.removeprefix("n_"): n for name, n in found.items()})


def waiting_for(user: User, scope: Scope | None = None) -> QuerySet[Report]:
    """What a person has to do: report, answer, verify."""
    scope = scope or scope_of(user)
    mine = _mine(scope) & Q(state__in=[State.DRAFT, State.QUESTIONED, State.REJECTED])
    return Report.objects.filter(mine | to_verify(scope, user))


def report_of_activity(activity: Activity) -> Report | None:
    """Its report, or None before one is opened."""
    return Report.objects.filter(activity=activity).first()


def report_of_unit(edition: Edition, unit: Unit) -> Report | None:
    """The unit's own report for the edition, or None before one is opened."""
    return Report.objects.filter(edition=edition, unit=unit, activity=None).first()


def figures_of(report: Report) -> QuerySet[Figure]:
    """The figures of a report in the order of the dictionary, with their indicators and questions."""
    return Figure.objects.filter(report=report).select_related("indicator").prefetch_related("questions")


def open_questions(report: Report) -> QuerySet[Question]:
    """What is asked about the figures as they now stand, and not answered yet."""
    return Question.objects.filter(
        figure__report=report, answered=None, value=F("figure__value")
    ).select_related("figure", "figure__indicator")  # fmt: skip


def names_to_answer(report: Report) -> list[str]:
    """The codes of the indicators whose figures are asked about."""
    return sorted(set(open_questions(report).values_list("figure__indicator__code", flat=True)))


def peers_of(report: Report, indicators: Iterable[Indicator]) -> dict[int, list[float]]:
    """For each indicator the figures that count already, of activities of like kind and size: the same kind, class of
    capacity and level of the unit. Of a unit's report: of units of the same level. One query for all."""
    rows = Figure.objects.filter(
        edition=report.edition_id,
        indicator__in=list(indicators),
        state__in=COUNTING,
        report__unit__level=report.unit.level,
    ).exclude(report=report)
    if report.activity:
        rows = rows.filter(report__activity__kind=report.activity.kind)
        least, most = capacity_class(report.activity.capacity)
        if least is None:
            rows = rows.filter(report__activity__capacity=None)
        else:
            rows = rows.filter(report__activity__capacity__gte=least, report__activity__capacity__lte=most)
    else:
        rows = rows.filter(report__activity=None)
    found: dict[int, list[float]] = defaultdict(list)
    for indicator, value in rows.order_by("-id").values_list("indicator", "value")[: _PEERS * 12]:
        if len(found[indicator]) < _PEERS:
            found[indicator].append(float(value))
    return found


def ledger_of(report: Report) -> QuerySet[AuditEvent]:
    """What was done with a report, latest first."""
    return (
        AuditEvent.objects.filter(noun="indicators.report", key=str(report.pk)).select_related("actor").order_by("-id")
    )


def units_that_report(edition: Edition) -> QuerySet[Unit]:
    """Units that owe a report of their own: those that lead an activity of the edition, and those above them."""
    above = Activity.objects.filter(edition=edition).order_by().values("lead").annotate(
        above=Func(F("lead__ancestry"), function="unnest")
    )  # fmt: skip
    return Unit.objects.filter(pk__in=above.values("above"))


def people_to_remind(reports: Iterable[Report]) -> dict[int, list[User]]:
    """For the unit of each report those who enter things there, and its accountable person: two queries."""
    units = {report.unit_id for report in reports}
    people: dict[int, dict[int, User]] = defaultdict(dict)
    roles = [Role.EDITOR, Role.COORDINATOR]
    for post in Post.objects.filter(unit__in=units, roles__overlap=roles, person__is_active=True).select_related(
        "person"
    ):
        people[post.unit_id][post.person_id] = post.person
    for unit in Unit.objects.filter(pk__in=units, accountable__is_active=True).select_related("accountable"):
        if unit.accountable:
            people[unit.pk][unit.accountable.pk] = unit.accountable
    return {unit: list(found.values()) for unit, found in people.items()}
