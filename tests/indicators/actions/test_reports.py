"""A report from the end of an activity until its figures count."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from cyberweek.editions.actions import rehearse_edition
from cyberweek.indicators import actions
from cyberweek.indicators.enums import State
from cyberweek.indicators.models import Figure, Population, Question, Report
from cyberweek.kernel.actions import Outdated
from cyberweek.kernel.models import AuditEvent
from tests.factories.indicators import NOW, entered, load, open_report, send
from tests.factories.programme import make_activity

pytestmark = pytest.mark.django_db


@pytest.fixture
def dictionary(cast):
    return load(cast.edition)


@pytest.fixture
def activity(cast):
    return make_activity(edition=cast.edition, lead=cast.county_unit, capacity=200)


def peers(cast, dictionary, values=(120, 150, 180, 200, 210, 240, 260, 300)):
    for value in values:
        near = make_activity(edition=cast.edition, lead=cast.county_unit, capacity=180)
        send(near, {"attendance": value}, dictionary)


def test_a_plain_report_counts_at_once(activity, dictionary, cast):
    report = send(activity, {"attendance": 180, "people-reached": (150, "heads")}, dictionary, by=cast.county_organiser)
    assert report.state == State.COUNTED
    grades = dict(Figure.objects.filter(report=report).values_list("indicator__code", "grade"))
    assert grades == {"attendance": "document", "people-reached": "estimate"}
    assert AuditEvent.objects.filter(verb="report.send", key=str(report.pk), unit=cast.county_unit.pk).exists()


def test_an_outlier_is_asked_about_and_counts_once_it_is_explained(activity, dictionary, cast):
    peers(cast, dictionary)
    report = send(activity, {"attendance": 9000, "materials": 50}, dictionary)
    assert report.state == State.QUESTIONED
    states = dict(Figure.objects.filter(report=report).values_list("indicator__code", "state"))
    assert states == {"attendance": "questioned", "materials": "counted"}
    assert Question.objects.get(figure__report=report).numbers == {"peers": 8, "typical": 205.0}
    again = send(activity, {"attendance": 9000, "materials": 50}, dictionary, answers={"attendance": "在广场上举行"})
    assert again.state == State.COUNTED
    question = Question.objects.get(figure__report=report)
    assert (question.answer, question.corrected) == ("在广场上举行", False)


def test_a_correction_is_looked_at_again(activity, dictionary, cast):
    peers(cast, dictionary)
    send(activity, {"attendance": 9000}, dictionary)
    report = send(activity, {"attendance": 8000}, dictionary)
    assert report.state == State.QUESTIONED
    report = send(activity, {"attendance": 190}, dictionary)
    assert report.state == State.COUNTED
    assert list(Question.objects.values_list("value", "corrected")) == [(9000, True), (8000, True)]


def test_what_is_absurd_is_verified_from_above_whatever_is_said(activity, dictionary):
    send(activity, {"attendance": 20_000}, dictionary)
    report = send(activity, {"attendance": 20_000}, dictionary, answers={"attendance": "it was so"})
    assert report.state == State.TO_VERIFY


def test_more_people_than_live_there_is_asked_about(cast, activity, dictionary):
    Population.objects.create(region=cast.city, people=9_000, year=2020, source="test")
    report = send(activity, {"people-reached": 9_500}, dictionary)
    assert Question.objects.get(figure__report=report).numbers == {"population": 9000}


def test_the_same_number_in_both_is_asked_about(activity, dictionary):
    report = send(activity, {"attendance": 180, "people-reached": 180}, dictionary)
    question = Question.objects.get(figure__report=report)
    assert (question.doubt, question.figure.indicator.code) == ("mixed-up", "people-reached")


@pytest.mark.parametrize("status", ["cancelled", "draft", "submitted", "returned", "approved"])
def test_an_activity_that_never_happened_is_not_reported(cast, dictionary, status):
    activity = make_activity(edition=cast.edition, lead=cast.county_unit, status=status)
    with pytest.raises(actions.NeverHappened):
        open_report(activity)


def test_an_activity_that_has_not_begun_or_is_called_off_meanwhile_is_not_reported(activity, dictionary):
    with pytest.raises(actions.NeverHappened, match="not begun"):
        open_report(activity, now=activity.starts - dt.timedelta(hours=1))
    report = open_report(activity)
    type(activity).objects.filter(pk=activity.pk).update(status="cancelled")
    with pytest.raises(actions.NeverHappened, match="cancelled"):
        actions.send_report(report=report, entered=[], worked="", revision=None, by=None, now=NOW)


def test_a_large_figure_waits_and_the_level_above_decides(cast, dictionary):
    activity = make_activity(edition=cast.edition, lead=cast.county_unit, capacity=60_000)
    report = send(activity, {"attendance": 55_000, "materials": 10}, dictionary, by=cast.county_organiser)
    assert report.state == State.TO_VERIFY
    report = actions.reject_report(report=report, reason="count again", by=cast.city_organiser, now=NOW)
    assert (report.state, report.reason) == (State.REJECTED, "count again")
    report = send(activity, {"attendance": 52_000, "materials": 10}, dictionary)
    report = actions.verify_report(report=report, by=cast.city_organiser, now=NOW)
    assert report.state == State.VERIFIED
    with pytest.raises(actions.NotOpen):
        actions.verify_report(report=report, by=cast.city_organiser, now=NOW)


def test_who_saves_what_another_has_saved_is_told_and_nothing_is_written_over(cast, activity, dictionary):
    report = open_report(activity)
    given = {"report": report, "worked": "", "by": cast.county_organiser, "now": NOW}
    actions.save_report(entered=[entered(dictionary["attendance"], 10)], revision=0, **given)
    with pytest.raises(Outdated):
        actions.save_report(entered=[entered(dictionary["attendance"], 20)], revision=0, **given)
    assert Figure.objects.get(report=report).value == 10


def test_a_draft_counts_nowhere_and_what_is_emptied_is_gone(cast, activity, dictionary):
    report = open_report(activity)
    given = {"report": report, "worked": "", "by": cast.county_organiser, "now": NOW}
    actions.save_report(entered=[entered(dictionary["attendance"], 10)], revision=0, **given)
    assert Figure.objects.get().state == State.DRAFT
    actions.save_report(entered=[], revision=1, **given)
    assert not Figure.objects.exists()


def test_a_report_that_counts_is_changed_only_after_it_is_taken_back(cast, activity, dictionary):
    report = send(activity, {"attendance": 100}, dictionary)
    with pytest.raises(actions.NotOpen):
        send(activity, {"attendance": 110}, dictionary)
    report = actions.take_back_report(report=report, by=cast.county_organiser, now=NOW)
    assert report.state == State.DRAFT
    assert send(activity, {"attendance": 110}, dictionary).state == State.COUNTED


def test_reports_open_by_themselves_when_activities_end(cast, dictionary, activity):
    make_activity(edition=cast.edition, lead=cast.city_unit, status="cancelled")
    make_activity(edition=cast.edition, lead=cast.city_unit, starts=NOW + dt.timedelta(hours=1))
    assert actions.open_reports_due(now=NOW) == 1
    assert actions.open_reports_due(now=NOW) == 0
    assert Report.objects.get().due == activity.ends + dt.timedelta(days=3)


def test_without_a_dictionary_nothing_is_asked_for(cast, activity):
    assert actions.open_reports_due(now=NOW) == 0


def test_an_archived_edition_takes_no_more(cast, activity, dictionary):
    report = open_report(activity)
    type(cast.edition).objects.update(stage="archived")
    report.refresh_from_db()
    with pytest.raises(actions.NotOpen):
        actions.send_report(report=report, entered=[], worked="", revision=None, by=None, now=NOW)


def test_dates_move_with_the_edition(cast, activity, dictionary):
    report = open_report(activity)
    before = report.due
    rehearse_edition(edition=cast.edition, day=3, by=None, now=dt.datetime(2026, 11, 22, tzinfo=dt.UTC))
    report.refresh_from_db()
    activity.refresh_from_db()
    assert report.due != before
    assert report.due == activity.ends + dt.timedelta(days=3)


def test_the_lead_of_an_activity_is_who_reports_it(cast, activity, dictionary):
    report = open_report(activity)
    activity.lead = cast.city_unit
    activity.save()
    report.refresh_from_db()
    assert report.unit == cast.city_unit


def test_nothing_below_nought_is_kept_whoever_writes_it(activity, dictionary):
    from django.db import IntegrityError, transaction

    report = open_report(activity)
    with pytest.raises(IntegrityError, match="reported_figure_not_negative"), transaction.atomic():
        Figure.objects.create(
            edition=report.edition,
            report=report,
            indicator=dictionary["attendance"],
            value=Decimal(-1),
            way="heads",
            grade="log",
        )


def test_a_report_that_was_sent_keeps_the_files_that_were_sent_with_it(activity, dictionary, cast):
    given = {"fits": [], "code": "", "by": cast.county_organiser, "now": NOW}
    actions.add_evidence(report=open_report(activity), **given)
    report = send(activity, {"attendance": 180}, dictionary)
    with pytest.raises(actions.NotOpen):
        actions.add_evidence(report=report, **given)
