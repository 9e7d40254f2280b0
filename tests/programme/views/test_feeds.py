from __future__ import annotations

import datetime as dt

import icalendar
import pytest
from django.utils import timezone

from cyberweek.programme.formats import ical
from tests.factories.programme import make_activity


@pytest.fixture
def activities(cast):
    return {
        unit.code: make_activity(edition=cast.edition, lead=unit, code=code)
        for code, unit in [("N1", cast.national_unit), ("C1", cast.city_unit), ("K1", cast.county_unit), ("F1", cast.stranger_unit)]
    }  # fmt: skip


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("calendar.ics", {"N1", "C1", "K1", "F1"}),
        ("calendar/region/130000.ics", {"C1", "K1"}),
        ("calendar/day/4.ics", {"N1", "C1", "K1", "F1"}),
        ("calendar/day/1.ics", set()),
        ("calendar/unit/cac-shijiazhuang.ics", {"C1", "K1"}),
        ("programme/K1.ics", {"K1"}),
    ],
)
def test_feeds(cast, client, activities, address, found):
    response = client.get(f"/2019-national/{address}")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    feed = icalendar.Calendar.from_ical(response.getvalue())
    assert {event["UID"].split(".")[0] for event in feed.walk("VEVENT")} == found


@pytest.mark.parametrize(
    "address",
    ["calendar/region/999999.ics", "calendar/day/9.ics", "calendar/unit/nobody.ics", "programme/X.ics"],
)
def test_a_feed_of_nothing_that_there_is(cast, client, activities, address):
    assert client.get(f"/2019-national/{address}").status_code == 404


def test_a_feed_speaks_the_language_that_its_address_names(cast, client, activities):
    feed = lambda **kw: client.get("/2019-national/programme/K1.ics", **kw).getvalue().decode()  # noqa: E731 -- short for this test
    assert "Lecture number" in feed()
    assert "SUMMARY;LANGUAGE=zh-Hans:第" in feed(headers={"accept-language": "zh-CN"})
    assert "SUMMARY;LANGUAGE=zh-Hans:第" in feed(query_params={"lang": "zh-hans"})


def test_a_reader_that_has_the_feed_gets_no_second_copy(cast, client, activities):
    first = client.get("/2019-national/calendar.ics")
    again = client.get("/2019-national/calendar.ics", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_many_events_take_as_many_queries_as_one(cast, client, activities, django_assert_num_queries):
    for _ in range(20):
        make_activity(edition=cast.edition, lead=cast.city_unit)
    with django_assert_num_queries(4):
        client.get("/2019-national/calendar.ics").getvalue()


def test_a_calendar_that_cannot_take_all_takes_what_comes_next_and_says_so(cast, client, activities, monkeypatch):
    monkeypatch.setattr(ical, "FED", 1)
    now = timezone.now()
    make_activity(edition=cast.edition, lead=cast.city_unit, code="NEXT", starts=now + dt.timedelta(days=400))
    text = client.get("/2019-national/calendar.ics").getvalue()
    (event,) = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert event["UID"].split(".")[0] == "NEXT"
    assert b"1 of 5 activities" in text.replace(b"\r\n ", b"")
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))
