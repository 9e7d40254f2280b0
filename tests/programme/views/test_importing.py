from __future__ import annotations

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cyberweek.programme.models import Activity, Upload
from tests.factories.accounts import sign_in
from tests.factories.programme import make_activity

LIST = "/desk/2019-national/activities/"
HEAD = "活动名称,类型,主办单位,开始时间,结束时间"
ROW = "网安大巴,讲座,cac-shijiazhuang,2019-09-19 15:00,2019-09-19 17:00"


def bring(client, content: bytes, name: str = "table.csv"):
    return client.post(LIST + "import/", {"file": SimpleUploadedFile(name, content)})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_a_table_is_looked_through_and_entered_when_it_is_confirmed(cast, client, encoding):
    sign_in(client, cast.city_organiser)
    rows = [HEAD, ROW, ROW.replace("网安大巴", "校园讲座")]
    response = bring(client, "\n".join(rows).encode(encoding))
    assert response.status_code == 302
    assert not Activity.objects.exists()
    page = client.get(response["Location"]).content.decode()
    assert "Nothing is wrong." in page
    assert "网安大巴" in page
    client.post(response["Location"])
    found = Activity.objects.order_by("code")
    assert [(one.code, str(one.title), one.status) for one in found] == [
        ("A001", "网安大巴", "draft"), ("A002", "校园讲座", "draft"),
    ]  # fmt: skip
    assert not Upload.objects.exists()
    assert client.post(response["Location"]).status_code == 404  # a second click enters nothing twice


def test_problems_are_named_and_nothing_is_half_done(cast, client):
    sign_in(client, cast.city_organiser)
    rows = [HEAD, ROW, ROW, ROW.replace("17:00", "14:00").replace("大巴", "火车")]
    response = bring(client, "\n".join(rows).encode())
    page = client.get(response["Location"]).content.decode()
    assert "The same as row 2." in page
    assert "It must end after it starts." in page
    assert client.post(response["Location"]).status_code == 422
    assert not Activity.objects.exists()


def test_what_changed_in_between_is_seen_at_the_confirmation(cast, client):
    sign_in(client, cast.city_organiser)
    response = bring(client, f"{HEAD}\n{ROW}".encode())
    make_activity(edition=cast.edition, lead=cast.city_unit, title={"zh-Hans": "网安大巴"})
    assert client.post(response["Location"]).status_code == 422
    assert Activity.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "The submitted file is empty."),
        (b"\x89PNG\r\n\x1a\n\x00", "neither a CSV"),
        (b"a,b\n1,2", "has no column"),
        (b"x" * (2 * 1024 * 1024 + 1), "larger than 2 MB"),
    ],
)
def test_what_is_no_table_is_told_beside_the_field(cast, client, content, told):
    sign_in(client, cast.city_organiser)
    response = bring(client, content)
    assert response.status_code == 422
    assert told in response.content.decode()
    assert not Upload.objects.exists()


def test_formula_cells_are_refused(cast, client):
    sign_in(client, cast.city_organiser)
    book = openpyxl.Workbook()
    book.active.append(HEAD.split(","))
    book.active.append(["=1+1", *ROW.split(",")[1:]])
    out = io.BytesIO()
    book.save(out)
    page = client.get(bring(client, out.getvalue(), "t.xlsx")["Location"]).content.decode()
    assert "A formula is refused" in page


def test_an_upload_is_its_owners_alone(cast, client):
    sign_in(client, cast.city_organiser)
    address = bring(client, f"{HEAD}\n{ROW}".encode())["Location"]
    for other in (cast.national, cast.stranger):
        sign_in(client, other)
        assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("who", "codes"),
    [("national", {"X1", "X2"}), ("city_organiser", {"X1"}), ("county_organiser", set()), ("stranger", {"X2"})],
)
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_an_export_holds_what_the_list_shows(cast, client, who, codes, ending):
    make_activity(edition=cast.edition, lead=cast.city_unit, code="X1", title={"en": "=HYPERLINK(1)"})
    make_activity(edition=cast.edition, lead=cast.stranger_unit, code="X2")
    sign_in(client, getattr(cast, who))
    response = client.get(f"{LIST}list.{ending}")
    if ending == "csv":
        rows = [line.split(",") for line in response.getvalue().decode("utf-8-sig").splitlines()]
    else:
        rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(response.getvalue())).active]
    assert {row[0] for row in rows[1:]} == codes
    if "X1" in codes:
        title = next(row[1] for row in rows if row[0] == "X1")
        assert title == ("'=HYPERLINK(1)" if ending == "csv" else "=HYPERLINK(1)")


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_template_is_a_table_that_lacks_only_rows(cast, client, ending):
    sign_in(client, cast.city_organiser)
    content = client.get(f"{LIST}template.{ending}").getvalue()
    assert "has a head and no rows" in bring(client, content, f"t.{ending}").content.decode()
