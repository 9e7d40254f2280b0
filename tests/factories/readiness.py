"""Editions with tasks for the forecast to look at."""

from __future__ import annotations

import datetime as dt

import numpy as np

from cyberweek.editions.models import Edition
from cyberweek.planning.models import Dependency, Task, TaskEvent
from cyberweek.readiness.core.history import Nation, made_nation, made_year
from cyberweek.regions.models import Region, Unit

from .editions import make_edition
from .planning import make_arrangement, make_plan
from .regions import make_unit

NOW = dt.datetime(2031, 9, 5, 18, 0, tzinfo=dt.UTC)  # 6 September in Shanghai, ten days before the opening
OPENING = dt.date(2031, 9, 16)


def make_past(*, unit_owner: Unit, units: list[Unit], years: int = 2, first: int = 2026) -> list[Edition]:
    """Editions that are over, with the made-up history of `readiness.core.history` in the tables of planning."""
    nation = made_nation(len(units), seed=3)
    return [_past_year(unit_owner, units, nation, year, first) for year in range(years)]


def _past_year(owner: Unit, units: list[Unit], nation: Nation, number: int, first: int) -> Edition:
    starts = dt.date(first + number, 9, 14)
    edition = make_edition(slug=f"past-{number}", owner=owner, starts=starts)
    year = made_year(nation, number)
    opens = dt.datetime.combine(starts, dt.time(), tzinfo=edition.tz)
    tasks = Task.objects.bulk_create(
        Task(
            edition=edition, unit=units[int(unit)], title={"en": f"Task {at}"},
            begins=starts + dt.timedelta(days=int(year.begins[at])), due=starts + dt.timedelta(days=int(year.due[at])),
            state="done", progress=100, done_at=opens + dt.timedelta(days=float(year.ends[at])),
        )
        for at, unit in enumerate(year.unit)
    )  # fmt: skip
    events = [
        TaskEvent(
            task=tasks[at], kind="progress", at=opens + dt.timedelta(days=day), progress=round(100 * float(share[at])),
            after={"state": "doing"},
        )
        for day in range(-60, 0, 4)
        for share in [year.share_on(day)]
        for at in np.flatnonzero((share > 0) & (year.ends > day)).tolist()
    ]  # fmt: skip
    TaskEvent.objects.bulk_create(events)
    Dependency.objects.bulk_create(Dependency(task=tasks[a], after=tasks[b]) for a, b in year.edges.tolist())
    return edition


def make_preparing(owner: Unit) -> Edition:
    """An edition ten days before its opening at NOW."""
    return make_edition(slug="coming", owner=owner, starts=OPENING, stage="preparing")


def make_units(region: Region, parent: Unit, n: int) -> list[Unit]:
    return [make_unit(region=region, parent=parent) for _ in range(n)]


def make_tasks_of_plan(edition: Edition, units: list[Unit], **fields) -> list[Task]:
    """One task an arrangement and unit: three arrangements, all of it nearly done unless `fields` say otherwise."""
    plan = edition.plans.first() or make_plan(edition=edition, unit=edition.owner, state="issued")
    arrangements = list(plan.arrangements.all()) or [make_arrangement(plan=plan, due=due) for due in (-8, -4, -2)]
    fields = {"state": "doing", "progress": 90, **fields}
    return Task.objects.bulk_create(
        Task(
            edition=edition, unit=unit, arrangement=one, title=one.title,
            begins=edition.starts + dt.timedelta(days=-30), due=edition.starts + dt.timedelta(days=one.due), **fields,
        )
        for unit in units
        for one in arrangements
    )  # fmt: skip
