import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cyberweek.planning.models import Arrangement, Task
from cyberweek.readiness.actions import make_forecast
from cyberweek.regions.models import Unit
from tests.factories.accounts import sign_in
from tests.factories.planning import make_task
from tests.factories.readiness import NOW, make_past, make_preparing, make_tasks_of_plan, make_units
from tests.factories.regions import make_post, make_region, make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def coming(cast):
    return make_preparing(cast.national_unit)


@pytest.fixture
def foretold(cast, coming):
    """The county's unit is so far behind that no dice make up for it, the others are nearly done."""
    make_tasks_of_plan(coming, [cast.city_unit, cast.stranger_unit, cast.provincial_unit])
    late = make_tasks_of_plan(coming, [cast.county_unit], state="todo", progress=0)
    Task.objects.filter(pk=late[0].pk).update(state="done", progress=100, done_at=NOW)
    Task.objects.filter(pk__in=[one.pk for one in late[1:]]).update(
        begins=coming.starts - dt.timedelta(days=60), due=coming.starts - dt.timedelta(days=20)
    )
    return make_forecast(edition=coming, now=NOW)


def page(client, edition, query="", name="forecast-list", *args):
    return client.get(reverse(f"readiness:{name}", args=[edition.slug, *args]) + query)


def test_a_nation_sees_its_provinces_and_why_one_is_not_sure(client, cast, coming, foretold):
    sign_in(client, cast.national)
    text = page(client, coming).content.decode()
    assert "Hebei" in text
    assert "Fujian" in text
    assert "Why is Hebei" in text
    assert "Unit cac-changan" in text  # named as what holds the province up
    assert "days to the opening" in text


def test_a_province_sees_its_cities_and_no_other_province(client, cast, coming, foretold):
    sign_in(client, cast.provincial)
    text = page(client, coming).content.decode()
    assert "Shijiazhuang" in text
    assert "Fujian" not in text
    assert page(client, coming, "?region=350000").status_code == 404
    assert page(client, coming, "?region=CN").status_code == 404


def test_a_county_sees_its_units(client, cast, coming, foretold):
    sign_in(client, cast.county_organiser)
    text = page(client, coming).content.decode()
    assert "Unit cac-changan" in text
    assert "Why is Unit cac-changan red?" in text
    assert "overdue" in text
    assert page(client, coming, "?region=130100").status_code == 404


def test_units_of_the_region_itself_are_shown_on_demand(client, cast, coming, foretold):
    sign_in(client, cast.provincial)
    text = page(client, coming, "?kind=units").content.decode()
    assert "Unit cac-hebei" in text
    assert "Chance of being ready" in text


def test_the_filter_by_standing_leaves_the_others_away(client, cast, coming, foretold):
    sign_in(client, cast.national)
    response = page(client, coming, "?s=sure")
    assert [line.row.region_id for line in response.context["lines"]] == ["350000"]
    assert "Nothing fits this filter" in page(client, coming, "?s=red&region=350000&kind=units").content.decode()
    assert page(client, coming, "?s=nonsense&sort=nonsense&kind=x&open=x&page=99").status_code == 200


def test_a_unit_tells_its_open_tasks_with_their_chances(client, cast, coming, foretold):
    sign_in(client, cast.city_organiser)
    text = page(client, coming, "", "forecast-unit", "cac-changan").content.decode()
    assert "Why is it red?" in text
    assert "What would turn it" in text
    assert "on course" in text
    assert "1 of 3 tasks done" in text


@pytest.mark.parametrize("who", ["stranger", "county_organiser"])
def test_a_unit_out_of_scope_is_not_found(client, cast, coming, foretold, who):
    sign_in(client, getattr(cast, who))
    assert page(client, coming, "", "forecast-unit", "cac-shijiazhuang").status_code == 404


def test_without_a_forecast_the_page_says_so_and_offers_one(client, cast, coming):
    sign_in(client, cast.national)
    assert "There is no forecast yet." in page(client, coming).content.decode()
    assert page(client, coming, "", "forecast-unit", "cac-hebei").status_code == 404
    assert page(client, coming, "", "forecast-method").status_code == 200


def test_somebody_without_a_post_is_told_so(client, cast, coming, foretold):
    sign_in(client, make_user("postless"))
    assert "You serve in no unit yet." in page(client, coming).content.decode()


