from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cyberweek.editions.models import Edition, ThemeDay
from cyberweek.kernel.models import AuditEvent
from tests.factories.accounts import sign_in
from tests.factories.editions import make_edition
from tests.factories.regions import make_post, make_unit, make_user

HOME = "/desk/2019-national/edition/"
FACTS = {
    "title_zh_hans": "宣传周", "title_en": "The Week", "theme_zh_hans": "主题", "theme_en": "", "year": "2019",
    "starts": "2019-09-16", "ends": "2019-09-22", "zone": "Asia/Shanghai", "host": "130000", "venue_zh_hans": "",
    "venue_en": "",
}  # fmt: skip
CAST = ["national", "provincial", "city_organiser", "county_organiser", "stranger"]


def days_as_posted(edition: Edition) -> dict[str, str]:
    days = list(edition.theme_days.order_by("number"))
    posted = {"days-TOTAL_FORMS": str(len(days) + 1), "days-INITIAL_FORMS": str(len(days))}
    for place, day in enumerate(days):
        posted |= {
            f"days-{place}-key": str(day.pk),
            f"days-{place}-number": str(day.number),
            f"days-{place}-date": str(day.date),
            f"days-{place}-name_zh_hans": day.name["zh-Hans"],
            f"days-{place}-name_en": day.name["en"],
            f"days-{place}-lead": "",
        }
    return posted


@pytest.mark.parametrize("who", CAST)
def test_every_organiser_sees_all_editions_and_only_those_who_run_one_change_it(client, cast, who):
    make_edition(owner=cast.stranger_unit, slug="2022-fujian", starts=dt.date(2022, 9, 5))
    sign_in(client, getattr(cast, who))

    assert [one.slug for one in client.get("/desk/editions/").context["page"]] == ["2022-fujian", "2019-national"]
    assert client.get(HOME).status_code == 200
    own = {"national": {"2019-national", "2022-fujian"}, "stranger": {"2022-fujian"}}.get(who, set())
    for slug in ("2019-national", "2022-fujian"):
        for act in ("edit", "days", "organisers"):
            status = client.get(f"/desk/{slug}/edition/{act}/").status_code
            assert status == (200 if slug in own else 403), (slug, act)
        assert client.post(f"/desk/{slug}/edition/stage/", {"stage": "closed"}).status_code == (
            302 if slug in own else 403
        )
    assert client.get("/desk/nowhere/edition/").status_code == 404


def test_an_edition_is_edited_and_its_days_move_along(client, cast):
    sign_in(client, cast.national)
    client.post(f"{HOME}edit/", {**FACTS, "starts": "2019-09-23", "ends": "2019-09-29"})

    edition = Edition.objects.get()
    assert (edition.title["en"], edition.host) == ("The Week", cast.province)
    assert [day.date for day in edition.theme_days.all()] == [dt.date(2019, 9, 23 + i) for i in range(7)]
    event = AuditEvent.objects.get(verb="edition.edit")
    assert (event.before["starts"], event.after["starts"]) == ("2019-09-16", "2019-09-23")


@pytest.mark.parametrize(
    ("change", "field", "told"),
    [
        ({"ends": "2019-09-15"}, "ends", "ends before it starts"),
        ({"ends": "2019-12-15"}, "ends", "at most 31 days"),
        ({"ends": "2019-09-20"}, "ends", "would lie outside"),
        ({"zone": "Mars/Olympus"}, "zone", "is no time zone"),
        ({"host": "nowhere"}, "host", "neither a code nor a name"),
        ({"title_zh_hans": "", "title_en": ""}, "title", "required"),
        ({"starts": "soon"}, "starts", "valid date"),
    ],
)
def test_an_edition_that_does_not_fit_is_refused_beside_its_field(client, cast, change, field, told):
    sign_in(client, cast.national)
    page = client.post(f"{HOME}edit/", {**FACTS, **change})

    assert told in str(page.context["form"].errors[field])
    assert str(Edition.objects.get().title) == "China Cybersecurity Week 2019"


