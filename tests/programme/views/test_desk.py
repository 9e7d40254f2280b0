from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cyberweek.programme.models import Activity
from cyberweek.programme.queries import desk
from tests.factories.accounts import sign_in
from tests.factories.programme import make_activity
from tests.factories.regions import make_post, make_unit, make_user

LIST = "/desk/2019-national/activities/"


@pytest.fixture
def one_each(cast):
    units = [cast.national_unit, cast.provincial_unit, cast.city_unit, cast.county_unit, cast.stranger_unit]
    return [
        make_activity(edition=cast.edition, lead=unit, status="submitted", code=f"X{i}") for i, unit in enumerate(units)
    ]


def shown(response) -> set[str]:
    return set(re.findall(r'<span class="sub">(\w+) ·', response.content.decode()))


@pytest.mark.parametrize(
    ("who", "codes"),
    [
        ("national", {"X0", "X1", "X2", "X3", "X4"}),
        ("provincial", {"X1", "X2", "X3"}),
        ("city_organiser", {"X2", "X3"}),
        ("county_organiser", {"X3"}),
        ("stranger", {"X4"}),
    ],
)
def test_each_of_the_cast_sees_their_own_branch(cast, client, one_each, who, codes):
    sign_in(client, getattr(cast, who))
    assert shown(client.get(LIST)) == codes
    for code in ["X0", "X1", "X2", "X3", "X4"]:
        expected = 200 if code in codes else 404
        assert client.get(f"{LIST}{code}/").status_code == expected
        assert client.get(f"{LIST}{code}/edit/").status_code == expected


def test_nobody_without_a_second_factor_comes_in(cast, client, one_each):
    assert client.get(LIST).status_code == 302
    client.force_login(cast.national)
    assert client.get(LIST).status_code == 302


def test_many_rows_take_as_many_queries_as_one(cast, client):
    sign_in(client, cast.national)

    def count(query: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST + query).status_code == 200
        return len(queries)

    make_activity(edition=cast.edition, lead=cast.city_unit, status="returned", code="ONE", reason={"en": "?"})
    count("")  # what is looked up once a process is looked up here
    before = count(""), count("?problems=on"), count("?open=ONE")
    for status in ["draft", "submitted", "returned", "published", "cancelled"] * 4:
        make_activity(edition=cast.edition, lead=cast.county_unit, status=status, title={"en": "The same"})
    assert (count(""), count("?problems=on"), count("?open=ONE")) == before


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("?state=submitted", {"X0", "X1", "X2", "X3", "X4"}),
        ("?state=draft", set()),
        ("?q=x3", {"X3"}),
        ("?q=cac-fujian", {"X4"}),
        ("?kind=drill", set()),
        ("?unit=waiting", {"X0", "X1", "X2", "X3", "X4"}),
        ("?problems=on", set()),
        ("?sort=nonsense&day=x&page=-4", {"X0", "X1", "X2", "X3", "X4"}),
    ],
)
def test_the_list_filters(cast, client, one_each, query, codes):
    for n, activity in enumerate(one_each):  # apart, so that none is like another
        Activity.objects.filter(pk=activity.pk).update(title={"en": ["alpha", "brook", "cedar", "delta", "ember"][n]})
    sign_in(client, cast.national)
    assert shown(client.get(LIST + query)) == codes


def test_the_list_of_a_region_says_so_and_leads_back(cast, client, one_each):
    sign_in(client, cast.national)
    answer = client.get(LIST, {"region": "130000"}, headers={"Accept-Language": "en"})
    assert shown(answer) == {"X1", "X2", "X3"}
    assert "Only in Hebei and below it." in answer.text
    assert shown(client.get(LIST, {"region": "999999"})) == set()


