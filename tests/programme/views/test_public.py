from __future__ import annotations

import datetime as dt
import json
import re

import pytest
from django.utils import timezone

from tests.factories.editions import make_edition
from tests.factories.programme import make_activity

LIST = "/2019-national/programme/"


@pytest.fixture
def now(monkeypatch):
    """Thursday of the Week, 15:30 in Beijing."""
    moment = dt.datetime(2019, 9, 19, 7, 30, tzinfo=dt.UTC)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    return moment


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.mark.parametrize("who", ["national", "provincial", "city_organiser", "county_organiser", "stranger", None])
def test_everybody_sees_the_same_programme(cast, client, now, who):
    if who:
        client.force_login(getattr(cast, who))
    make_activity(edition=cast.edition, lead=cast.city_unit, title={"en": "Published one"})
    make_activity(edition=cast.edition, lead=cast.city_unit, title={"en": "Secret draft"}, status="draft")
    told = text_of(client.get(LIST))
    assert "Published one" in told
    assert "Secret draft" not in told
    assert "On now" in told


@pytest.mark.parametrize("view", ["list", "week", "map"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_many_rows_take_as_many_queries_as_one(cast, client, now, view, language, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            response = client.get(f"{LIST}?view={view}&day=all", headers={"accept-language": language})
        assert response.status_code == 200
        return len(queries)

    make_activity(edition=cast.edition, lead=cast.city_unit)
    one = count()
    for lead in [cast.national_unit, cast.county_unit, cast.stranger_unit] * 8:
        make_activity(edition=cast.edition, lead=lead)
    assert count() == one
    assert one <= 16


def test_today_is_open_during_the_week_and_the_whole_week_otherwise(cast, client, now, monkeypatch):
    make_activity(edition=cast.edition, lead=cast.city_unit, title={"en": "On Thursday"})
    make_activity(
        edition=cast.edition, lead=cast.city_unit, title={"en": "On Friday"}, starts=now + dt.timedelta(days=1)
    )  # fmt: skip
    assert "On Friday" not in text_of(client.get(LIST))
    assert "On Friday" in text_of(client.get(LIST + "?day=5"))
    monkeypatch.setattr(timezone, "now", lambda: now + dt.timedelta(days=99))
    told = text_of(client.get(LIST))
    assert "On Friday" in told
    assert "On Thursday" in told


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("?region=999999", "There is no region with the code “999999”."),
        ("?day=77", "This Week has no day “77”."),
        ("?q=%00", "Null characters"),
        ("?kind=party&view=pie&page=x&format=x", "On Thursday"),
    ],
)
def test_what_does_not_fit_is_told_or_passed_over(cast, client, now, query, told):
    make_activity(edition=cast.edition, lead=cast.city_unit, title={"en": "On Thursday"})
    response = client.get(LIST + query)
    assert response.status_code == 200
    assert told in text_of(response)


def test_an_empty_day_says_why_and_what_to_do(cast, client, now):
    told = text_of(client.get(LIST + "?q=nothing"))
    assert "Nothing here fits what you asked for." in told
    assert "Clear filters" in told


def test_html_in_names_is_shown_as_text(cast, client, now):
    activity = make_activity(edition=cast.edition, lead=cast.city_unit, title={"en": "<script>alert(1)</script>"})
    for address in (LIST, f"{LIST}{activity.code}/"):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


def test_the_page_of_an_activity(cast, client, now):
    activity = make_activity(edition=cast.edition, lead=cast.city_unit, capacity=300, provenance="illustrative")
    activity.partners.create(unit=cast.stranger_unit, role="undertaker")
    activity.partners.create(unit=cast.county_unit, role="co")
    page = client.get(f"{LIST}{activity.code}/")
    told = text_of(page)
    assert "Thursday 19 September, 15:00–17:00" in told
    assert re.search(r"Co-organiser ?: Unit cac-changan ?Undertaker ?: Unit cac-fujian", told), told
    assert "Illustrative" in told
    assert "林悦" not in told
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page.content.decode()).group(1))
    assert data["url"] == f"http://testserver{LIST}{activity.code}/"


def test_a_cancelled_activity_says_so_and_why(cast, client, now):
    activity = make_activity(
        edition=cast.edition, lead=cast.city_unit, status="cancelled", reason={"en": "Gale warning"}
    )
    told = text_of(client.get(f"{LIST}{activity.code}/"))
    assert "Cancelled : Gale warning" in told
    assert "Add to calendar" not in told


@pytest.mark.parametrize("status", ["draft", "submitted", "returned", "approved"])
def test_what_is_not_public_has_no_page(cast, client, now, status):
    activity = make_activity(edition=cast.edition, lead=cast.city_unit, status=status)
    assert client.get(f"{LIST}{activity.code}/").status_code == 404
    assert client.get(f"{LIST}{activity.code}.ics").status_code == 404


def test_an_activity_belongs_to_its_edition(cast, client, now):
    other = make_edition(owner=cast.national_unit, slug="other", starts=dt.date(2020, 9, 14))
    activity = make_activity(edition=other, lead=cast.city_unit)
    assert client.get(f"{LIST}{activity.code}/").status_code == 404
    assert client.get("/no-such/programme/").status_code == 404
