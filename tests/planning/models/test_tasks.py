from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from cyberweek.planning.models import Dependency, Task
from tests.factories.planning import make_arrangement, make_plan, make_task


def refused(**change):
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.update(**change)


def test_the_database_refuses_a_task_whose_state_is_not_true(cast):
    make_task(edition=cast.edition, unit=cast.city_unit)
    refused(state="done")
    refused(state="blocked")
    refused(blocker="the weather")
    refused(progress=101)
    refused(due="2000-01-01")


def test_an_arrangement_makes_one_task_for_a_unit_and_parts_of_it_are_no_second_one(cast):
    arrangement = make_arrangement(plan=make_plan(edition=cast.edition, unit=cast.national_unit))
    task = make_task(edition=cast.edition, unit=cast.provincial_unit, arrangement=arrangement)
    make_task(edition=cast.edition, unit=cast.provincial_unit, arrangement=arrangement, parent=task)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_task(edition=cast.edition, unit=cast.provincial_unit, arrangement=arrangement)


def test_a_task_never_waits_for_itself(cast):
    task = make_task(edition=cast.edition, unit=cast.city_unit)
    with pytest.raises(IntegrityError), transaction.atomic():
        Dependency.objects.create(task=task, after=task)
