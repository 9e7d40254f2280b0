"""Totals: made from all figures in a few statements, and moved along by what one report adds.

Both ways end at the same totals, in whatever order reports come (a property in the tests). They keep out of each
other's way with an advisory lock: while all totals of an edition are made, a report that begins to count marks them
stale instead of touching them, and they are made once more.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from cyberweek.editions.models import Edition
from cyberweek.indicators.core.sketches import estimate, merged
from cyberweek.indicators.enums import COUNTING, Adding, Grade
from cyberweek.indicators.models import Figure, Report, Roll, Total
from cyberweek.programme.enums import Status
from cyberweek.regions.models import Region

_LOCK: Final = 0x1D1C  # the first half of the advisory lock; the edition is the second

_COUNTING = """
    SELECT f.id, f.indicator_id, f.value, f.grade, f.sketch, coalesce(f.region_id, a.region_id, u.region_id) AS region
    FROM indicators_figure f
    LEFT JOIN indicators_report r ON r.id = f.report_id
    LEFT JOIN programme_activity a ON a.id = r.activity_id
    LEFT JOIN regions_unit u ON u.id = r.unit_id
    WHERE f.edition_id = %(edition)s AND f.state IN ('counted', 'verified')
      AND (r.activity_id IS NULL OR a.status = 'published')
"""

# Regions above the edition's own get no totals: `place` is how deep a region stands in the row's ancestry.
_SUMS = f"""
WITH own AS (
    SELECT c.indicator_id, c.region, sum(c.value) AS total, max(c.value) AS most, count(*) AS n,
           count(*) FILTER (WHERE grade = 'log') AS logs, count(*) FILTER (WHERE grade = 'document') AS documents,
           count(*) FILTER (WHERE grade = 'estimate') AS estimates
    FROM ({_COUNTING}) c GROUP BY 1, 2
), made AS (
    SELECT i.id, above.code, i.count, i.adding,
           CASE i.adding WHEN 'max' THEN max(own.most) ELSE sum(own.total) END AS value,
           sum(own.n) AS n, sum(own.logs) AS logs, sum(own.documents) AS documents, sum(own.estimates) AS estimates
    FROM own JOIN indicators_indicator i ON i.id = own.indicator_id JOIN regions_region r ON r.code = own.region
    CROSS JOIN LATERAL unnest(r.ancestry) WITH ORDINALITY AS above(code, place)
    WHERE i.adding IN ('sum', 'max') AND above.place >= array_position(r.ancestry, %(scope)s) {{only}}
    GROUP BY i.id, above.code
)
INSERT INTO indicators_total (edition_id, indicator_id, region_id, count, adding, value, low, high, figures, logs,
                              documents, estimates, as_of)
