"""How many people live where: who sees it, who keeps it, and tables of it."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cyberweek.indicators import queries
from cyberweek.indicators.models import Population, PopulationTable
from cyberweek.kernel.models import AuditEvent
from cyberweek.regions.models import Unit
from tests.factories.accounts import sign_in
from tests.factories.regions import make_region

pytestmark = pytest.mark.django_db


def url(name: str, cast, *args, region=None) -> str:
    found = reverse(f"indicators:population-{name}", args=[cast.edition.slug, *args])
    return found + (f"?region={region.pk}" if region else "")


def bring(client, cast, content: bytes, *, name: str = "people.csv", year="2019", source="Statistics bulletin"):
    file = SimpleUploadedFile(name, content)
    return client.post(url("import", cast), {"file": file, "year": year, "source": source})


def people(cast) -> dict:
    return {(one.region_id, one.year): one.people for one in Population.objects.all()}


@pytest.fixture
def province(client, cast):
    sign_in(client, cast.provincial)
    return client


def test_of_several_years_the_editions_is_taken_then_the_latest_before_then_the_first_after(cast):
    for year in (2010, 2018, 2020, 2022):
        Population.objects.create(region=cast.city, people=year, year=year, source="x")
    found = [queries.population_of(cast.city, year).year for year in (2000, 2010, 2017, 2019, 2020, 2030)]
    assert found == [2010, 2010, 2010, 2018, 2020, 2022]
    assert queries.population_of(cast.county, 2020) is None


@pytest.mark.parametrize("who", ["national", "provincial", "city_organiser", "county_organiser", "stranger"])
def test_everyone_reads_and_each_office_keeps_its_own_region_and_those_beneath(client, cast, who):
    Unit.objects.update(sector="government")
    sign_in(client, getattr(cast, who))
    mine = {
        "national": ["nation", "province", "city", "county", "elsewhere"],
        "provincial": ["province", "city", "county"],
        "city_organiser": ["city", "county"],
        "county_organiser": ["county"],
        "stranger": ["elsewhere"],
    }[who]
    for name in ("nation", "province", "city", "county", "elsewhere"):
        region = getattr(cast, name)
        answer = client.post(url("list", cast, region=region), {"people": "12万", "year": "2018", "source": "Bulletin"})
        assert answer.status_code == (302 if name in mine else answer.status_code if answer.status_code == 404 else 403)
    assert {region for region, _year in people(cast)} == {getattr(cast, name).pk for name in mine}


def test_an_editor_or_an_office_of_another_kind_keeps_none(client, cast):
    Unit.objects.update(sector="education")
    sign_in(client, cast.provincial)
    page = client.get(url("list", cast, region=cast.province))
    assert (page.status_code, page.context["may_keep"]) == (200, False)
    for name in ("import", "list"):
        assert client.post(url(name, cast, region=cast.province), {}).status_code == 403
    assert client.get(reverse("indicators:population-template", args=[cast.edition.slug, "csv"])).status_code == 403


def test_a_correction_keeps_who_when_and_what_was_there(province, cast):
    for number in ("74,610,235", "７４６１０２３６"):
        province.post(url("list", cast, region=cast.province), {"people": number, "year": "2019", "source": "Census"})
    row = Population.objects.get()
    assert (row.people, row.by, row.provenance) == (74_610_236, cast.provincial, "own")
    event = AuditEvent.objects.get(verb="population.enter", before__has_key="130000 2019")
    assert (event.before, event.unit) == ({"130000 2019": 74_610_235}, cast.provincial_unit.pk)
    page = province.get(url("list", cast, region=cast.province)).content.decode()
    assert "74,610,236" in page
    assert "Census" in page


@pytest.mark.parametrize(
    ("given", "field"),
    [({"people": "0"}, "people"), ({"people": "-3"}, "people"), ({"people": "many"}, "people"), ({"people": ""}, "people"),
     ({"year": "2990"}, "year"), ({"year": "1066"}, "year"), ({"source": ""}, "source")],
)  # fmt: skip
def test_what_cannot_be_is_said_beside_its_field_and_typed_text_stays(province, cast, given, field):
    data = {"people": "1200", "year": "2019", "source": "Census", **given}
    answer = province.post(url("list", cast, region=cast.province), data)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert not Population.objects.exists()


@pytest.mark.parametrize(
    "content",
    [
        '地区代码,人口\n130000,7461万\n130100,"11,235,086"\n130102,\n'.encode("gb18030"),
        "\ufeffRegion code;People\n130000;74610000\n130100;11235086\n".encode(),
        "Name\tPeople\nHebei\t74610000\nShijiazhuang\t11235086\n".encode("utf-16"),
    ],
    ids=["GBK", "UTF-8 with a mark", "UTF-16 by name"],
)  # fmt: skip
def test_a_table_is_looked_through_and_taken_in_whole(province, cast, content):
    Population.objects.create(region=cast.province, people=70_000_000, year=2019, source="old")
    answer = bring(province, cast, content)
    assert answer.status_code == 302
    page = province.get(answer.url)
    assert "70,000,000" in page.content.decode()
    assert (page.context["checked"].corrected, len(page.context["rows"])) == (1, 2)
    assert people(cast) == {("130000", 2019): 70_000_000}
    province.post(answer.url)
    assert people(cast) == {("130000", 2019): 74_610_000, ("130100", 2019): 11_235_086}
    assert not PopulationTable.objects.exists()
    event = AuditEvent.objects.get(verb="population.import")
    assert (event.before, event.after["rows"]) == ({"130000 2019": 70_000_000}, 2)


def test_every_fault_is_named_with_its_line_and_nothing_is_taken_in(province, cast):
    rows = ["Region,People,Year,Source", "130000,=1+1,,", "350000,5,,", "130100,minus,,", "130102,1.5,,", "130102,0,,",
            "130100,7,3030,", "130100,7,2018,", "130100,8,2018,", f"130102,7,,{'x' * 201}", ",9,,"]  # fmt: skip
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row.split(","))
    file = io.BytesIO()
    book.save(file)
    answer = bring(province, cast, file.getvalue(), name="people.xlsx")
    page = province.get(answer.url)
    found = {(one.row, one.column) for one in page.context["problems"]}
    assert found == {(2, "People"), (3, "Region"), (4, "People"), (5, "People"), (6, "People"), (7, "Year"),
                     (9, "Region"), (10, "Source"), (11, "Region")}  # fmt: skip
    assert province.post(answer.url).status_code == 422
    assert not Population.objects.exists()


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"Region,Year\n130000,2019\n", b"\x89PNG\r\n", b"People\n5\n"])
def test_what_is_no_such_table_is_refused_beside_the_field(province, cast, content):
    answer = bring(province, cast, content or b" ")
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["file"])


def test_a_table_is_its_owners_alone(client, cast):
    Unit.objects.update(sector="government")
    sign_in(client, cast.provincial)
    address = bring(client, cast, b"Region,People\n130000,5\n").url
    sign_in(client, cast.national)
    assert client.get(address).status_code == 404


def test_the_template_lists_the_kept_regions_and_comes_back_as_it_went(province, cast):
    Population.objects.create(region=cast.city, people=11_235_086, year=2018, source="Bulletin")
    content = province.get(reverse("indicators:population-template", args=[cast.edition.slug, "xlsx"])).content
    sheet = list(openpyxl.load_workbook(io.BytesIO(content)).active.values)
    assert [row[0] for row in sheet[1:]] == ["130000", "130100", "130102"]
    page = province.get(bring(province, cast, content).url)
    assert [(row.resident.people, row.resident.year, row.before) for row in page.context["rows"]] == [
        (11_235_086, 2018, 11_235_086)
    ]
    assert page.context["checked"].empty == 2


def test_a_table_that_is_empty_but_for_its_head_takes_in_nothing(province, cast):
    page = province.get(bring(province, cast, b"Region,People\n130000,\n").url)
    assert "nothing to take in" in page.content.decode()


def test_the_list_has_a_fixed_number_of_queries_and_tells_what_is_known_beneath(province, cast):
    def queries() -> int:
        with CaptureQueriesContext(connection) as ran:
            province.get(url("list", cast, region=cast.province))
        return len(ran)

    province.get(url("list", cast, region=cast.province))
    few = queries()
    for n in range(30):
        Population.objects.create(
            region=make_region(f"1302{n:02}", parent=cast.province, level="city"), people=9, year=2019, source="x"
        )
    Population.objects.create(region=cast.county, people=9, year=2019, source="x")
    assert queries() <= few
    page = province.get(url("list", cast, region=cast.province))
    lines = {line.region.pk: (line.under, line.known) for line in page.context["lines"]}
    assert lines["130100"] == (1, 1)
    assert lines["130205"] == (0, 0)
