"""Reminded until it is done; one mail a person."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from cyberweek.indicators import actions, jobs
from cyberweek.indicators.models import Report
from tests.factories.indicators import NOW, load, send
from tests.factories.programme import make_activity

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def owed(cast):
    dictionary = load(cast.edition)
    for person in (cast.county_organiser, cast.stranger):
        person.email = f"{person.username}@week.example"
        person.save()
    activities = [make_activity(edition=cast.edition, lead=cast.county_unit) for _n in range(20)]
    jobs.open_reports_due(int(NOW.timestamp()))
    return activities, dictionary


def mails() -> list[dict]:
    return [job.args for job in ProcrastinateJob.objects.filter(task_name="cyberweek.kernel.jobs.deliver_mail")]


def test_who_owes_many_gets_one_mail_in_both_languages(owed):
    assert actions.remind_of_reports(now=NOW) == 1
    (mail,) = mails()
    assert mail["to"] == "county@week.example"
    assert "20 reports are waited for" in mail["subject"]
    assert "20 份报告" in mail["subject"]
    assert "… and 5 more" in mail["text"]
    assert "/desk/2019-national/reports/" in mail["text"]


def test_they_are_reminded_before_the_date_and_every_third_day_after(owed):
    due = Report.objects.first().due
    sent = [actions.remind_of_reports(now=NOW + n * DAY / 4) for n in range(4 * 14)]
    days = [round((NOW + n * DAY / 4 - due) / DAY, 1) for n, count in enumerate(sent) if count]
    assert days[0] < days[1] < 1
    assert all(later - earlier >= 2.9 for earlier, later in pairwise(days[2:]))
    assert len(days) >= 4


def test_who_has_reported_is_left_in_peace(owed):
    activities, dictionary = owed
    for activity in activities:
        send(activity, {"attendance": 10}, dictionary)
    assert actions.remind_of_reports(now=NOW + 9 * DAY) == 0


def test_an_archived_edition_reminds_nobody(cast, owed):
    type(cast.edition).objects.update(stage="archived")
    jobs.remind_of_reports(int(NOW.timestamp()))
    assert mails() == []
