from __future__ import annotations

import datetime as dt

from django.utils import timezone

from cyberweek.editions.models import Edition
from cyberweek.planning.models import Arrangement, Dependency, Plan, Task
from cyberweek.regions.models import Unit

from . import numbers

_numbers = numbers()


def make_plan(*, edition: Edition, unit: Unit, state: str = "draft", **fields) -> Plan:
    fields.setdefault("title", {"zh-Hans": "统一方案", "en": "Unified plan"})
    if state == "issued":
        fields.setdefault("issued_at", timezone.now())
        fields.setdefault("revision", 1)
    return Plan.objects.create(edition=edition, unit=unit, state=state, **fields)


def make_arrangement(*, plan: Plan, after: list[Arrangement] | None = None, **fields) -> Arrangement:
    """Falls to provinces, begins 30 days and is due 10 days before the opening."""
    number = next(_numbers)
    fields.setdefault("code", f"A{number}")
    fields.setdefault("title", {"zh-Hans": f"第{number}项安排", "en": f"Arrangement {number}"})
    fields.setdefault("begins", -30)
    fields.setdefault("due", -10)
    fields.setdefault("levels", ["province"])
    arrangement = Arrangement.objects.create(plan=plan, **fields)
    arrangement.after.set(after or [])
    return arrangement


def make_task(*, edition: Edition, unit: Unit, after: list[Task] | None = None, **fields) -> Task:
    """Begins 30 days and is due 10 days before the opening; what its state demands is filled in."""
    number = next(_numbers)
    fields.setdefault("title", {"zh-Hans": f"第{number}项任务", "en": f"Task {number}"})
    fields.setdefault("begins", edition.starts - dt.timedelta(days=30))
    fields.setdefault("due", edition.starts - dt.timedelta(days=10))
    if fields.get("state") == "done":
        fields.setdefault("progress", 100)
        fields.setdefault("done_at", timezone.now())
    if fields.get("state") == "blocked":
        fields.setdefault("blocker", "waits for the venue")
    task = Task.objects.create(edition=edition, unit=unit, **fields)
    Dependency.objects.bulk_create(Dependency(task=task, after=one) for one in after or [])
    task.refresh_from_db()
    return task
