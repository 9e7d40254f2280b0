"""The demo's reports are made up, marked so, and not made twice."""

from __future__ import annotations

import pytest

from cyberweek.indicators import actions, jobs, queries
from cyberweek.indicators.models import Figure, Report
from tests.factories.editions import make_edition
from tests.factories.indicators import NOW, load, send
from tests.factories.programme import make_activity

pytestmark = pytest.mark.django_db


def test_sample_reports_are_marked_and_one_is_asked_about_and_one_waits(cast):
    for _n in range(10):
        make_activity(edition=cast.edition, lead=cast.county_unit, capacity=200)
    assert actions.open_sample_reports(edition=cast.edition, now=NOW) == 9
    assert set(Figure.objects.filter(report__isnull=False).values_list("provenance", flat=True)) == {"illustrative"}
    states = set(Report.objects.values_list("state", flat=True))
    assert {"draft", "questioned", "counted"} <= states
    assert queries.total_of(cast.edition, "attendance", cast.nation).figures >= 5
    assert actions.open_sample_reports(edition=cast.edition, now=NOW) == 0
    jobs.roll_up(int(NOW.timestamp()))


def test_years_are_compared_where_the_same_is_counted_alike(cast):
    import datetime as dt

    from cyberweek.indicators.models import Indicator

    now = load(cast.edition)
    earlier = make_edition(owner=cast.national_unit, slug="2018-national", starts=dt.date(2018, 9, 17))
    then = load(earlier)
    Indicator.objects.filter(edition=earlier, code="materials").update(count="people")
    for edition, dictionary, n in ((cast.edition, now, 20), (earlier, then, 10)):
        later = NOW if edition == cast.edition else NOW.replace(year=2018)
        activity = make_activity(edition=edition, lead=cast.county_unit)
        send(activity, {"attendance": n, "materials": n}, dictionary, now=later)
    history = queries.history_of(now["attendance"], cast.nation)
    assert [(one.edition.year, one.value) for one in history] == [(2018, 10), (2019, 20)]
    assert len(queries.history_of(now["materials"], cast.nation)) == 1
    total = queries.total_of(cast.edition, "attendance", cast.nation)
    assert [row.value for row in queries.rows_behind(total)] == [20]
    assert {one.indicator.code for one in queries.totals_of(cast.edition, cast.nation)} == {"attendance", "materials"}