SELECT %(edition)s, id, code, count, adding, value, value, value, n, logs, documents, estimates, %(now)s FROM made
"""  # noqa: S608 -- put together from our own constants

_SKETCHES = f"""
SELECT c.indicator_id, r.ancestry[array_position(r.ancestry, %(scope)s):], c.sketch, c.grade
FROM ({_COUNTING}) c JOIN indicators_indicator i ON i.id = c.indicator_id JOIN regions_region r ON r.code = c.region
WHERE i.adding = 'union' AND c.sketch IS NOT NULL AND array_position(r.ancestry, %(scope)s) IS NOT NULL {{only}}
"""  # noqa: S608 -- put together from our own constants


def mark_stale(*, edition: Edition, now: dt.datetime) -> None:
    """Have the totals of an edition made again by the job."""
    Roll.objects.update_or_create(edition=edition, defaults={"stale_since": now})


def roll_up_stale(*, now: dt.datetime) -> int:
    """Make the totals of every edition where something has moved, or where the making was cut off; gives how many."""
    wanted = Roll.objects.filter(
        Q(stale_since__isnull=False) | Q(started__isnull=False) & (Q(made=None) | ~Q(made=F("started")))
    )
    editions = Edition.objects.filter(pk__in=wanted.values("edition")).select_related("scope")
    for edition in editions:
        roll_up(edition=edition, now=now)
    return len(editions)


def roll_up(*, edition: Edition, now: dt.datetime) -> float:
    """Make all totals of an edition from its figures; gives the seconds that it took.

    The mark is taken off first, in a transaction of its own: what moves while the totals are made marks them anew.
    """
    began = time.monotonic()
    Roll.objects.update_or_create(edition=edition, defaults={"stale_since": None, "started": now})
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, edition.pk])
        Total.objects.filter(edition=edition).delete()
        _make(edition, now=now)
        seconds = time.monotonic() - began
        Roll.objects.filter(edition=edition).update(made=F("started"), seconds=seconds)
    return seconds


def _make(edition: Edition, *, now: dt.datetime, only: tuple[Collection[int], Collection[str]] | None = None) -> None:
    """Make totals that are not there; `only`: of these indicators in these regions."""
    values: dict[str, Any] = {"edition": edition.pk, "scope": edition.scope_id, "now": now}
    among = ""
    if only is not None:
        values |= {"indicators": list(only[0]), "regions": list(only[1])}
        among = "AND i.id = ANY(%(indicators)s) AND r.ancestry && %(regions)s::varchar[]"
    with connection.cursor() as cursor:
        narrowed = f"{among} AND above.code = ANY(%(regions)s)" if only is not None else ""
        cursor.execute(_SUMS.format(only=narrowed), values)
        cursor.execute(_SKETCHES.format(only=among), values)
        rows = cursor.fetchall()
    Total.objects.bulk_create(_unions(edition, rows, None if only is None else set(only[1]), now=now), batch_size=500)


def _unions(
    edition: Edition, rows: Iterable[tuple[int, list[str], bytes, str]], only: set[str] | None, *, now: dt.datetime
) -> list[Total]:
    """The totals of indicators that count each person once: sketches merged region by region."""
    held: dict[tuple[int, str], list[tuple[bytes, str]]] = {}
    for indicator, regions, sketch, grade in rows:
        for region in regions:
            if only is None or region in only:
                held.setdefault((indicator, region), []).append((bytes(sketch), grade))
    made = []
    for (indicator, region), found in held.items():
        union = merged(sketch for sketch, _grade in found)
        people = estimate(union)
        grades = [grade for _sketch, grade in found]
        made.append(
            Total(
                edition=edition, indicator_id=indicator, region_id=region, count="people", adding=Adding.UNION,
                value=people.value, low=people.low, high=people.high, figures=len(found),
                logs=grades.count(Grade.LOG), documents=grades.count(Grade.DOCUMENT),
                estimates=grades.count(Grade.ESTIMATE), sketch=union, as_of=now,
            )
        )  # fmt: skip
    return made


@dataclass(frozen=True)
class Part:
    """What one figure gives to the totals above it."""

    adding: str
    count: str
    value: Decimal
    grade: str


def parts_of(report: Report) -> dict[int, Part]:
    """What the figures of a report give to totals, by indicator: taken before and after a change. Nothing where its
    activity is called off (wants the activity as it is now, held by the caller)."""
    if report.activity and report.activity.status != Status.PUBLISHED:
        return {}
    return given(Figure.objects.filter(report=report))


def given(figures: QuerySet[Figure]) -> dict[int, Part]:
    """What those of the figures that count give to totals, by indicator."""
    rows = figures.filter(state__in=COUNTING).select_related("indicator").defer("sketch")
    return {
        row.indicator_id: Part(row.indicator.adding, row.indicator.count, row.value, row.grade)
        for row in rows
        if row.indicator.adding != Adding.NONE
    }


def follow(
    edition: Edition, region: Region, before: Mapping[int, Part], after: Mapping[int, Part], *, now: dt.datetime
) -> None:
    """Move the totals of a region and those above along with its figures, in the caller's transaction.

    Sums by the difference; a greatest or a union is made anew for those regions, for nothing can be taken off it.
    """
    changed = {one for one in before.keys() | after.keys() if before.get(one) != after.get(one)}
    unions = {one for one, part in after.items() if part.adding == Adding.UNION}  # the sketch may differ all the same
    if not changed | unions:
        return
    ancestry = region.ancestry
    if edition.scope_id not in ancestry:
        return
    if not _hold(edition):
        mark_stale(edition=edition, now=now)
        return
    regions = ancestry[ancestry.index(edition.scope_id) :]
    sums = {one for one in changed if (before.get(one) or after[one]).adding == Adding.SUM}
    for one in sorted(sums):
        _move(edition, one, regions, before.get(one), after.get(one), now=now)
    if again := (changed - sums) | unions:
        # Deleting takes the rows' locks, so that two reports that come at once are counted one after the other.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK + 1, edition.pk])
        Total.objects.filter(indicator__in=again, region__in=regions).delete()
        _make(edition, now=now, only=(again, regions))


def _hold(edition: Edition) -> bool:
    """True where the totals hold and nobody makes them anew, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock_shared(%s, %s)", [_LOCK, edition.pk])
        if not cursor.fetchone()[0]:
            return False
    roll = Roll.objects.filter(edition=edition).first()
    return roll is None or (roll.stale_since is None and roll.made == roll.started)


