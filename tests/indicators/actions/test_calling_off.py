"""What is called off leaves the totals of every level at once."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cyberweek.indicators import actions, queries
from cyberweek.indicators.core.sketches import edition_key, hashed, sketch_of
from cyberweek.indicators.models import Figure, Report, Roll, Total
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.programme.actions import cancel_activity
from tests.factories.indicators import NOW, entered, load, open_report, send
from tests.factories.programme import make_activity

pytestmark = pytest.mark.django_db


@pytest.fixture
def dictionary(cast):
    return load(cast.edition)


def call_off(activity, by=None):
    cancel_activity(activity=activity, reason=LocalizedText({"en": "Storm."}), by=by, now=NOW)


def at_each_level(cast, code):
    found = [queries.total_of(cast.edition, code, one) for one in (cast.county, cast.city, cast.province, cast.nation)]
    return [one and one.value for one in found]


@pytest.mark.parametrize("made_before", [False, True])
def test_figures_of_an_activity_that_is_called_off_leave_county_city_province_and_nation_at_once(
    cast, dictionary, made_before
):
    off = make_activity(edition=cast.edition, lead=cast.county_unit)
    send(off, {"attendance": 100, "peak": 60}, dictionary)
    send(make_activity(edition=cast.edition, lead=cast.city_unit), {"attendance": 40, "peak": 50}, dictionary)
    if made_before:
        actions.roll_up(edition=cast.edition, now=NOW)
    assert at_each_level(cast, "attendance") == [100, 140, 140, 140]
    call_off(off)
    assert at_each_level(cast, "attendance") == [None, 40, 40, 40]
    assert at_each_level(cast, "peak") == [None, 50, 50, 50]
    assert not Roll.objects.filter(stale_since__isnull=False).exists()
    moved = set(Total.objects.values_list("indicator__code", "region", "value", "figures", "documents"))
    actions.roll_up(edition=cast.edition, now=NOW)
    assert set(Total.objects.values_list("indicator__code", "region", "value", "figures", "documents")) == moved


def test_a_report_taken_back_leaves_every_level_at_once_and_comes_back_when_sent(cast, dictionary):
    report = send(make_activity(edition=cast.edition, lead=cast.county_unit), {"attendance": 100}, dictionary)
    report = actions.take_back_report(report=report, by=cast.county_organiser, now=NOW)
    assert at_each_level(cast, "attendance") == [None] * 4
    rows = [entered(dictionary["attendance"], 90)]
    actions.send_report(report=report, entered=rows, worked="", revision=None, by=None, now=NOW)
    assert at_each_level(cast, "attendance") == [90] * 4


def test_a_report_taken_back_after_its_activity_was_called_off_takes_nothing_off_twice(cast, dictionary):
    off = make_activity(edition=cast.edition, lead=cast.county_unit)
    report = send(off, {"attendance": 100}, dictionary)
    send(make_activity(edition=cast.edition, lead=cast.county_unit), {"attendance": 7}, dictionary)
    call_off(off)
    actions.take_back_report(report=report, by=cast.county_organiser, now=NOW)
    assert at_each_level(cast, "attendance") == [7] * 4


def test_different_people_are_merged_anew_without_them(cast, dictionary):
    key = edition_key("s", "e")
    dictionary["reach"].filler = "activity"
    dictionary["reach"].save()
    activities = [make_activity(edition=cast.edition, lead=unit) for unit in (cast.county_unit, cast.city_unit)]
    for n, activity in enumerate(activities):
        sketch = sketch_of(hashed(str(one), key) for one in range(n * 50, n * 50 + 100))
        report = open_report(activity)
        actions.add_sketch(
            report=report, indicator=dictionary["reach"], sketch=sketch, basis="gate", by=cast.national, now=NOW
        )
        actions.send_report(report=report, entered=[], worked="", revision=None, by=None, now=NOW)
    assert at_each_level(cast, "reach")[3] == pytest.approx(150, rel=0.03)
    call_off(activities[0])
    assert at_each_level(cast, "reach") == [None, *[pytest.approx(100, rel=0.03)] * 3]


def test_what_the_programme_counts_of_itself_follows_at_once(cast, dictionary):
    forums = [make_activity(edition=cast.edition, lead=cast.county_unit, kind="forum") for _n in range(2)]
    actions.read_machines(edition=cast.edition, now=NOW)
    actions.roll_up_stale(now=NOW)
    assert at_each_level(cast, "forums-held") == [2] * 4
    call_off(forums[0])
    assert at_each_level(cast, "forums-held") == at_each_level(cast, "activities-held") == [1] * 4
    call_off(forums[1])
    assert at_each_level(cast, "forums-held") == [None] * 4
    assert not Figure.objects.filter(indicator__code="forums-held").exists()
    assert actions.read_machines(edition=cast.edition, now=NOW) == 0


def test_what_was_called_off_before_it_was_published_touches_nothing(cast, dictionary, django_assert_max_num_queries):
    draft = make_activity(edition=cast.edition, lead=cast.county_unit, status="draft")
    with django_assert_max_num_queries(8):
        call_off(draft)


def test_what_waits_to_be_verified_is_verified_no_more(cast, dictionary):
    off = make_activity(edition=cast.edition, lead=cast.county_unit)
    report = send(off, {"attendance": 60_000}, dictionary, answers={"attendance": "a whole town"})
    Figure.objects.filter(report=report).update(state="to-verify")
    Report.objects.filter(pk=report.pk).update(state="to-verify")
    call_off(off)
    with pytest.raises(actions.NeverHappened, match="cancelled"):
        actions.verify_report(report=report, by=cast.provincial, now=NOW)
    assert at_each_level(cast, "attendance") == [None] * 4


def test_nobody_is_asked_for_a_report_on_what_was_called_off(cast, dictionary, mailoutbox):
    off = make_activity(edition=cast.edition, lead=cast.county_unit)
    open_report(off)
    assert queries.waiting_for(cast.county_organiser).count() == 1
    call_off(off)
    assert queries.waiting_for(cast.county_organiser).count() == 0
    assert actions.remind_of_reports(now=NOW) == 0


def test_a_report_holds_its_activity_before_itself_so_that_calling_off_and_sending_wait_for_each_other(
    cast, dictionary
):
    report = open_report(make_activity(edition=cast.edition, lead=cast.county_unit))
    rows = [entered(dictionary["attendance"], 100)]
    with CaptureQueriesContext(connection) as ran:
        actions.send_report(report=report, entered=rows, worked="", revision=None, by=None, now=NOW)
    held = [query["sql"] for query in ran if " FOR " in query["sql"] and "UPDATE" in query["sql"]]
    assert "programme_activity" in held[0].partition("FROM")[2][:30]
    assert held[0].endswith("FOR NO KEY UPDATE")
    assert "indicators_report" in held[1]
