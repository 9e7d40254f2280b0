from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cyberweek.kernel.models import AuditEvent
from cyberweek.regions.models import Unit
from tests.factories.accounts import sign_in
from tests.factories.regions import make_post, make_unit, make_user

SEEN = [
    ("national", {"cac", "cac-hebei", "cac-shijiazhuang", "cac-changan", "cac-fujian"}),
    ("provincial", {"cac-hebei", "cac-shijiazhuang", "cac-changan"}),
    ("city_organiser", {"cac-shijiazhuang", "cac-changan"}),
    ("county_organiser", {"cac-changan"}),
    ("stranger", {"cac-fujian"}),
]


def form_errors(page) -> dict[str, list[str]]:
    return {name: [str(one) for one in errors] for name, errors in page.context["form"].errors.items()}


@pytest.mark.parametrize(("who", "codes"), SEEN)
def test_each_of_the_cast_lists_and_opens_their_own_branch(client, cast, who, codes):
    sign_in(client, getattr(cast, who))

    assert {unit.code for unit in client.get("/desk/units/").context["page"]} == codes
    for unit in Unit.objects.all():
        assert client.get(f"/desk/units/{unit.code}/").status_code == (200 if unit.code in codes else 404)


def test_a_person_without_posts_sees_no_unit_and_is_told_why(client, cast):
    sign_in(client, make_user("newcomer"))
    page = client.get("/desk/units/")
    assert "You serve in no unit yet" in page.content.decode()


def test_the_list_filters_by_level_sector_region_and_words(client, cast):
    make_unit("bank", region=cast.city, parent=cast.city_unit, sector="finance", name={"zh-Hans": "银行", "en": "Bank"})
    sign_in(client, cast.national)

    def found(query: str) -> set[str]:
        return {unit.code for unit in client.get(f"/desk/units/?{query}").context["page"]}

    assert found("level=county") == {"cac-changan"}
    assert found("sector=finance") == {"bank"}
    assert found("region=130000") == {"cac-hebei", "cac-shijiazhuang", "cac-changan", "bank"}
    assert found("q=银行") == {"bank"}
    assert found("q=hebei") == {"cac-hebei"}
    assert found("level=county&sector=finance") == set()
    assert len(found("level=nonsense&page=99")) == 6
    assert len(found("unnamed=on")) == 6


@pytest.mark.parametrize("address", ["/desk/units/", "/desk/units/cac/", "/desk/unit/", "/desk/2019-national/"])
def test_many_units_cost_no_more_queries_than_one(client, cast, address):
    sign_in(client, cast.national)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for _ in range(12):
        unit = make_unit(region=cast.province, parent=cast.national_unit, accountable=cast.provincial)
        make_post(make_user(), unit, "editor")
        make_post(make_user(), cast.national_unit, "viewer")
    with CaptureQueriesContext(connection) as many:
        client.get(address)

    assert len(many) == len(few)


def test_the_list_is_paged(client, cast):
    for _ in range(60):
        make_unit(region=cast.province, parent=cast.provincial_unit)
    sign_in(client, cast.national)
    page = client.get("/desk/units/?page=2&q=unit")

    assert "51–60 of 60" in page.content.decode() or page.context["page"].number == 2
    assert "page=1" in page.content.decode()
    assert "q=unit" in page.content.decode()


def test_a_coordinator_enters_a_unit_under_their_own(client, cast):
    sign_in(client, cast.provincial)
    facts = {"name_zh_hans": "测试", "name_en": "", "code": "new-one", "parent": "cac-shijiazhuang", "level": "county",
             "region": "130102", "sector": "education"}  # fmt: skip
    answer = client.post("/desk/units/new/", facts)

    assert answer["Location"] == "/desk/units/new-one/"
    unit = Unit.objects.get(code="new-one")
    assert unit.parent == cast.city_unit
    assert AuditEvent.objects.get(verb="unit.create").unit == unit.pk


