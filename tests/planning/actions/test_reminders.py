from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob

from cyberweek.accounts.models import User
from cyberweek.planning.actions.notices import choose_mail
from cyberweek.planning.actions.reminders import mail_digests, remind
from cyberweek.planning.core.deadlines import GIVEN_UP, escalation_on, reminder_on
from cyberweek.planning.models import Notice, Task
from tests.factories.planning import make_task

DAY = dt.date(2019, 9, 2)
NOW = dt.datetime(2019, 9, 2, 0, tzinfo=dt.UTC)  # eight in the morning in Beijing


def due_in(cast, days, **fields):
    due = DAY + dt.timedelta(days=days)
    fields.setdefault("unit", cast.county_unit)
    return make_task(edition=cast.edition, begins=due - dt.timedelta(days=90), due=due, **fields)


@pytest.mark.parametrize(
    ("days", "kind"), [(4, None), (3, "soon"), (2, "soon"), (1, "soon"), (0, "due"), (-1, "overdue"), (-3, "overdue")]
)
def test_the_coordinator_of_the_unit_is_reminded(cast, days, kind):
    due_in(cast, days)
    remind(edition=cast.edition, now=NOW)
    told = list(Notice.objects.filter(person=cast.county_organiser).values_list("kind", flat=True))
    assert told == ([kind] if kind else [])


def test_who_is_accountable_is_reminded_instead(cast):
    due_in(cast, 0, accountable=cast.provincial)
    remind(edition=cast.edition, now=NOW)
    assert [notice.person for notice in Notice.objects.all()] == [cast.provincial]


def test_the_same_morning_twice_sends_once_and_an_idle_day_is_caught_up(cast):
    task = due_in(cast, 2)  # its reminder was due yesterday
    assert remind(edition=cast.edition, now=NOW)["reminded"] == 1
    assert remind(edition=cast.edition, now=NOW) == {"reminded": 0, "escalated": 0}
    assert Notice.objects.get(task=task).day == DAY - dt.timedelta(days=1)


def test_what_is_done_dropped_or_long_past_is_left_in_peace(cast):
    due_in(cast, 0, state="done")
    due_in(cast, -1, state="dropped")
    due_in(cast, -GIVEN_UP - 1)
    assert remind(edition=cast.edition, now=NOW) == {"reminded": 0, "escalated": 0}


@pytest.mark.parametrize(
    ("late", "who"), [(3, "city_organiser"), (9, "city_organiser"), (10, "provincial"), (17, "national")]
)
def test_what_is_late_goes_one_level_up_and_a_week_later_one_more(cast, late, who):
    task = due_in(cast, -late)
    remind(edition=cast.edition, now=NOW)
    assert [notice.person for notice in Notice.objects.filter(kind="escalated")] == [getattr(cast, who)]
    event = task.events.get(kind="escalated")
    assert event.after == {"unit": getattr(cast, who).posts.get().unit_id}


def test_at_the_top_it_stays(cast):
    due_in(cast, -40)
    assert remind(edition=cast.edition, now=NOW)["escalated"] == 0


def test_a_level_without_a_coordinator_is_passed_over(cast):
    cast.city_organiser.posts.all().delete()
    due_in(cast, -3)
    remind(edition=cast.edition, now=NOW)
    assert Notice.objects.get(kind="escalated").person == cast.provincial


@pytest.mark.django_db
@pytest.mark.parametrize("days", range(-GIVEN_UP - 2, 6))
def test_the_statement_says_what_the_rule_says(cast, days):
    task = due_in(cast, days)
    remind(edition=cast.edition, now=NOW)
    found = list(Notice.objects.filter(kind__in=["soon", "due", "overdue"]).values_list("kind", "day"))
    expected = reminder_on(task.due, DAY)
    assert found == ([expected] if expected else [])
    up = escalation_on(task.due, DAY)
    days_up = list(Notice.objects.filter(kind="escalated").values_list("day", flat=True))
    assert days_up == ([up[1]] if up and up[0] <= 3 else [])


@given(st.integers(-90, 90))
def test_a_reminder_belongs_to_this_day_or_one_before(days):
    found = reminder_on(DAY + dt.timedelta(days=days), DAY)
    assert found is None or DAY - dt.timedelta(days=6) <= found[1] <= DAY


def mails():
    return ProcrastinateJob.objects.filter(task_name__endswith="deliver_mail")


def test_one_mail_a_person_a_day_with_everything_in_it(cast):
    User.objects.filter(pk=cast.county_organiser.pk).update(email="county@example.org")
    due_in(cast, 0)
    due_in(cast, -1)
    remind(edition=cast.edition, now=NOW)
    assert mail_digests(now=NOW, day=DAY) == 1
    assert mail_digests(now=NOW, day=DAY) == 0
    due_in(cast, 1)
    remind(edition=cast.edition, now=NOW)
    assert mail_digests(now=NOW, day=DAY) == 0
    job = mails().get()
    assert job.args["to"] == "county@example.org"
    assert "2 tasks want you" in job.args["subject"]
    assert mail_digests(now=NOW + dt.timedelta(days=1), day=DAY + dt.timedelta(days=1)) == 1


def test_who_turned_mails_off_is_told_at_the_desk_alone(cast):
    User.objects.filter(pk=cast.county_organiser.pk).update(email="county@example.org")
    choose_mail(user=cast.county_organiser, wants=False)
    due_in(cast, 0)
    remind(edition=cast.edition, now=NOW)
    mail_digests(now=NOW, day=DAY)
    assert Notice.objects.count() == 1
    assert not mails().exists()


def test_it_takes_as_many_queries_for_many_as_for_one(cast, django_assert_num_queries):
    due_in(cast, 0)
    with django_assert_num_queries(4):
        remind(edition=cast.edition, now=NOW)
    for _ in range(30):
        due_in(cast, -3)
    with django_assert_num_queries(4):
        remind(edition=cast.edition, now=NOW)
    assert Task.objects.count() == 31
