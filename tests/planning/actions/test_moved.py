"""A unit that comes under another parent in mid-week: its tasks go with it, whole."""

from __future__ import annotations

import pytest
from django.utils import timezone

from cyberweek.planning import rules
from cyberweek.planning.actions import breakdown, tasks
from cyberweek.planning.queries.tasks import tasks_visible_to
from cyberweek.regions.actions import move_unit
from cyberweek.regions.queries import scope_of
from tests.factories.planning import make_task
from tests.factories.regions import make_post, make_unit, make_user


@pytest.fixture
def bureau(cast):
    """Another office of the province, with a coordinator of its own."""
    unit = make_unit("edu-hebei", region=cast.province, parent=cast.national_unit, sector="education")
    person = make_user("bureau")
    make_post(person, unit, "coordinator")
    return unit, person


def test_its_tasks_keep_their_state_and_go_to_the_new_line(cast, bureau):
    unit, person = bureau
    whole = make_task(edition=cast.edition, unit=cast.provincial_unit)
    fields = {name: getattr(whole, name) for name in breakdown.SAID}
    (part,) = breakdown.break_down(
        task=whole, units=[cast.city_unit], fields=fields, follows=True, revision=whole.revision, by=cast.provincial,
        now=timezone.now(),
    )  # fmt: skip
    assert not tasks_visible_to(person).filter(pk=part.pk).exists()
    move_unit(unit=cast.city_unit, parent=unit, by=cast.national)
    part.refresh_from_db()
    assert tasks_visible_to(person).filter(pk=part.pk).exists()
    assert rules.may_remind(scope_of(person), part)
    assert not rules.may_work_on(scope_of(cast.provincial), part)
    assert rules.may_drop(scope_of(cast.provincial), part)  # who gave it may still take it back
    tasks.report_task(
        task=part, state="doing", progress=40, blocker="", revision=part.revision, by=cast.city_organiser,
        now=timezone.now(),
    )  # fmt: skip
    whole.refresh_from_db()
    assert whole.progress == 40  # what it is a part of still follows it