def test_a_region_without_tasks_says_so(client, cast, coming, foretold):
    empty = make_region("139900", parent=cast.province, level="city", en="Nowhere")
    sign_in(client, cast.provincial)
    assert "No unit in Nowhere has a task" in page(client, coming, f"?region={empty.pk}").content.decode()


def test_a_coordinator_may_ask_for_a_forecast_and_a_viewer_may_not(client, cast, coming):
    address = reverse("readiness:forecast-make", args=[coming.slug])
    sign_in(client, cast.county_organiser)
    assert client.get(address).status_code == 405
    response = client.post(address, follow=True)
    assert "A new forecast is being made" in response.content.decode()
    viewer = make_user("viewer")
    make_post(viewer, cast.county_unit, "viewer")
    sign_in(client, viewer)
    assert client.post(address).status_code == 403


def test_how_it_is_computed_shows_the_scores(client, cast, coming):
    units = make_units(cast.province, cast.provincial_unit, 12)
    make_past(unit_owner=cast.national_unit, units=units, years=2)
    make_tasks_of_plan(coming, units)
    make_forecast(edition=coming, now=NOW, runs=50)
    sign_in(client, cast.county_organiser)
    text = page(client, coming, "", "forecast-method").content.decode()
    assert "Brier score" in text
    assert "288 finished tasks of 2 editions" in text


def test_tasks_in_a_circle_are_told(client, cast, coming):
    one, other = (make_task(edition=coming, unit=cast.county_unit) for _ in range(2))
    one.dependencies.create(after=other)
    other.dependencies.create(after=one)
    make_forecast(edition=coming, now=NOW, runs=20)
    sign_in(client, cast.national)
    assert "wait for each other in a circle" in page(client, coming).content.decode()


def test_the_words_of_a_blocker_are_text_and_never_markup(client, cast, coming):
    make_task(edition=coming, unit=cast.county_unit, state="blocked", blocker="<script>alert(1)</script>", progress=5)
    make_forecast(edition=coming, now=NOW + dt.timedelta(days=8), runs=50)
    sign_in(client, cast.county_organiser)
    assert "<script>alert(1)" not in page(client, coming).content.decode()


@pytest.mark.parametrize("kind", ["regions", "units"])
def test_many_rows_take_as_many_queries_as_one(client, cast, coming, kind):
    def province(number):
        region = make_region(f"{number}0000", parent=cast.nation)
        units = [make_unit(region=region, parent=cast.national_unit) for _ in range(2)]
        own = make_unit(region=cast.nation, parent=cast.national_unit)
        make_tasks_of_plan(coming, [*units, own], state="todo", progress=0)

    sign_in(client, cast.national)
    counted = []
    for numbers in ([60], range(61, 75)):
        for number in numbers:
            province(number)
        make_forecast(edition=coming, now=NOW, runs=20)
        page(client, coming, f"?kind={kind}")
        with CaptureQueriesContext(connection) as queries:
            response = page(client, coming, f"?kind={kind}")
        counted.append(len(queries))
        assert response.status_code == 200
    assert counted[0] == counted[1]
    assert Unit.objects.count() > 40


def test_a_cell_of_the_matrix_leads_to_the_tasks_that_it_counts(client, cast, coming, foretold):
    Arrangement.objects.update(issued={"title": {"en": "as it went down"}})
    sign_in(client, cast.county_organiser)
    text = page(client, coming).content.decode()
    cells = re.findall(r'class="cell" data-s="(\w+)" title="([^"]+)" href="([^"]+)"', text)
    assert cells
    for _state, said, href in cells:
        assert said
        found = client.get(href.replace("&amp;", "&")).context["page"].paginator
        assert found.count == 1
        assert found.object_list[0].unit == cast.county_unit
    sign_in(client, cast.national)
    href = re.search(r'class="cell"[^>]* href="([^"]+region=130000)"', page(client, coming).content.decode())
    assert href, "the sum of a province leads nowhere"
    rows = client.get(href[1].replace("&amp;", "&")).context["page"].paginator.object_list
    assert {task.unit for task in rows} == {cast.provincial_unit, cast.city_unit, cast.county_unit}
