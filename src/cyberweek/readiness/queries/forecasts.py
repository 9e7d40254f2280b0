"""Reads of forecasts, and of what they are made from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import numpy as np
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from cyberweek.editions.models import Edition
from cyberweek.planning.enums import TaskState
from cyberweek.planning.models import Arrangement, Dependency, Task, TaskEvent
from cyberweek.readiness.core.chance import Floats, Ints
from cyberweek.readiness.core.record import NEVER, Record
from cyberweek.readiness.core.totals import NOT_DONE, Standing
from cyberweek.readiness.models import Calibration, Forecast, ForecastRow
from cyberweek.regions.models import Region, Unit
from cyberweek.regions.queries import Scope, scope_of

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

YEARS: Final = 5
_OVER: Final = (TaskState.DONE, TaskState.DROPPED)
_TASKS_A_YEAR: Final = 20_000  # of whole units; more teach nothing new and take long to read


def last_forecast(edition: Edition) -> Forecast | None:
    """The newest, with what it was made from."""
    return Forecast.objects.filter(edition=edition).select_related("calibration").first()


def last_calibration(edition: Edition) -> Calibration | None:
    return Calibration.objects.filter(edition=edition).first()


def rows_visible_to(user: User, forecast: Forecast, scope: Scope | None = None) -> QuerySet[ForecastRow]:
    """Rows of the units that the person sees, and of their own regions and those under them (these are only sums)."""
    scope = scope or scope_of(user)
    units = Q(unit__isnull=False) & scope.seeing("unit")
    regions = Q(unit=None, region__ancestry__overlap=list(scope.regions))
    rows = ForecastRow.objects.filter(units | regions, forecast=forecast)
    return rows.select_related("unit", "region").defer("tasks", "curve")


def regions_readable(user: User, scope: Scope | None = None) -> QuerySet[Region]:
    """The person's own regions and all under them."""
    return Region.objects.filter(ancestry__overlap=list((scope or scope_of(user)).regions))


def first_region(user: User, scope: Scope | None = None) -> Region | None:
    """Where readiness opens: the highest of the person's own regions."""
    scope = scope or scope_of(user)
    own = regions_readable(user, scope).filter(pk__in=scope.regions)
    return own.order_by("ancestry__len", "code").first()


def kinds_of(visible: QuerySet[ForecastRow], region: Region) -> dict[str, QuerySet[ForecastRow] | None]:
    """The rows of each kind under a region, None where there are none; the first that is there stands open."""
    found = {
        "regions": visible.filter(unit=None, within=region),
        "units": visible.filter(unit__isnull=False, region=region),
    }
    return {kind: rows if rows.exists() else None for kind, rows in found.items()}


def standings_at_first(forecast: Forecast, user: User, scope: Scope) -> dict[str, int]:
    """How many rows of each standing are in the list with which readiness opens for this person."""
    region = first_region(user, scope)
    if region is None:
        return {}
    kinds = kinds_of(rows_visible_to(user, forecast, scope), region)
    rows = kinds["regions"] if kinds["regions"] is not None else kinds["units"]
    return dict(rows.order_by().values_list("standing").annotate(n=Count("pk"))) if rows is not None else {}


def arrangements_shown(ids: Iterable[int], *, most: int) -> list[Arrangement]:
    """Of the arrangements those with a column: what must stand by the opening, soonest due first."""
    found = Arrangement.objects.filter(pk__in=list(ids), due__lt=0)
    return list(found.defer("what", "deliverables").order_by("due", "code")[:most])


def tasks_named(ids: Iterable[int]) -> dict[int, Task]:
    """Tasks with their units, by id. For those that a row in scope has named as its causes."""
    return Task.objects.filter(pk__in=list(ids)).select_related("unit").defer("what", "deliverables").in_bulk()


# -- What a forecast is made from -----------------------------------------------------------------------------------


def stand_of(edition: Edition, day: dt.date) -> Standing:
    """All tasks of the edition that were not dropped: one query."""
    rows = (
        Task.objects.filter(edition=edition)
        .exclude(state=TaskState.DROPPED)
        .order_by("unit_id", "pk")
        .values_list("pk", "unit_id", "arrangement_id", "begins", "due", "progress", "state", "done_at")
    )
    zone, origin = edition.tz, day.toordinal()
    found = np.array(
        [
            (
                pk, unit, arrangement or 0, begins.toordinal() - origin, due.toordinal() - origin, progress,
                state == TaskState.BLOCKED,
                done_at.astimezone(zone).date().toordinal() - origin if done_at else NOT_DONE,
            )
            for pk, unit, arrangement, begins, due, progress, state, done_at in rows.iterator(chunk_size=5000)
        ],
        dtype=np.int64,
    ).reshape(-1, 8)  # fmt: skip
    key, unit, arrangement, begins, due, progress, blocked, done_on = found.T
    return Standing(key, unit, arrangement, begins, due, progress, blocked.astype(bool), done_on)