@pytest.mark.parametrize(
    ("change", "field", "told"),
    [
        ({"parent": "cac-fujian"}, "parent", "neither a code nor a name that you can choose"),
        ({"parent": "cac"}, "parent", "neither a code nor a name that you can choose"),
        ({"parent": ""}, "parent", "This field is required"),
        ({"code": "cac-changan"}, "code", "is taken"),
        ({"code": "new"}, "code", "is taken"),
        ({"code": "Bad Code"}, "code", "valid"),
        ({"region": "999999"}, "region", "neither a code nor a name"),
        ({"region": "350000"}, "region", "is not within"),
        ({"region": "CN"}, "region", "is not within"),
        ({"name_zh_hans": "", "name_en": ""}, "name", "This field is required"),
        ({"level": "galaxy"}, "level", "not one of the available choices"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field_and_what_was_typed_stays(client, cast, change, field, told):
    sign_in(client, cast.provincial)
    facts = {"name_zh_hans": "打字", "name_en": "", "code": "typed-code", "parent": "cac-hebei", "level": "county",
             "region": "130102", "sector": "education"}  # fmt: skip
    page = client.post("/desk/units/new/", {**facts, **change})

    text = page.content.decode()
    assert told in " ".join(form_errors(page)[field])
    assert f'href="#id_{field}"' in text
    assert "打字" in text or "name_zh_hans" in change
    assert "typed-code" in text or "code" in change
    assert not Unit.objects.filter(code="typed-code").exists()


def test_a_region_may_be_given_by_its_name_and_several_of_one_name_by_code_only(client, cast):
    from tests.factories.regions import make_region

    make_region("130103", parent=cast.city, level="county", zh="桥西区", en="Qiaoxi")
    make_region("130203", parent=cast.province, level="county", zh="桥西区", en="Qiaoxi")
    sign_in(client, cast.provincial)
    facts = {"name_zh_hans": "甲", "code": "one", "parent": "单位cac-hebei", "level": "county", "sector": "other"}

    assert "130103, 130203" in form_errors(client.post("/desk/units/new/", {**facts, "region": "桥西区"}))["region"][0]
    client.post("/desk/units/new/", {**facts, "region": "长安区"})
    assert Unit.objects.get(code="one").region == cast.county


def test_html_in_a_name_is_shown_as_text(client, cast):
    sign_in(client, cast.provincial)
    client.post(
        "/desk/units/cac-hebei/edit/",
        {"name_zh_hans": "<script>alert(1)</script>", "name_en": "", "sector": "government"},
    )
    for address in ("/desk/units/", "/desk/units/cac-hebei/", "/desk/audit/", "/desk/find/?q=script"):
        text = client.get(address).content.decode()
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert" in text


def test_a_unit_does_not_choose_its_own_level_and_region(client, cast):
    sign_in(client, cast.provincial)
    page = client.get("/desk/units/cac-hebei/edit/")
    assert set(page.context["form"].fields) == {"name", "sector"}
    client.post(
        "/desk/units/cac-hebei/edit/",
        {"name_zh_hans": "新名", "name_en": "", "sector": "media", "region": "CN", "level": "nation"},
    )

    unit = Unit.objects.get(code="cac-hebei")
    assert (unit.name["zh-Hans"], unit.sector, unit.level, unit.region) == ("新名", "media", "province", cast.province)
    sign_in(client, cast.national)
    assert "region" in client.get("/desk/units/cac-hebei/edit/").context["form"].fields


@pytest.mark.parametrize("act", ["edit", "move", "accountable", "posts/new"])
@pytest.mark.parametrize(
    ("who", "status"), [("national", 200), ("neighbour", 403), ("reviewer", 403), ("stranger", 404)]
)
def test_who_may_arrange_a_unit(client, cast, act, who, status):
    neighbour, reviewer = make_user("neighbour"), make_user("reviewer")
    make_post(neighbour, make_unit("edu-hebei", region=cast.province, parent=cast.national_unit), "coordinator")
    make_post(reviewer, cast.provincial_unit, "reviewer", "editor")
    person = {"neighbour": neighbour, "reviewer": reviewer}.get(who) or getattr(cast, who)
    sign_in(client, person)

    assert client.get(f"/desk/units/cac-hebei/{act}/").status_code == status
    assert client.post(f"/desk/units/cac-hebei/{act}/", {"x": "y"}).status_code in {status, 302 if status == 200 else 0}


def test_a_unit_does_not_move_itself(client, cast):
    other = make_unit("other", region=cast.nation, parent=cast.national_unit)
    make_post(cast.provincial, other, "coordinator")
    sign_in(client, cast.provincial)

    assert client.post("/desk/units/cac-hebei/move/", {"parent": "other"}).status_code == 403
    # One who runs it from above moves it only to what they run as well.
    sign_in(client, cast.national)
    client.post("/desk/units/cac-hebei/move/", {"parent": "other"})
    assert Unit.objects.get(code="cac-hebei").parent == other


def test_a_circle_is_a_sentence_beside_the_field(client, cast):
    sign_in(client, cast.national)
    page = client.post("/desk/units/cac-hebei/move/", {"parent": "cac-changan"})

    assert "region" in form_errors(page)["parent"][0] or "circle" in form_errors(page)["parent"][0]
    same = make_unit("same", region=cast.province, parent=cast.provincial_unit)
    page = client.post("/desk/units/cac-hebei/move/", {"parent": "same"})
    assert "that would be a circle" in form_errors(page)["parent"][0]
    assert Unit.objects.get(code="cac-hebei").parent == cast.national_unit
    assert same.pk


def test_only_keepers_place_units_at_the_top_and_give_them_a_first_coordinator(client, cast):
    keeper = make_user("keeper", is_keeper=True)
    sign_in(client, keeper)
    facts = {
        "name_zh_hans": "顶",
        "code": "top",
        "parent": "",
        "level": "nation",
        "region": "CN",
        "sector": "government",
    }
    assert client.post("/desk/units/new/", facts)["Location"] == "/desk/units/top/"
    assert client.get("/desk/units/top/posts/new/").status_code == 200
    client.post("/desk/units/top/posts/new/", {"username": "national", "name": "", "roles": ["coordinator"]})

    assert cast.national.posts.filter(unit__code="top").exists()
    # From then on the unit arranges itself.
    assert client.get("/desk/units/top/posts/new/").status_code == 403
    assert client.get("/desk/units/cac/posts/new/").status_code == 403
    assert client.get("/desk/units/cac-hebei/").status_code == 404


def test_the_accountable_person_is_one_of_those_who_serve(client, cast):
    sign_in(client, cast.provincial)
    assert client.post("/desk/units/cac-hebei/accountable/", {"person": cast.stranger.pk}).status_code == 200
    client.post("/desk/units/cac-hebei/accountable/", {"person": cast.provincial.pk})

    assert Unit.objects.get(code="cac-hebei").accountable == cast.provincial
