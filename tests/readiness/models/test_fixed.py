"""What was approved, frozen or written down stays, whoever writes to the table."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from cyberweek.readiness.actions import briefs, incidents, meetings, minutes
from cyberweek.readiness.actions.duty import add_shift, forget_phones, forgotten_on
from cyberweek.readiness.models import AgendaItem, Brief, Decision, Incident, IncidentLine, Meeting, Shift

pytestmark = pytest.mark.django_db


def refused(write):
    with pytest.raises(IntegrityError, match=re.compile("not changed|only added|are kept|stays")), transaction.atomic():
        write()


@pytest.fixture
def approved(cast) -> Meeting:
    now = timezone.now()
    fields = {"title": {"en": "M"}, "starts": now, "reports_due": now, "region": cast.nation, "branch": None}
    row = meetings.plan_meeting(edition=cast.edition, unit=cast.national_unit, fields=fields, by=None)
    meetings.call_meeting(meeting=row, by=None)
    briefs.freeze_brief(meeting=row, by=None, now=now)
    minutes.add_decision(
        meeting=row, what={"en": "D"}, unit=cast.city_unit, due=now.date(), accountable=None, item=None, by=None
    )
    row.refresh_from_db()
    minutes.write_minutes(meeting=row, said={}, presence={}, chair="A", writer="B", revision=row.revision, by=None)
    row.refresh_from_db()
    return minutes.approve_minutes(meeting=row, revision=row.revision, by=None, now=now)


def test_approved_minutes_and_their_parts_are_not_changed(approved):
    assert len(approved.digest) == 64
    refused(lambda: Meeting.objects.update(chair="C"))
    refused(lambda: Meeting.objects.update(state="held", approved_at=None))
    refused(lambda: AgendaItem.objects.update(minutes="x"))
    refused(lambda: AgendaItem.objects.all().delete())
    refused(lambda: Decision.objects.update(due=dt.date(2050, 1, 1)))
    refused(lambda: Decision.objects.update(task=None))


def test_a_pack_is_not_changed(approved):
    refused(lambda: Brief.objects.update(content={}))
    Brief.objects.update(done=1)


def test_an_incident_stays_as_entered_and_its_log_is_only_added_to(cast):
    now = timezone.now()
    row = incidents.enter_incident(
        edition=cast.edition,
        unit=cast.city_unit,
        kind="crowd",
        severity=1,
        place="Hall",
        what="x",
        at=now,
        by=cast.national,
        now=now,
    )
    refused(lambda: Incident.objects.update(what="y"))
    refused(lambda: IncidentLine.objects.update(text="y"))
    refused(lambda: IncidentLine.objects.all().delete())
    incidents.close_incident(incident=row, outcome="over", by=None, now=now)
    refused(lambda: Incident.objects.update(outcome="else"))


def test_telephones_are_deleted_thirty_days_after_the_week(cast):
    now = timezone.now()
    fields = {
        "role": "officer",
        "person": None,
        "name": "W",
        "phone": "138",
        "starts": now,
        "ends": now + dt.timedelta(hours=1),
    }
    add_shift(edition=cast.edition, unit=cast.city_unit, fields=fields, by=None)
    day = dt.datetime.combine(forgotten_on(cast.edition), dt.time(1), cast.edition.tz)
    assert forget_phones(now=day - dt.timedelta(days=1)) == 0
    assert Shift.objects.get().phone == "138"
    assert forget_phones(now=day) == 1
    assert Shift.objects.get().phone == ""
