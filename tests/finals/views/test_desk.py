"""The desk's pages of finals: who sees which, and wrong rules refused beside their field."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cyberweek.finals.models import Final
from tests.factories.accounts import sign_in
from tests.factories.finals import make_final
from tests.factories.knowledge import make_item

EDITION = "2019-national"
LIST = reverse("finals:desk-final-list", args=[EDITION])
NEW = reverse("finals:desk-final-create", args=[EDITION])


def to(name, *args):
    return reverse(f"finals:{name}", args=[EDITION, *args])


def posted(**changes):
    return {
        "title_zh_hans": "总决赛", "title_en": "Grand final", "slug": "grand", "owner": "cac-shijiazhuang",
        "starts": "2030-09-22T14:30", "teams": "红队\nBlue\n 绿  队 \n", "spares": "1", "round_0_kind": "must",
        "round_0_items": "3", "round_0_right": "10", "round_0_wrong": "0", "round_0_seconds": "30", **changes,
    }  # fmt: skip


@pytest.fixture
def city(client, cast):
    for _ in range(4):
        make_item(owner=cast.city_unit)
    return sign_in(client, cast.city_organiser)


@pytest.mark.parametrize(
    ("who", "slugs"),
    [
        ("national", {"national", "city"}), ("provincial", {"national", "city"}), ("city_organiser", {"national", "city"}),
        ("county_organiser", {"national", "city"}), ("stranger", {"national"}),
    ],
)  # fmt: skip
def test_each_of_the_cast_finds_their_finals(client, cast, who, slugs):
    make_final(edition=cast.edition, owner=cast.national_unit, slug="national")
    make_final(edition=cast.edition, owner=cast.city_unit, slug="city")
    sign_in(client, getattr(cast, who))
    assert {final.slug for final in client.get(LIST).context["page"]} == slugs


def test_the_list_takes_the_same_queries_for_one_and_for_many(city, cast):
    def count():
        with CaptureQueriesContext(connection) as captured:
            assert city.get(LIST).status_code == 200
        return len(captured)

    make_final(edition=cast.edition, owner=cast.city_unit)
    count()
    one = count()
    for _ in range(4):
        make_final(edition=cast.edition, owner=cast.city_unit)
    assert count() == one


def test_a_final_is_made_changed_and_opened(city, cast):
    assert city.get(NEW).status_code == 200
    assert city.post(NEW, posted()).url == to("desk-final-detail", "grand")
    final = Final.objects.get()
    assert [team.name for team in final.teams.all()] == ["红队", "Blue", "绿 队"]
    codes = {team.name: team.code for team in final.teams.all()}
    changed = posted(teams="Blue\n红队\n新队")
    assert city.post(to("desk-final-edit", "grand"), changed).status_code == 302
    assert {team.name: team.code for team in final.teams.all()}.items() >= {
        "Blue": codes["Blue"],
        "红队": codes["红队"],
    }.items()
    assert city.post(to("desk-final-open", "grand")).url == to("desk-final-host", "grand")
    for name in ("desk-final-detail", "desk-final-codes", "desk-final-host"):
        assert city.get(to(name, "grand")).status_code == 200
    assert city.post(to("desk-final-edit", "grand"), changed).status_code == 422
    assert city.post(to("desk-final-renew", "grand", 1)).status_code == 302
    assert final.teams.get(seat=1).code != codes["Blue"]


@pytest.mark.parametrize(
    ("changes", "field", "error"),
    [
        ({"round_0_items": "4"}, "round_0_items", "4 items cannot be shared evenly by 3 teams."),
        ({"round_0_items": ""}, "round_0_items", "10 items cannot be shared evenly by 3 teams."),
        ({"round_0_seconds": "-5"}, "round_0_seconds", "5 to 300 seconds are possible."),
        ({"round_0_right": "0"}, "round_0_right", "A right answer wins 1 to 500 points."),
        ({"round_0_wrong": "-1"}, "round_0_wrong", "A wrong answer costs 0 to 500 points."),
        ({"round_0_kind": "", "round_3_kind": "must", "round_3_items": "4"}, "round_3_items",
         "4 items cannot be shared evenly by 3 teams."),
        ({"round_0_kind": "risk", "round_0_values": "0"}, "round_0_values", "A value is 1 to 500 points."),
        ({"round_0_kind": "risk", "round_0_values": "ten"}, "round_0_values", "Only whole numbers are points."),
        ({"round_0_kind": "risk", "round_0_values": ""}, "round_0_values", "Give 1 to 5 values, as in 10 30 50."),
        ({"round_0_kind": "choose", "round_0_items": "2"}, "round_0_items",
         "The turns of all teams take 3 items; these are 2."),
        ({"round_0_kind": ""}, "round_0_kind", "Choose at least one round."),
        ({"round_0_kind": "duel"}, "round_0_kind", "Select a valid choice. duel is not one of the available choices."),
        ({"spares": "2"}, "round_0_kind", "These rounds and the tie-break take 5 items, only 4 are ready."),
        ({"spares": "-1"}, "spares", "0 to 60 items can be kept for a tie-break."),
        ({"teams": "\n".join(f"Team {n}" for n in range(13))}, "teams", "2 to 12 teams can play; these are 13."),
        ({"teams": "Red\nred\nBlue"}, "teams", "Two teams are called “Red”."),
        ({"teams": "x" * 31 + "\nb\nc"}, "teams", f"“{'x' * 31}” is too long for a screen: at most 30 characters."),
        ({"slug": "new"}, "slug", "“new” is the address of a page; take another name."),
        ({"slug": "Not Plain"}, "slug", "A short name has small letters, digits and single hyphens, as in youth-day."),
        ({"title_en": ""}, "title", "There is no title in English."),
        ({"starts": "soon"}, "starts", "A date and a time like 2019-09-16 08:00 are wanted."),
        ({"owner": "cac"}, "owner", "“cac” is neither a code nor a name that you can choose here."),
    ],
)  # fmt: skip
def test_each_error_is_said_beside_its_field_and_nothing_is_made(city, changes, field, error):
    response = city.post(NEW, posted(**changes))
    assert response.status_code == 422
    assert error in response.context["form"].errors[field]
    assert not Final.objects.exists()


def test_whoever_sees_a_final_from_below_neither_edits_nor_opens_it(client, cast):
    make_final(edition=cast.edition, owner=cast.city_unit, slug="city")
    sign_in(client, cast.county_organiser)
    assert client.get(to("desk-final-detail", "city")).status_code == 200
    for name in ("desk-final-edit", "desk-final-codes", "desk-final-host"):
        assert client.get(to(name, "city")).status_code == 403
    assert client.post(to("desk-final-open", "city")).status_code == 403
    sign_in(client, cast.stranger)
    assert client.get(to("desk-final-detail", "city")).status_code == 404
