from __future__ import annotations

import datetime as dt

import icalendar

from cyberweek.programme.formats.ical import calendar
from tests.factories.programme import make_activity


def feed(*activities, language="en"):
    pieces = calendar(
        activities,
        name="Week",
        language=language,
        host="week.example",
        address=lambda one: f"https://week.example/{one.code}",
    )
    return icalendar.Calendar.from_ical(b"".join(pieces))


def test_an_event_says_when_in_utc_where_and_under_a_name_that_stays(cast):
    activity = make_activity(
        edition=cast.edition, lead=cast.city_unit, code="A007", title={"en": "Law, by example; day"}
    )
    (event,) = feed(activity).walk("VEVENT")
    assert event["UID"] == "A007.2019-national@week.example"
    assert event["DTSTART"].to_ical() == b"20190919T070000Z"
    assert event["DTEND"].dt == dt.datetime(2019, 9, 19, 9, tzinfo=dt.UTC)
    assert event["LAST-MODIFIED"].dt == activity.changed.replace(microsecond=0)
    assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt
    assert (event["SUMMARY"], event["SUMMARY"].params["LANGUAGE"]) == ("Law, by example; day", "en")
    assert event["LOCATION"] == "Great Hall"
    assert event["STATUS"] == "CONFIRMED"
    assert event["URL"] == "https://week.example/A007"


def test_what_is_cancelled_is_struck_out_and_not_left_out(cast):
    activity = make_activity(edition=cast.edition, lead=cast.city_unit, status="cancelled")
    (event,) = feed(activity).walk("VEVENT")
    assert event["STATUS"] == "CANCELLED"


def test_a_calendar_without_events_is_one_too():
    assert feed().walk("VEVENT") == []
