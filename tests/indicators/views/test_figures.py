"""From the nation down to the figure and its evidence."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cyberweek.indicators.models import Figure, Indicator
from tests.factories.accounts import sign_in
from tests.factories.indicators import load, send
from tests.factories.programme import make_activity

pytestmark = pytest.mark.django_db
FIGURES = "/desk/2019-national/figures/"
OF = f"{FIGURES}of/attendance/"


@pytest.fixture
def dictionary(cast):
    return load(cast.edition)


@pytest.fixture
def reported(cast, dictionary):
    send(make_activity(edition=cast.edition, lead=cast.county_unit), {"attendance": 1111}, dictionary)
    send(make_activity(edition=cast.edition, lead=cast.stranger_unit), {"attendance": 222}, dictionary)


def page(client, url, **query) -> str:
    return client.get(url, query, headers={"Accept-Language": "en"}).content.decode()


def test_every_figure_opens_down_to_its_report(cast, client, reported):
    sign_in(client, cast.national)
    assert "1,333" in page(client, FIGURES)
    nation = page(client, OF)
    assert f'href="?region={cast.province.pk}"' in nation
    county = page(client, OF, region=cast.county.pk)
    figure = Figure.objects.get(value=1111)
    assert f'href="{FIGURES}{figure.pk}/"' in county
    single = page(client, f"{FIGURES}{figure.pk}/")
    assert f"/reports/{figure.report_id}/" in single
    assert "tickets or signatures" in single


def test_figures_are_set_against_how_many_people_live_there(cast, client, reported):
    from cyberweek.indicators.actions import load_populations

    load_populations()
    sign_in(client, cast.national)
    assert "74,610,235" in page(client, FIGURES, region=cast.province.pk)
    assert "1.5" in page(client, OF, region=cast.province.pk)  # 1111 of 74.6 million, per 100,000


def test_a_county_reads_the_nations_total_and_only_its_own_rows(cast, client, reported):
    sign_in(client, cast.national)
    assert ">222<" in page(client, OF, region=cast.elsewhere.pk)
    sign_in(client, cast.county_organiser)
    nation = page(client, OF)
    assert "1,333" in nation
    assert "beyond your scope" in nation
    assert ">222<" not in nation
    other = Figure.objects.get(value=222)
    assert client.get(f"{FIGURES}{other.pk}/").status_code == 404
    assert client.get(OF, {"region": cast.elsewhere.pk}).status_code == 404
    assert client.get(FIGURES, {"region": "nowhere"}).status_code == 404


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_tables_leave_without_formulas(cast, client, dictionary, ending):
    activity = make_activity(edition=cast.edition, lead=cast.county_unit, title={"en": "=1+1", "zh-Hans": "=1+1"})
    send(activity, {"attendance": 5}, dictionary)
    sign_in(client, cast.national)
    answer = client.get(f"{OF}table.{ending}", {"region": cast.county.pk, "rows": ""})
    assert "attachment" in answer["Content-Disposition"]
    if ending == "csv":
        assert "'=1+1" in answer.content.decode("utf-8-sig")
    else:
        cells = [cell for row in openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows() for cell in row]
        assert not [cell for cell in cells if cell.data_type == "f"]
    assert client.get(f"{FIGURES}all.{ending}").status_code == 200
    assert client.get(f"{OF}table.{ending}").status_code == 200


def test_pages_take_as_many_queries_for_many_as_for_one(cast, client, reported, dictionary):
    sign_in(client, cast.national)

    def queries(url) -> int:
        with CaptureQueriesContext(connection) as seen:
            page(client, url, region="CN")
        return len(seen)

    page(client, OF)
    one = [queries(OF), queries(FIGURES)]
    for _n in range(10):
        send(make_activity(edition=cast.edition, lead=cast.city_unit), {"attendance": 100, "materials": 9}, dictionary)
    assert [queries(OF), queries(FIGURES)] == one


def test_the_dictionary_is_kept_by_those_who_run_the_edition(cast, client):
    url = "/desk/2019-national/indicators/"
    sign_in(client, cast.provincial)
    assert client.post(f"{url}load/").status_code == 403
    assert client.get(f"{url}new/").status_code == 403
    sign_in(client, cast.national)
    assert client.post(f"{url}load/").status_code == 302
    fields = {
        "code": "cups", "name_0": "杯", "name_zh_hans": "杯", "name_en": "Cups", "definition_zh_hans": "发的杯子。",
        "definition_en": "Cups given away.", "count": "items", "adding": "sum", "filler": "activity", "order": "7",
        "is_active": "on",
    }  # fmt: skip
    answer = client.post(f"{url}new/", fields)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    assert client.post(f"{url}new/", fields).status_code == 422
    assert client.post(f"{url}new/", {**fields, "code": "x", "adding": "union"}).status_code == 422
    assert client.post(f"{url}cups/edit/", {**fields, "name_en": "Mugs"}).status_code == 302
    assert str(Indicator.objects.get(code="cups").name["en"]) == "Mugs"
    text = page(client, f"{url}cups/")
    assert "Mugs" in text
    assert "Cups" in text
    sign_in(client, cast.county_organiser)
    assert client.get(url).status_code == 200
