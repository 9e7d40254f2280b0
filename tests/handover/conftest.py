from __future__ import annotations

import datetime as dt

import pytest

from cyberweek.editions.models import ThemeDay
from cyberweek.indicators.models import Indicator
from tests.factories.planning import make_arrangement, make_plan, make_task


@pytest.fixture
def last(cast):
    """An edition with a plan of two arrangements, one named unit, a theme day and a task done late."""
    edition = cast.edition
    ThemeDay.objects.filter(edition=edition).exclude(number=2).delete()
    ThemeDay.objects.filter(edition=edition).update(lead=cast.provincial_unit)
    plan = make_plan(edition=edition, unit=cast.national_unit, state="issued")
    first = make_arrangement(plan=plan, code="P01", title={"en": "Plan issued"})
    make_arrangement(plan=plan, code="P02", levels=[], after=[first]).units.set([cast.provincial_unit])
    due = edition.starts - dt.timedelta(days=10)
    done = dt.datetime.combine(due + dt.timedelta(days=3), dt.time(4), dt.UTC)
    make_task(edition=edition, unit=cast.provincial_unit, arrangement=first, due=due, state="done", done_at=done)
    Indicator.objects.create(
        edition=edition,
        code="attendance",
        name={"en": "Attendance"},
        definition={"en": "Heads."},
        count="person-times",
        adding="sum",
        filler="activity",
    )
    return edition
