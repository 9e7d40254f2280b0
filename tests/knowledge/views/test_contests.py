from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cyberweek.editions.actions import rehearse_edition
from cyberweek.knowledge.models import Contest, Release
from tests.factories.accounts import sign_in
from tests.factories.knowledge import NOW, make_contest, make_item
from tests.factories.regions import make_post, make_user

EDITION = "2019-national"
LIST = reverse("knowledge:desk-contest-list", args=[EDITION])
NEW = reverse("knowledge:desk-contest-create", args=[EDITION])


def to(name, *args):
    return reverse(f"knowledge:{name}", args=[EDITION, *args])


def posted(**changes):
    return {
        "title_zh_hans": "知识竞赛", "title_en": "Knowledge contest", "slug": "city", "owner": "cac-shijiazhuang",
        "opens": "2030-09-16T08:00", "closes": "2030-09-22T22:00", "zone": "Asia/Shanghai", "minutes": "10",
        "attempts_per_day": "3", "points": "5", "grace_seconds": "30", "practice": "on", "quota_phishing": "2", "form": "paper", **changes,
    }  # fmt: skip


@pytest.fixture
def city(client, cast):
    make_item(owner=cast.national_unit), make_item(owner=cast.city_unit)
    return sign_in(client, cast.city_organiser)


@pytest.mark.parametrize(
    ("who", "slugs"),
    [
        ("national", {"national", "city"}), ("provincial", {"national", "city"}), ("city_organiser", {"national", "city"}),
        ("county_organiser", {"national", "city"}), ("stranger", {"national"}),
    ],
)  # fmt: skip
def test_each_of_the_cast_finds_their_contests(client, cast, who, slugs):
    make_contest(edition=cast.edition, owner=cast.national_unit, slug="national", published=True)
    make_contest(edition=cast.edition, owner=cast.city_unit, slug="city")
    sign_in(client, getattr(cast, who))
    page = client.get(LIST)
    assert {contest.slug for contest, _phase in page.context["rows"]} == slugs


def test_the_list_takes_the_same_queries_for_one_and_for_many(city, cast):
    def count():
        with CaptureQueriesContext(connection) as captured:
            assert city.get(LIST).status_code == 200
        return len(captured)

    make_contest(edition=cast.edition, owner=cast.city_unit, published=True)
    count()  # the session's first request is dearer
    one = count()
    for _ in range(4):
        make_contest(edition=cast.edition, owner=cast.city_unit, published=True)
    assert count() == one


def test_an_unknown_edition_or_contest_is_not_found(city):
    assert city.get(reverse("knowledge:desk-contest-list", args=["1999"])).status_code == 404
    assert city.get(to("desk-contest-detail", "nothing")).status_code == 404


def test_a_contest_is_made_and_its_hours_are_told_on_its_clocks(city, cast):
    assert city.get(NEW).status_code == 200
    assert city.post(NEW, posted()).url == to("desk-contest-detail", "city")
    contest = Contest.objects.get()
    assert (contest.owner, contest.state, contest.rules().blueprint) == (cast.city_unit, "draft", {"phishing": 2})
    assert f"{contest.opens:%Y-%m-%d %H:%M}" == "2030-09-16 00:00"


@pytest.mark.parametrize(
    ("changes", "field", "error"),
    [
        ({"closes": "2030-09-16T08:00"}, "closes", "The contest must close after it opens."),
        ({"closes": "soon"}, "closes", "A date and a time like 2019-09-16 08:00 are wanted."),
        ({"zone": "Mars"}, "zone", "“Mars” is no time zone; one like Asia/Shanghai is wanted."),
        ({"minutes": "181"}, "minutes", "A paper takes 1 to 180 minutes."),
        ({"minutes": ""}, "minutes", "This field is required."),
        ({"quota_phishing": "3"}, "quota_phishing", "3 asked, only 2 ready."),
        ({"quota_phishing": "0"}, "__all__", "Ask at least one item."),
        ({"slug": "Not Plain"}, "slug", "A short name has small letters, digits and single hyphens, as in youth-day."),
        ({"title_en": ""}, "title", "There is no title in English."),
        ({"owner": "cac"}, "owner", "“cac” is neither a code nor a name that you can choose here."),
        (
            {"zone": "Europe/Berlin", "opens": "2030-03-31T02:30"}, "opens", "The clocks there skip this time.",
        ),
    ],
)  # fmt: skip
def test_each_error_is_said_beside_its_field_and_nothing_is_made(city, changes, field, error):
    response = city.post(NEW, posted(**changes))
    assert response.status_code == 422
    assert response.context["form"].errors == {field: [error]}
    assert not Contest.objects.exists()


