"""Every figure that a summary may name, with what it counts, how good its evidence is, and where its rows are."""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, F, Func, Max, Q, QuerySet, Sum, TextField, Value
from django.db.models.functions import Cast, Concat
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from cyberweek.editions.models import Edition
from cyberweek.honours.queries import cases_published
from cyberweek.indicators.core.sketches import estimate, merged
from cyberweek.indicators.enums import Adding, Grade
from cyberweek.indicators.models import Figure, Indicator, Report, Total
from cyberweek.indicators.queries import dictionary_of, population_of, totals_of
from cyberweek.indicators.queries.totals import counting
from cyberweek.kernel.core.localized import LANGUAGES, LocalizedText
from cyberweek.kernel.core.tokens import derive_key
from cyberweek.planning.enums import TaskState
from cyberweek.planning.models import Task
from cyberweek.programme.enums import Status
from cyberweek.programme.models import Activity
from cyberweek.readiness.models import Drill, Incident
from cyberweek.regions.models import Unit

from .places import held_by, is_place, owned_by

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

PER: Final = 10_000
_KEPT: Final = 30  # seconds
OF_PEOPLE: Final = frozenset({"people", "person-times"})


@dataclass(frozen=True)
class Known:
    """One figure. `value` None: nothing counts yet. `count`: its unit of count; `rows`: how many figures it is made of,
    of these by grade `logs`, `documents`, `estimates` (0, 0, 0 where the system counted its own records). `query` says
    how to count it again."""

    key: str
    label: LocalizedText
    value: Decimal | None
    count: str
    as_of: dt.datetime
    low: Decimal | None = None
    high: Decimal | None = None
    adding: str = ""
    rows: int = 0
    logs: int = 0
    documents: int = 0
    estimates: int = 0
    query: dict[str, Any] = field(default_factory=dict)

    @property
    def of_people(self) -> bool:
        """A small one would tell of persons."""
        return self.count in OF_PEOPLE

    @property
    def error(self) -> Decimal:
        """The ± of an estimate from sketches; 0 where it is exact."""
        if self.value is None or self.low is None or self.high is None:
            return Decimal(0)
        return max(self.high - self.value, self.value - self.low)


def in_languages(text: str | _StrPromise) -> LocalizedText:
    """A text of ours in every language of the house."""
    said = {}
    for tag in LANGUAGES:
        code = next(code for code, _name in settings.LANGUAGES if code.lower() == tag.lower())
        with translation.override(code):
            said[tag] = str(text)
    return LocalizedText(said)


def figures_of(edition: Edition, unit: Unit, *, now: dt.datetime, fresh: bool = False) -> dict[str, Known]:
    """All figures of a unit by key ("figure:attendance", "rate:attendance"): those of the dictionary in its order, then
    what the system counts of its own records: these may be half a minute old unless `fresh`, and say of when they are. A fixed
    number of queries (wants the unit's region and parent fetched)."""
    known = _of_dictionary(edition, unit, now=now)
    kept = f"summaries-records-{edition.pk}-{unit.pk}"
    records = None if fresh else cache.get(kept)
    if records is None:
        records = _of_records(edition, unit, now=now)
        cache.set(kept, records, _KEPT)
    for one in records:
        known.setdefault(one.key, one)
    if is_place(unit):
        known |= _rates(known, edition, unit)
    return known


def _of_dictionary(edition: Edition, unit: Unit, *, now: dt.datetime) -> dict[str, Known]:
    indicators = list(dictionary_of(edition))
    if is_place(unit):
        found = {total.indicator_id: total for total in totals_of(edition, unit.region)}
        return {f"figure:{one.code}": _from_total(one, found.get(one.pk), edition, unit, now) for one in indicators}
    return {one.key: one for one in _of_unit(edition, unit, indicators, now=now)}


def _from_total(one: Indicator, total: Total | None, edition: Edition, unit: Unit, now: dt.datetime) -> Known:
    query = {"what": "total", "edition": edition.slug, "indicator": one.code, "region": unit.region_id}
    if total is None:
        return Known(f"figure:{one.code}", one.name, None, one.count, now, adding=one.adding, query=query)
    return Known(
        f"figure:{one.code}", one.name, total.value, total.count, total.as_of, total.low, total.high, total.adding,
        total.figures, total.logs, total.documents, total.estimates, query,
    )  # fmt: skip


def rows_of(edition: Edition, unit: Unit) -> QuerySet[Figure]:
    """The figures that count and of which the unit's summary speaks."""
    if not is_place(unit):
        return counting(edition).filter(owned_by(unit, "report__unit"))
    if unit.region_id == edition.scope_id:
        return counting(edition)
    code = [unit.region_id]
    return counting(edition).filter(
        Q(region__ancestry__contains=code)
        | Q(report__activity__region__ancestry__contains=code)
        | Q(report__activity=None, report__unit__region__ancestry__contains=code)
    )