def test_stages_go_one_step_and_say_so_in_the_trail(client, cast):
    sign_in(client, cast.national)
    page = client.post(f"{HOME}stage/", {"stage": "archived"}, follow=True)
    assert "does not go to" in page.content.decode()
    client.post(f"{HOME}stage/", {"stage": "closed", "reason": "the Week is over"})

    assert Edition.objects.get().stage == "closed"
    event = AuditEvent.objects.get(verb="edition.stage")
    assert (event.before, event.after, event.reason) == ({"stage": "running"}, {"stage": "closed"}, "the Week is over")


def test_a_rehearsal_shows_the_true_dates_and_ends_as_it_began(client, cast, noon):
    sign_in(client, cast.national)
    client.post(f"{HOME}rehearsal/", {"day": "4"})

    edition = Edition.objects.get()
    assert edition.starts == noon.date() - dt.timedelta(days=3)
    for address in (HOME, "/desk/2019-national/", f"{HOME}rehearsal/"):
        assert "2019-09-16" in client.get(address).content.decode()
    assert "starts" not in client.get(f"{HOME}edit/").context["form"].fields
    client.post(f"{HOME}rehearsal/end/")
    assert Edition.objects.get().starts == dt.date(2019, 9, 16)


@pytest.mark.parametrize("day", ["0", "8", "", "x", "-1"])
def test_a_rehearsal_wants_a_day_of_the_week(client, cast, day):
    sign_in(client, cast.national)
    page = client.post(f"{HOME}rehearsal/", {"day": day})
    assert page.context["form"].errors["day"]
    assert Edition.objects.get().starts == dt.date(2019, 9, 16)


@pytest.mark.parametrize(("stage", "who", "status"), [
    ("preparing", "county_organiser", 200),
    ("open", "county_organiser", 403),
    ("running", "provincial", 403),
    ("running", "national", 200),
    ("archived", "national", 403),
])  # fmt: skip
def test_who_may_rehearse_depends_on_the_stage(client, cast, stage, who, status):
    Edition.objects.update(stage=stage)
    sign_in(client, getattr(cast, who))
    assert client.get(f"{HOME}rehearsal/").status_code == status
    assert client.post(f"{HOME}rehearsal/end/", {"x": 1}).status_code == (302 if status == 200 else 403)


def test_theme_days_change_places_go_and_come(client, cast):
    sign_in(client, cast.national)
    edition = Edition.objects.get()
    posted = days_as_posted(edition)
    posted |= {"days-0-number": "2", "days-1-number": "1", "days-1-name_en": "Schools Day", "days-6-DELETE": "on"}
    posted |= {
        "days-7-number": "7",
        "days-7-date": "2019-09-22",
        "days-7-name_zh_hans": "新日",
        "days-7-lead": "cac-hebei",
    }
    first, second = ThemeDay.objects.get(number=1).pk, ThemeDay.objects.get(number=2).pk
    answer = client.post(f"{HOME}days/", posted)

    assert answer.status_code == 302, answer.context["rows"].errors
    days = list(edition.theme_days.order_by("number"))
    assert [day.pk for day in days[:2]] == [second, first]
    assert days[0].name["en"] == "Schools Day"
    assert (days[6].name, days[6].lead) == ({"zh-Hans": "新日"}, cast.provincial_unit)
    assert len(days) == 7


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"days-1-number": "1"}, "1 stands twice"),
        ({"days-1-date": "2019-09-16"}, "2019-09-16 stands twice"),
        ({"days-1-date": "2019-10-16"}, "lies outside"),
        ({"days-1-name_zh_hans": "", "days-1-name_en": ""}, "required"),
        ({"days-1-number": "x"}, "whole number"),
        ({"days-7-number": "9"}, "required"),
        ({"days-1-lead": "nobody"}, "neither a code nor a name"),
    ],
)
def test_theme_days_that_do_not_fit_are_refused_in_their_row(client, cast, change, told):
    sign_in(client, cast.national)
    page = client.post(f"{HOME}days/", {**days_as_posted(Edition.objects.get()), **change})

    assert page.status_code == 200
    assert told in page.content.decode()
    assert ThemeDay.objects.get(number=2).date == dt.date(2019, 9, 17)