def edges_of(edition: Edition, among: Ints, *, only_open: bool = True) -> Ints:
    """What waits for what, as places in `among` (ids of tasks in any order); a whole waits for its parts. Two queries."""
    rows = Dependency.objects.filter(task__edition=edition)
    parts = Task.objects.filter(edition=edition, parent__isnull=False).order_by()
    if only_open:
        rows = rows.exclude(task__state__in=_OVER).exclude(after__state__in=_OVER)
        parts = parts.exclude(state__in=_OVER).exclude(parent__state__in=_OVER)
    place = {int(key): at for at, key in enumerate(among)}
    pairs = {
        (place[task], place[after])
        for one in (rows.values_list("task_id", "after_id"), parts.values_list("parent_id", "pk"))
        for task, after in one.iterator(chunk_size=5000)
        if task in place and after in place
    }
    return np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)


def last_words(edition: Edition, now: dt.datetime, keys: Ints) -> Floats:
    """How many days ago each of the open tasks last reported; 0 where none did: one query."""
    rows = TaskEvent.objects.filter(task__edition=edition, progress__isnull=False).exclude(task__state__in=_OVER)
    last = dict(rows.order_by().values_list("task_id").annotate(last=Max("at")))
    ages = [(now - last[key]).total_seconds() / 86400 if key in last else 0.0 for key in keys.tolist()]
    return np.maximum(np.array(ages, dtype=np.float32), 0)


def cells_of_units(ids: Iterable[int]) -> dict[int, str]:
    """Level and sector of each unit: what units are like."""
    rows = Unit.objects.filter(pk__in=list(ids)).values_list("pk", "level", "sector")
    return {pk: f"{level}/{sector}" for pk, level, sector in rows}


def ways_down(ids: Iterable[int]) -> dict[int, list[str]]:
    """For each unit its regions from the top down."""
    return dict(Unit.objects.filter(pk__in=list(ids)).values_list("pk", "region__ancestry"))


def past_editions(edition: Edition) -> list[Edition]:
    """The editions before this one, of the same place, that kept tasks; the last few, oldest first."""
    kept = Exists(Task.objects.filter(edition=OuterRef("pk"), state=TaskState.DONE))
    before = Edition.objects.filter(kept, starts__lt=edition.starts, ends__lt=edition.starts, scope=edition.scope_id)
    return sorted(before.order_by("-starts")[:YEARS], key=lambda one: one.starts)


def record_of(edition: Edition) -> Record:
    """A past edition as the forecast learns from it: whole units, until there are enough tasks. Four queries."""
    units = _sampled_units(edition)
    zone, opening = edition.tz, edition.starts
    rows = list(
        Task.objects.filter(edition=edition, unit__in=units)
        .exclude(state=TaskState.DROPPED)
        .order_by("unit_id", "pk")
        .values_list("pk", "unit_id", "unit__level", "unit__sector", "begins", "due", "done_at")
    )
    keys = np.array([row[0] for row in rows], dtype=np.int64)
    place = {int(key): at for at, key in enumerate(keys)}

    def days(moment: dt.datetime) -> float:
        local = moment.astimezone(zone)
        since = local - dt.datetime.combine(opening, dt.time(), tzinfo=zone)
        return since.total_seconds() / 86400

    told = _told(edition, place)
    return Record(
        year=edition.year,
        key=keys,
        unit=np.array([row[1] for row in rows], dtype=np.int64),
        cell=[f"{row[2]}/{row[3]}" for row in rows],
        begins=np.array([(row[4] - opening).days for row in rows], dtype=np.float32),
        due=np.array([(row[5] - opening).days for row in rows], dtype=np.float32),
        ends=np.array([days(row[6]) if row[6] else NEVER for row in rows], dtype=np.float64),
        edges=edges_of(edition, keys, only_open=False),
        told_of=np.array([place[one[0]] for one in told], dtype=np.int64),
        told_on=np.array([days(one[1]) for one in told], dtype=np.float64),
        told_share=np.array([one[2] / 100 for one in told], dtype=np.float64),
        told_blocked=np.array([one[3] for one in told], dtype=bool),
    )


def _sampled_units(edition: Edition) -> list[int]:
    """Units in an order of their ids that has nothing to do with what they are, until their tasks are enough."""
    ids = sorted(Task.objects.filter(edition=edition).order_by().values_list("unit_id", flat=True).distinct())
    total = Task.objects.filter(edition=edition).count()
    wanted = len(ids) if total <= _TASKS_A_YEAR else max(1, len(ids) * _TASKS_A_YEAR // total)
    return sorted(np.random.default_rng(edition.seed).permutation(ids)[:wanted].tolist())


def _told(edition: Edition, place: dict[int, int]) -> list[tuple[int, dt.datetime, int, bool]]:
    """What the tasks reported, oldest first: task, when, progress, whether it was blocked from then on."""
    rows = TaskEvent.objects.filter(task__edition=edition, progress__isnull=False).order_by("at", "pk")
    blocked = dict.fromkeys(place, False)
    found = []
    chosen = rows.filter(task__in=list(place)) if len(place) <= _TASKS_A_YEAR else rows
    for task, at, progress, after in chosen.values_list("task_id", "at", "progress", "after").iterator(chunk_size=5000):
        if task not in place:
            continue
        if "state" in after:
            blocked[task] = after["state"] == TaskState.BLOCKED
        found.append((task, at, progress or 0, blocked[task]))
    return found


def arrangements_named(keys: Iterable[int]) -> dict[int, Arrangement]:
    """Arrangements by their keys: one query."""
    return Arrangement.objects.in_bulk(list(keys))