def test_a_taken_short_name_is_said(city, cast):
    make_contest(edition=cast.edition, owner=cast.city_unit, slug="city")
    assert city.post(NEW, posted()).context["form"].errors == {"slug": ["There is a contest city already."]}


def test_a_contest_that_runs_may_be_extended_and_not_cut_short(city, cast):
    make_contest(edition=cast.edition, owner=cast.city_unit, slug="city", published=True)
    url = to("desk-contest-edit", "city")
    as_it_is = {"opens": "2019-09-16T00:00", "closes": "2019-09-23T00:00", "practice": ""}
    assert city.get(url).context["opened"]
    cut = city.post(url, posted(**as_it_is | {"closes": "2019-09-20T00:00"}))
    assert cut.context["form"].errors == {"closes": ["The contest has opened: it may be extended, not cut short."]}
    assert city.post(url, posted(**as_it_is | {"closes": "2019-09-30T00:00"})).status_code == 302
    assert Contest.objects.get().local_closes.day == 30


@pytest.mark.parametrize(
    ("who", "seen", "changed"),
    [("national", 200, 302), ("provincial", 200, 302), ("city_organiser", 200, 302), ("county_organiser", 200, 403), ("stranger", 404, 404)],
)  # fmt: skip
def test_a_contest_is_published_from_its_own_unit_or_above(client, cast, who, seen, changed):
    make_contest(edition=cast.edition, owner=cast.city_unit, slug="city")
    sign_in(client, getattr(cast, who))
    assert client.get(to("desk-contest-detail", "city")).status_code == seen
    assert client.get(to("desk-contest-edit", "city")).status_code == (200 if changed == 302 else changed)
    assert client.post(to("desk-contest-publish", "city")).status_code == changed
    assert Release.objects.count() == (1 if changed == 302 else 0)


def test_an_editor_writes_a_contest_and_leaves_its_release_to_a_reviewer(client, cast):
    editor = make_user()
    make_post(editor, cast.city_unit, "editor")
    make_contest(edition=cast.edition, owner=cast.city_unit, slug="city")
    sign_in(client, editor)
    assert client.get(to("desk-contest-edit", "city")).status_code == 200
    assert client.post(to("desk-contest-publish", "city")).status_code == 403
    assert "A reviewer or coordinator publishes it." in client.get(to("desk-contest-detail", "city")).content.decode()


def test_publishing_says_what_came_of_it(city, cast):
    make_contest(edition=cast.edition, owner=cast.city_unit, slug="city")

    def publish():
        page = city.post(to("desk-contest-publish", "city"), follow=True)
        return [(str(message), message.level_tag) for message in page.context["messages"]]

    assert "Release 1 is out" in publish()[0][0]
    assert "Nothing has changed" in publish()[0][0]
    make_item(owner=cast.city_unit, code="phishing-900")
    page = city.get(to("desk-contest-detail", "city"))
    assert [code for code, _stem in page.context["changes"]["added"]] == ["phishing-900"]
    assert "Release 2 is out" in publish()[0][0]


def test_a_bank_that_fell_short_is_said(city, cast):
    contest = make_contest(edition=cast.edition, owner=cast.city_unit, slug="city", blueprint={"phishing": 2})
    contest.quotas.update(count=9)
    page = city.post(to("desk-contest-publish", "city"), follow=True)
    assert "9 asked, only 2 ready" in page.content.decode()


def test_a_release_shows_its_hash_who_made_it_and_what_it_changed(city, cast):
    make_contest(edition=cast.edition, owner=cast.city_unit, slug="city")
    city.post(to("desk-contest-publish", "city"))
    page = city.get(to("desk-release-detail", "city", 1)).content.decode()
    assert Release.objects.get().sha256 in page
    assert cast.city_organiser.name in page
    assert "2 items added" in page
    assert city.get(to("desk-release-detail", "city", 2)).status_code == 404


def test_a_release_made_by_a_moved_edition_says_so(city, cast):
    make_contest(edition=cast.edition, owner=cast.city_unit, slug="city", published=True)
    rehearse_edition(edition=cast.edition, day=1, by=cast.national, now=NOW)
    page = city.get(to("desk-release-detail", "city", 2)).content.decode()
    assert "moved with the edition" in page
    assert "Opens" in page


def test_the_empty_list_says_what_comes_first(city):
    assert "No contest yet." in city.get(LIST).content.decode()