_ADD: Final = """
INSERT INTO indicators_total AS t (edition_id, indicator_id, region_id, count, adding, value, low, high, figures, logs,
                                   documents, estimates, as_of)
SELECT %(edition)s, %(indicator)s, code, %(count)s, 'sum', %(value)s, %(value)s, %(value)s, 1, %(log)s, %(document)s,
       %(estimate)s, %(now)s FROM unnest(%(regions)s::varchar[]) AS code
ON CONFLICT (indicator_id, region_id) DO UPDATE SET value = t.value + excluded.value, low = t.low + excluded.low,
    high = t.high + excluded.high, figures = t.figures + 1, logs = t.logs + excluded.logs,
    documents = t.documents + excluded.documents, estimates = t.estimates + excluded.estimates, as_of = excluded.as_of
"""
# Locked from the top down, as adding does: two reports that come at once wait for each other and do not lock up.
_LOCK_ROWS: Final = """
SELECT id FROM indicators_total WHERE indicator_id = %(indicator)s AND region_id = ANY(%(regions)s)
ORDER BY array_position(%(regions)s::varchar[], region_id) FOR UPDATE
"""
_CHANGE: Final = """
UPDATE indicators_total SET value = value + %(value)s, low = low + %(value)s, high = high + %(value)s,
    figures = figures + %(n)s, logs = logs + %(log)s, documents = documents + %(document)s,
    estimates = estimates + %(estimate)s, as_of = %(now)s
WHERE indicator_id = %(indicator)s AND region_id = ANY(%(regions)s)
"""
_DROP_EMPTY: Final = (
    "DELETE FROM indicators_total WHERE indicator_id = %(indicator)s AND region_id = ANY(%(regions)s) AND figures = 0"
)


def _move(
    edition: Edition, indicator: int, regions: list[str], before: Part | None, after: Part | None, *, now: dt.datetime
) -> None:
    part = after or before
    assert part is not None

    def graded(grade: str) -> int:
        return int(after is not None and after.grade == grade) - int(before is not None and before.grade == grade)

    values: dict[str, Any] = {
        "edition": edition.pk, "indicator": indicator, "count": part.count, "regions": regions, "now": now,
        "value": (after.value if after else Decimal(0)) - (before.value if before else Decimal(0)),
        "n": int(after is not None) - int(before is not None),
        **{grade: graded(grade) for grade in Grade.values},
    }  # fmt: skip
    with connection.cursor() as cursor:
        if before is None:
            cursor.execute(_ADD, values)
            return
        cursor.execute(_LOCK_ROWS, values)
        if len(cursor.fetchall()) < len(regions):
            # Counted somewhere else since: nothing can be taken off here, and the job makes all totals anew.
            mark_stale(edition=edition, now=now)
            return
        cursor.execute(_CHANGE, values)
        if after is None:
            cursor.execute(_DROP_EMPTY, values)