def test_organisers_stand_in_the_order_of_protocol(client, cast):
    sign_in(client, cast.national)
    posted = {
        "organisers-TOTAL_FORMS": "3", "organisers-INITIAL_FORMS": "0",
        "organisers-0-order": "2", "organisers-0-unit": "cac-hebei", "organisers-0-role": "co",
        "organisers-1-order": "1", "organisers-1-unit": "cac", "organisers-1-role": "lead",
        "organisers-2-order": "", "organisers-2-unit": "", "organisers-2-role": "co",
    }  # fmt: skip
    client.post(f"{HOME}organisers/", posted)
    assert [(one.unit.code, one.role) for one in Edition.objects.get().organisers.all()] == [
        ("cac", "lead"),
        ("cac-hebei", "co"),
    ]

    page = client.post(f"{HOME}organisers/", {**posted, "organisers-1-role": "co"})
    assert "must be the lead organiser" in page.content.decode()
    page = client.post(f"{HOME}organisers/", {**posted, "organisers-0-unit": "cac"})
    assert "stands twice" in page.content.decode()
    assert Edition.objects.get().organisers.count() == 2


def test_only_keepers_open_editions_and_choose_the_front_page(client, cast):
    facts = {**FACTS, "slug": "2026-national", "scope": "CN", "owner": "cac"}
    sign_in(client, cast.national)
    assert client.post("/desk/editions/new/", facts).status_code == 403
    assert client.post(f"{HOME}front-page/").status_code == 403

    keeper = make_user("keeper", is_keeper=True)
    make_post(keeper, cast.national_unit, "coordinator")
    sign_in(client, keeper)
    for slug in ("audit", "find", "2019-national", "wall"):
        assert "is taken" in str(
            client.post("/desk/editions/new/", {**facts, "slug": slug}).context["form"].errors["slug"]
        )
    assert client.post("/desk/editions/new/", facts)["Location"] == "/desk/2026-national/edition/days/"
    client.post("/desk/2026-national/edition/front-page/")
    assert list(Edition.objects.filter(is_current=True).values_list("slug", flat=True)) == ["2026-national"]


def test_the_edition_at_work_is_remembered_where_the_address_names_none(client, cast):
    make_edition(owner=cast.stranger_unit, slug="2022-fujian", starts=dt.date(2022, 9, 5))
    sign_in(client, cast.stranger)
    assert client.get("/desk/")["Location"] == "/desk/2019-national/"
    client.get("/desk/2022-fujian/")

    assert client.get("/desk/")["Location"] == "/desk/2022-fujian/"
    assert client.get("/desk/units/").context["edition"].slug == "2022-fujian"
    assert "/desk/2022-fujian/activities/" in client.get("/desk/units/").content.decode()


def test_many_editions_days_and_organisers_cost_no_more_queries_than_one(client, cast):
    sign_in(client, cast.national)
    counts = []
    for round_ in range(2):
        for address in ("/desk/editions/", HOME):
            client.get(address)
            with CaptureQueriesContext(connection) as seen:
                client.get(address)
            counts.append(len(seen))
        if round_ == 0:
            for n in range(5):
                owner = make_unit(region=cast.nation, parent=cast.national_unit)
                make_edition(owner=owner, slug=f"e-{n}")
                Edition.objects.get(slug="2019-national").organisers.create(unit=owner, role="co", order=n + 1)
    assert counts[:2] == counts[2:]
