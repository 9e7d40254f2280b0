from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from cyberweek.editions.actions import end_rehearsal, rehearse_edition
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.kernel.models import AuditEvent
from cyberweek.programme.actions import (
    EditionClosed,
    Entry,
    ReasonMissing,
    StepsRefused,
    approve_activities,
    cancel_activity,
    edit_activity,
    publish_activities,
    register_activities,
    register_activity,
    return_activity,
    submit_activity,
)  # fmt: skip
from cyberweek.programme.models import Activity, Step
from tests.factories.programme import make_activity

NOW = dt.datetime(2019, 9, 19, 6, tzinfo=dt.UTC)


def entry(cast, **fields):
    defaults = {
        "title": LocalizedText(en="Open day"), "kind": "lecture", "lead": cast.city_unit, "region": cast.city,
        "starts": NOW, "ends": NOW + dt.timedelta(hours=1), "zone": "Asia/Shanghai",
    }  # fmt: skip
    return Entry(Activity(**{**defaults, **fields}), [(cast.county_unit, "co")])


def test_an_activity_goes_from_draft_to_the_public_and_every_step_is_kept(cast):
    activity = register_activity(edition=cast.edition, entry=entry(cast), by=cast.city_organiser, now=NOW)
    submit_activity(activity=activity, by=cast.city_organiser, now=NOW)
    return_activity(activity=activity, reason=LocalizedText(en="Who speaks?"), by=cast.provincial, now=NOW)
    submit_activity(activity=activity, by=cast.city_organiser, now=NOW)
    approve_activities(activities=[activity], by=cast.provincial, now=NOW)
    publish_activities(activities=[activity], by=cast.provincial, now=NOW)
    cancel_activity(activity=activity, reason=LocalizedText(en="Rain"), by=cast.city_organiser, now=NOW)
    steps = [(step.status, step.by.username, str(step.reason)) for step in activity.steps.order_by("id")]
    assert steps == [
        ("draft", "city", ""),
        ("submitted", "city", ""),
        ("returned", "provincial", "Who speaks?"),
        ("submitted", "city", ""),
        ("approved", "provincial", ""),
        ("published", "provincial", ""),
        ("cancelled", "city", "Rain"),
    ]
    verbs = [event.verb for event in AuditEvent.objects.filter(key=activity.code).order_by("id")]
    assert verbs == [
        "activity.register", "activity.submit", "activity.return", "activity.submit", "activity.approve",
        "activity.publish", "activity.cancel",
    ]  # fmt: skip
    last = AuditEvent.objects.filter(key=activity.code).first()
    assert (last.before, last.after, last.reason) == ({"status": "published"}, {"status": "cancelled"}, "Rain")
    assert last.unit == cast.city_unit.pk


def test_numbers_go_on_from_the_highest(cast):
    make_activity(edition=cast.edition, lead=cast.city_unit, code="A041")
    made = [register_activity(edition=cast.edition, entry=entry(cast), by=None, now=NOW).code for _ in range(2)]
    assert made == ["A042", "A043"]


def test_many_are_approved_all_or_none_and_those_that_cannot_are_named(cast):
    ready = make_activity(edition=cast.edition, lead=cast.city_unit, status="submitted")
    draft = make_activity(edition=cast.edition, lead=cast.city_unit, status="draft")
    with pytest.raises(StepsRefused) as refused:
        approve_activities(activities=[ready, draft], by=cast.national, now=NOW)
    assert list(refused.value.why) == [draft.code]
    ready.refresh_from_db()
    assert ready.status == "submitted"
    assert not AuditEvent.objects.filter(verb="activity.approve").exists()


def test_sending_back_and_cancelling_want_a_reason(cast):
    activity = make_activity(edition=cast.edition, lead=cast.city_unit, status="submitted")
    for act in (return_activity, cancel_activity):
        with pytest.raises(ReasonMissing):
            act(activity=activity, reason=LocalizedText(), by=cast.national, now=NOW)
    assert Step.objects.filter(activity=activity).count() == 2


def test_a_closed_edition_takes_no_activities(cast):
    type(cast.edition).objects.filter(pk=cast.edition.pk).update(stage="closed")
    with pytest.raises(EditionClosed):
        register_activity(edition=cast.edition, entry=entry(cast), by=cast.city_organiser, now=NOW)
    assert not Activity.objects.exists()


def test_many_are_entered_all_or_none(cast):
    bad = entry(cast, ends=NOW - dt.timedelta(hours=1))
    with pytest.raises(IntegrityError, match="activity_ends_after_start"), transaction.atomic():
        register_activities(edition=cast.edition, entries=[entry(cast), bad], by=None, now=NOW, source="x.csv")
    assert not Activity.objects.exists()
    made = register_activities(
        edition=cast.edition, entries=[entry(cast), entry(cast)], by=None, now=NOW, source="x.csv"
    )
    assert [one.code for one in made] == ["A001", "A002"]
    assert AuditEvent.objects.get(verb="activity.import").after == {"source": "x.csv", "activities": ["A001", "A002"]}


def test_an_edit_keeps_what_was_before_and_after(cast):
    activity = register_activity(edition=cast.edition, entry=entry(cast), by=None, now=NOW)
    changed = Activity.objects.get(pk=activity.pk).changed
    edit_activity(
        activity=activity, fields={"capacity": 80, "title": LocalizedText(en="Open night")},
        partners=[(cast.provincial_unit, "undertaker")], by=cast.city_organiser,
    )  # fmt: skip
    activity = Activity.objects.get(pk=activity.pk)
    assert (activity.capacity, str(activity.title), activity.status) == (80, "Open night", "draft")
    assert activity.changed > changed
    event = AuditEvent.objects.get(verb="activity.edit")
    assert event.before == {"capacity": None, "title": {"en": "Open day"}, "partners": ["co: cac-changan"]}
    assert event.after == {"capacity": 80, "title": {"en": "Open night"}, "partners": ["undertaker: cac-hebei"]}


def test_activities_move_with_their_edition_and_back(cast, django_assert_num_queries):
    activity = make_activity(edition=cast.edition, lead=cast.city_unit)
    before = activity.starts
    rehearse_edition(edition=cast.edition, day=4, by=None, now=dt.datetime(2026, 11, 22, 4, tzinfo=dt.UTC))
    activity.refresh_from_db()
    assert (activity.starts - before).days == (dt.date(2026, 11, 22) - dt.date(2019, 9, 19)).days
    assert activity.ends - activity.starts == dt.timedelta(hours=2)
    end_rehearsal(edition=type(cast.edition).objects.get(), by=None)
    activity.refresh_from_db()
    assert activity.starts == before
