from __future__ import annotations

from django.utils import timezone

from cyberweek.editions.actions import rehearse_edition
from cyberweek.planning.actions import open_sample_plan
from cyberweek.planning.models import Dependency, Task


def test_the_sample_plan_is_issued_once_and_its_tasks_are_alive(cast):
    now = timezone.now()
    rehearse_edition(edition=cast.edition, day=4, by=None, now=now)
    cast.edition.refresh_from_db()
    plan = open_sample_plan(edition=cast.edition, by=None, now=now)
    states = dict(Task.objects.values_list("arrangement__code", "state").filter(unit=cast.provincial_unit))
    assert plan.revision == 1
    assert {"done", "todo"} <= set(Task.objects.values_list("state", flat=True))
    assert states["P02"] in {"done", "doing", "blocked"}
    assert Dependency.objects.exists()
    n = Task.objects.count()
    assert open_sample_plan(edition=cast.edition, by=None, now=now) == plan
    assert Task.objects.count() == n
