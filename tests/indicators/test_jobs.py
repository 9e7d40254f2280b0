from __future__ import annotations

import pytest

from cyberweek.indicators import jobs, queries
from cyberweek.programme.models import Activity
from cyberweek.regions.models import Unit
from tests.factories.indicators import NOW, load, send
from tests.factories.programme import make_activity

pytestmark = pytest.mark.django_db


def test_what_was_cancelled_or_moved_after_it_was_reported_is_right_by_the_next_morning(cast):
    dictionary = load(cast.edition)
    cancelled = make_activity(edition=cast.edition, lead=cast.county_unit)
    elsewhere = make_activity(edition=cast.edition, lead=cast.county_unit)
    send(cancelled, {"attendance": 100}, dictionary)
    send(elsewhere, {"attendance": 7}, dictionary)
    Activity.objects.filter(pk=cancelled.pk).update(status="cancelled")
    Activity.objects.filter(pk=elsewhere.pk).update(region=cast.elsewhere)
    Unit.objects.filter(pk=cast.county_unit.pk).update(parent=cast.provincial_unit)
    jobs.roll_up_anew(int(NOW.timestamp()))
    jobs.roll_up(int(NOW.timestamp()))
    found = [queries.total_of(cast.edition, "attendance", one) for one in (cast.county, cast.elsewhere, cast.nation)]
    assert [one and one.value for one in found] == [None, 7, 7]