def test_in_a_list_that_is_too_long_only_what_lacks_something_is_looked_for_and_it_says_so(
    cast, client, one_each, monkeypatch
):
    Activity.objects.update(title={"en": "The same"}, region=cast.county_unit.region)
    Activity.objects.filter(code="X2").update(summary={})
    sign_in(client, cast.national)
    assert len(shown(client.get(LIST + "?problems=on"))) > 1
    monkeypatch.setattr(desk, "COMPARED", 4)
    answer = client.get(LIST + "?problems=on", headers={"Accept-Language": "en"})
    assert shown(answer) == {"X2"}
    assert "what lacks something or was sent back" in answer.text


def test_a_panel_opens_beside_the_list(cast, client, one_each):
    sign_in(client, cast.national)
    assert b'id="panel"' in client.get(LIST + "?open=X2").content
    assert b'id="panel"' not in client.get(LIST + "?open=NONE").content


def test_the_whole_way_through_the_pages(cast, client):
    sign_in(client, cast.city_organiser)
    made = client.post(LIST + "new/", form_data(cast, then="submit"))
    activity = Activity.objects.get()
    assert made["Location"] == f"{LIST}A001/"
    assert (activity.status, activity.region, activity.lead) == ("submitted", cast.county, cast.city_unit)
    assert [one.unit for one in activity.partners.all()] == [cast.county_unit, cast.provincial_unit]
    sign_in(client, cast.provincial)
    client.post(f"{LIST}A001/return/", {"reason": "Who speaks?"})
    activity.refresh_from_db()
    assert activity.status == "returned"
    assert str(activity.steps.last().reason) == "Who speaks?"
    sign_in(client, cast.city_organiser)
    client.post(f"{LIST}A001/edit/", form_data(cast, capacity="80", then="submit"))
    sign_in(client, cast.provincial)
    client.post(f"{LIST}A001/approve/", {"list": "1"})
    client.post(f"{LIST}A001/publish/")
    activity.refresh_from_db()
    assert (activity.status, activity.capacity) == ("published", 80)
    assert client.get("/2019-national/programme/A001/").status_code == 200


