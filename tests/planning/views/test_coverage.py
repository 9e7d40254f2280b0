from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cyberweek.editions.models import Edition
from cyberweek.planning.models import Task
from tests.factories.accounts import sign_in
from tests.factories.programme import make_activity

PAGE = "/desk/2019-national/theme-days/coverage/"


@pytest.fixture
def days(cast):
    return list(cast.edition.theme_days.order_by("number"))


def counts(response) -> dict[str, list[tuple[int, int]]]:
    return {
        row.region.code: [(one.published, one.all) for one in row.counts] for row in response.context["coverage"].rows
    }


def test_which_province_has_nothing_on_campus_day_is_seen_at_once(cast, client, days):
    make_activity(edition=cast.edition, lead=cast.city_unit, region=cast.county, theme_day=days[1], status="published")
    make_activity(
        edition=cast.edition, lead=cast.provincial_unit, region=cast.province, theme_day=days[1], status="draft"
    )
    make_activity(
        edition=cast.edition, lead=cast.stranger_unit, region=cast.elsewhere, theme_day=days[1], status="cancelled"
    )
    sign_in(client, cast.national)
    page = client.get(PAGE, headers={"accept-language": "en"})
    assert counts(page)["130000"][1] == (1, 2)
    assert counts(page)["350000"][1] == (0, 0)
    empty = {day.theme_day.number: [region.code for region in day.empty] for day in page.context["coverage"].days}
    assert empty[2] == ["350000"]
    assert empty[1] == ["130000", "350000"]


def test_of_other_regions_one_sees_what_is_published(cast, client, days):
    make_activity(
        edition=cast.edition, lead=cast.provincial_unit, region=cast.province, theme_day=days[0], status="draft"
    )
    sign_in(client, cast.stranger)
    assert counts(client.get(PAGE))["130000"][0] == (0, 0)
    make_activity(
        edition=cast.edition, lead=cast.provincial_unit, region=cast.province, theme_day=days[0], status="published"
    )
    assert counts(client.get(PAGE))["130000"][0] == (1, 1)


def test_one_goes_down_from_province_to_city(cast, client, days):
    make_activity(edition=cast.edition, lead=cast.city_unit, region=cast.county, theme_day=days[3], status="published")
    sign_in(client, cast.national)
    page = client.get(PAGE + "?region=130000")
    assert counts(page) == {"130100": [(0, 0)] * 3 + [(1, 1)] + [(0, 0)] * 3}
    assert client.get(PAGE + "?region=no-such").context["coverage"].root == cast.nation


def test_units_without_anything_are_asked_once(cast, client, days):
    sign_in(client, cast.national)
    client.post(PAGE, {"day": "2"})
    tasks = Task.objects.select_related("unit", "theme_day")
    assert {(task.unit.code, task.theme_day.number) for task in tasks} == {("cac-hebei", 2), ("cac-fujian", 2)}
    assert all(task.begins <= task.due for task in tasks)
    client.post(PAGE, {"day": "2"})
    assert Task.objects.count() == 2


def test_nobody_asks_units_that_are_not_theirs(cast, client, days):
    sign_in(client, cast.provincial)
    client.post(PAGE, {"day": "2"})
    assert [task.unit.code for task in Task.objects.select_related("unit")] == ["cac-hebei"]
    assert client.post(PAGE, {"day": "99"}).status_code == 404


def test_the_page_costs_the_same_with_many_activities(cast, client, days):
    make_activity(edition=cast.edition, lead=cast.city_unit, region=cast.county, theme_day=days[3], status="published")
    sign_in(client, cast.national)
    client.get(PAGE)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
        return len(queries)

    few = count()
    for day in days[:6]:
        make_activity(edition=cast.edition, lead=cast.city_unit, region=cast.county, theme_day=day, status="published")
        make_activity(edition=cast.edition, lead=cast.stranger_unit, region=cast.elsewhere, theme_day=day)
    assert count() == few


def test_of_a_closed_edition_nobody_is_asked_for_anything_more(cast, client, days):
    Edition.objects.filter(pk=cast.edition.pk).update(stage="closed")
    sign_in(client, cast.national)
    assert client.post(PAGE, {"day": "1"}).status_code == 403
    assert not Task.objects.exists()