def _of_unit(edition: Edition, unit: Unit, indicators: Iterable[Indicator], *, now: dt.datetime) -> list[Known]:
    """The figures of a unit that is no place: put together from the reports of the unit and those under it."""
    rows = rows_of(edition, unit)
    grouped = rows.order_by().values("indicator").annotate(
        total=Sum("value"), most=Max("value"), n=Count("pk"),
        logs=Count("pk", filter=Q(grade=Grade.LOG)), documents=Count("pk", filter=Q(grade=Grade.DOCUMENT)),
        estimates=Count("pk", filter=Q(grade=Grade.ESTIMATE)),
    )  # fmt: skip
    found = {row["indicator"]: row for row in grouped}
    sketches: dict[int, list[bytes]] = {}
    for indicator, sketch in rows.filter(indicator__adding=Adding.UNION, sketch__isnull=False).values_list(
        "indicator", "sketch"
    ):
        sketches.setdefault(indicator, []).append(bytes(sketch or b""))
    made = []
    for one in indicators:
        row = found.get(one.pk)
        low = high = value = None
        if row and one.adding == Adding.SUM:
            value = low = high = row["total"]
        elif row and one.adding == Adding.MAX:
            value = low = high = row["most"]
        elif row and one.pk in sketches:
            people = estimate(merged(sketches[one.pk]))
            value, low, high = Decimal(people.value), Decimal(people.low), Decimal(people.high)
        counted: dict[str, Any] = dict(row) if row and value is not None else {}
        query = {"what": "reports", "edition": edition.slug, "indicator": one.code, "unit": unit.code}
        made.append(
            Known(
                f"figure:{one.code}",
                one.name,
                value,
                one.count,
                now,
                low,
                high,
                one.adding,
                counted.get("n", 0),
                counted.get("logs", 0),
                counted.get("documents", 0),
                counted.get("estimates", 0),
                query,
            )
        )
    return made


def _rates(known: dict[str, Known], edition: Edition, unit: Unit) -> dict[str, Known]:
    """Per 10,000 people who live there, of everything that adds up; none where the population is not known."""
    people = population_of(unit.region, edition.year)
    if people is None:
        return {}
    made = {}
    for one in known.values():
        if one.adding != Adding.SUM or one.value is None:
            continue
        rate = one.value * PER / people.people
        query = {**one.query, "what": "rate", "people": people.people, "year": people.year}
        made[one.key.replace("figure:", "rate:", 1)] = Known(
            one.key.replace("figure:", "rate:", 1), one.label, rate, one.count, one.as_of, None, None, "",
            one.rows, one.logs, one.documents, one.estimates, query,
        )  # fmt: skip
    return made


# -- What the system counts of its own records -------------------------------------------------------------------------


def activities_of(edition: Edition, unit: Unit) -> QuerySet[Activity]:
    """The published activities of which the unit's summary speaks."""
    return Activity.objects.filter(held_by(unit, edition), edition=edition, status=Status.PUBLISHED)


def _of_records(edition: Edition, unit: Unit, *, now: dt.datetime) -> list[Known]:
    held = activities_of(edition, unit).aggregate(
        n=Count("pk"), units=Count("lead", distinct=True), days=Count("theme_day", distinct=True),
        regions=Count("region", distinct=True),
    )  # fmt: skip
    tasks = Task.objects.filter(owned_by(unit), edition=edition).exclude(state=TaskState.DROPPED)
    work = tasks.aggregate(n=Count("pk"), done=Count("pk", filter=Q(state=TaskState.DONE)))
    place = (
        owned_by(unit) if not is_place(unit) else owned_by(unit) | Q(unit__region__ancestry__contains=[unit.region_id])
    )
    reports = Report.objects.filter(place, edition=edition).aggregate(
        n=Count("pk"), sent=Count("pk", filter=Q(sent__isnull=False))
    )
    cases = cases_published().filter(call__edition=edition).filter(owned_by(unit)).count()
    drills = Drill.objects.filter(owned_by(unit, "plan__unit"), plan__edition=edition).count()
    incidents = Incident.objects.filter(owned_by(unit), edition=edition).count()
    rows: list[tuple[str, str | _StrPromise, int, str]] = [
        ("activities-published", _("Activities in the programme"), held["n"], "activities"),
        ("units-active", _("Units that led an activity"), held["units"], "organisations"),
        ("regions-active", _("Regions with an activity"), held["regions"], "regions"),
        ("days-covered", _("Theme days with an activity"), held["days"], "days"),
        ("tasks-all", _("Tasks of the plan"), work["n"], "tasks"),
        ("tasks-done", _("Tasks done"), work["done"], "tasks"),
        ("reports-due", _("Reports asked for"), reports["n"], "reports"),
        ("reports-in", _("Reports sent"), reports["sent"], "reports"),
        ("cases-published", _("Cases in the casebook"), cases, "cases"),
        ("drills", _("Drills held"), drills, "drills"),
        ("incidents", _("Incidents logged"), incidents, "incidents"),
    ]
    return [
        Known(
            f"figure:{code}", in_languages(label), Decimal(n), count, now, Decimal(n), Decimal(n), "count",
            query={"what": code, "edition": edition.slug, "unit": unit.code},
        )
        for code, label, n, count in rows
    ]  # fmt: skip


# -- Digests of the rows behind ----------------------------------------------------------------------------------------


class _Digest(Func):
    """SHA-256 in hexadecimal of rows as text, one a line, in the order of their numbers."""

    template = (
        "encode(sha256(convert_to(string_agg(%(expressions)s, E'\\n' ORDER BY indicators_figure.id), 'UTF8')), 'hex')"
    )
    output_field = TextField()
    contains_aggregate = True


def digests_of(edition: Edition, unit: Unit) -> dict[str, str]:
    """For each indicator the digest of the rows that count: number, figure, state and grade of each. Rows are few and
    small enough to be guessed, so the digest is keyed (HMAC-SHA256): who runs the system can check it, and nobody can
    try out what the rows may be."""
    key = derive_key(settings.SECRET_KEY, "digests of rows")
    line = Concat(
        Cast("pk", TextField()), Value(" "), Cast("value", TextField()), Value(" "), F("state"), Value(" "), F("grade"),
        output_field=TextField(),
    )  # fmt: skip
    rows = rows_of(edition, unit).order_by().values("indicator__code").annotate(digest=_Digest(line))
    found = rows.values_list("indicator__code", "digest")
    return {code: hmac.new(key, digest.encode(), "sha256").hexdigest() for code, digest in found}