def form_data(cast, **fields):
    return {
        "title_zh_hans": "网安大巴", "title_en": "Bus", "kind": "lecture", "format": "on-site", "lead": "cac-shijiazhuang",
        "starts": "2019-09-19T15:00", "ends": "2019-09-19T17:00", "zone": "Asia/Shanghai", "region": "130102",
        "co": "cac-changan\ncac-hebei", **fields,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"ends": "2019-09-19T14:00"}, "It must end after it starts."),
        ({"ends": "2019-09-19T15:00"}, "It must end after it starts."),
        ({"starts": "soon"}, "Enter a valid date/time."),
        ({"starts": "0001-01-01T00:00"}, "more than a year away"),
        ({"zone": "Mars/Olympus"}, "is no time zone"),
        ({"region": "350000"}, None),  # within the nation: allowed
        ({"region": "999999"}, "neither a code nor a name"),
        ({"lead": "cac-fujian"}, "neither a code nor a name"),
        ({"co": "nobody"}, "No unit has the code nobody."),
        ({"co": "cac-shijiazhuang"}, "cannot take part a second time"),
        ({"title_zh_hans": "", "title_en": ""}, "This field is required."),
        ({"title_en": "x" * 121}, "at most 120 characters"),
        ({"title_en": "a\x00b"}, "Null characters"),
        ({"capacity": "-1"}, "greater than or equal to 0"),
        ({"kind": "party"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_entered_is_told_and_what_was_typed_stays(cast, client, fields, told):
    sign_in(client, cast.city_organiser)
    response = client.post(LIST + "new/", form_data(cast, **fields))
    if told is None:
        assert response.status_code == 302
        return
    page = response.content.decode()
    assert response.status_code == 422
    assert told in page
    assert 'class="errors"' in page
    assert "cac-changan" in page or "co" in fields
    assert not Activity.objects.exists()


def test_html_in_names_is_shown_as_text(cast, client):
    sign_in(client, cast.city_organiser)
    client.post(LIST + "new/", form_data(cast, title_en="<img src=x onerror=alert(1)>", contact_name="<b>Lin</b>"))
    for address in (LIST, LIST + "?open=A001", f"{LIST}A001/", f"{LIST}A001/edit/"):
        page = client.get(address).content.decode()
        assert "<img src=x" not in page
        assert "<b>Lin" not in page


@pytest.mark.parametrize("act", ["approve", "return", "publish"])
def test_a_reviewer_cannot_decide_out_of_scope(cast, client, act):
    neighbour = make_unit("school", region=cast.city, parent=cast.national_unit)
    reviewer = make_user("reviewer")
    make_post(reviewer, neighbour, "reviewer")
    seen = make_activity(edition=cast.edition, lead=cast.city_unit, status="submitted", code="SEEN")
    make_activity(edition=cast.edition, lead=cast.stranger_unit, status="submitted", code="UNSEEN")
    sign_in(client, reviewer)
    assert client.get(f"{LIST}SEEN/").status_code == 200
    assert client.post(f"{LIST}SEEN/{act}/", {"reason": "x"}).status_code == 403
    assert client.post(f"{LIST}UNSEEN/{act}/", {"reason": "x"}).status_code == 404
    seen.refresh_from_db()
    assert seen.status == "submitted"


def test_an_editor_does_not_approve_what_they_entered(cast, client):
    editor = make_user("editor")
    make_post(editor, cast.city_unit, "editor")
    make_activity(edition=cast.edition, lead=cast.city_unit, status="submitted", code="MINE")
    sign_in(client, editor)
    assert client.post(f"{LIST}MINE/approve/").status_code == 403


def test_many_are_approved_or_it_is_said_which_cannot_be(cast, client):
    for code, lead, status in [
        ("OK1", cast.city_unit, "submitted"), ("OK2", cast.county_unit, "submitted"),
        ("DRAFT", cast.city_unit, "draft"), ("FAR", cast.stranger_unit, "submitted"),
    ]:  # fmt: skip
        make_activity(edition=cast.edition, lead=lead, status=status, code=code)
    sign_in(client, cast.provincial)
    post = lambda *codes: client.post(LIST + "many/", {"act": "approve", "code": codes}, follow=True).content.decode()  # noqa: E731 -- short for this test
    page = post("OK1", "DRAFT", "FAR")
    assert "DRAFT: only something sent in can be approved." in page
    assert "FAR: it is not in your list." in page
    assert Activity.objects.filter(status="approved").count() == 0
    assert "2 activities are approved." in post("OK1", "OK2")
    assert "Nothing was ticked" in post()
    assert set(Activity.objects.filter(status="approved").values_list("code", flat=True)) == {"OK1", "OK2"}


def test_a_second_approval_changes_nothing_and_says_so(cast, client):
    make_activity(edition=cast.edition, lead=cast.city_unit, status="approved", code="DONE")
    sign_in(client, cast.provincial)
    page = client.post(f"{LIST}DONE/approve/", follow=True).content.decode()
    assert "DONE was left as it is: only something sent in can be approved." in page


@pytest.mark.parametrize("act", ["return", "cancel"])
def test_a_reason_is_asked_for_beside_its_field(cast, client, act):
    activity = make_activity(edition=cast.edition, lead=cast.city_unit, status="submitted", code="X1")
    sign_in(client, cast.provincial)
    assert client.get(f"{LIST}X1/{act}/why/").status_code == 200
    response = client.post(f"{LIST}X1/{act}/", {"reason": "  "})
    assert response.status_code == 422
    assert "This field is required." in response.content.decode()
    activity.refresh_from_db()
    assert activity.status == "submitted"


def test_no_step_is_taken_by_opening_an_address(cast, client):
    make_activity(edition=cast.edition, lead=cast.city_unit, status="submitted", code="X1")
    sign_in(client, cast.provincial)
    assert client.get(f"{LIST}X1/approve/").status_code == 405
    assert client.get(LIST + "many/").status_code == 405


def test_a_closed_edition_takes_no_more(cast, client):
    type(cast.edition).objects.filter(pk=cast.edition.pk).update(stage="closed")
    sign_in(client, cast.city_organiser)
    assert client.get(LIST + "new/").status_code == 403
    assert client.get(LIST + "import/").status_code == 403
