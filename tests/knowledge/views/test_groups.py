from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cyberweek.knowledge.core.groups import code_sha256
from cyberweek.knowledge.models import Group
from cyberweek.knowledge.queries import current_pack
from tests.factories.accounts import sign_in
from tests.factories.knowledge import make_contest

EDITION = "2019-national"
GROUPS = {
    "class-1": {"zh-Hans": "一班", "en": "Class 1"},
    "class-2": {"zh-Hans": "=HYPERLINK(1)", "en": "Class 2"},
}


def to(name, *args):
    return reverse(f"knowledge:{name}", args=[EDITION, "school", *args])


def school(cast, **changes):
    terms = {"closed": True, "groups": GROUPS, "team_minimum": 2, **changes}
    return make_contest(edition=cast.edition, owner=cast.city_unit, slug="school", published=True, **terms)


def write_best(contest, *bests):
    """Best papers as the arena's worker counts them: (team, score, seconds, people)."""
    with connection.cursor() as cursor:
        for team, score, seconds, people in bests:
            cursor.execute(
                "INSERT INTO standing_histogram (contest, region, score, seconds, participants) VALUES (%s, %s, %s, %s, %s)",
                [contest.slug, f"team:{team}", score, seconds, people],
            )


@pytest.mark.parametrize(
    ("who", "status"),
    [("national", 200), ("provincial", 200), ("city_organiser", 200), ("county_organiser", 403), ("stranger", 404)],
)
def test_codes_are_for_those_who_may_change_the_contest(client, cast, who, status):
    school(cast)
    sign_in(client, getattr(cast, who))
    assert client.get(to("desk-group-list")).status_code == status
    assert client.get(to("desk-group-export")).status_code == status
    changed = client.post(to("desk-group-change", "class-1"), {"act": "renew"}).status_code
    assert changed == (302 if status == 200 else status)
    assert Group.objects.get(code="class-1").generation == (2 if status == 200 else 1)


def test_the_codes_on_the_cards_are_those_of_the_release(client, cast):
    contest = school(cast)
    page = sign_in(client, cast.city_organiser).get(to("desk-group-list"))
    codes = [card.code for card, _address, _team, _waits in page.context["rows"]]
    assert [group.code_sha256 for group in current_pack(contest).groups] == [code_sha256(code) for code in codes]
    assert not page.context["waiting"]
    assert codes[0] in page.content.decode()


def test_a_new_code_waits_for_the_next_release_and_a_withdrawn_one_leaves_it(client, cast):
    contest = school(cast)
    sign_in(client, cast.city_organiser)
    old = [group.code_sha256 for group in current_pack(contest).groups]
    client.post(to("desk-group-change", "class-1"), {"act": "renew"})
    client.post(to("desk-group-change", "class-2"), {"act": "withdraw"})
    assert client.get(to("desk-group-list")).context["waiting"]
    assert [group.code_sha256 for group in current_pack(contest).groups] == old
    client.post(to("desk-contest-publish"))
    new = current_pack(contest).groups
    assert new[0].code_sha256 != old[0]
    assert new[1].code_sha256 is None
    client.post(to("desk-group-change", "class-2"), {"act": "restore"})
    assert client.post(to("desk-group-change", "nothing"), {"act": "renew"}).status_code == 404


def test_the_table_holds_no_formula(client, cast):
    school(cast)
    response = sign_in(client, cast.city_organiser).get(to("desk-group-export"))
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [row[0] for row in rows] == ["group", "class-1", "class-2"]
    assert rows[2][1] == "'=HYPERLINK(1)"
    assert rows[1][4].endswith(f"?code={rows[1][3]}")


def test_the_list_takes_the_same_queries_for_two_and_for_many(client, cast):
    contest = school(cast)
    sign_in(client, cast.city_organiser).get(to("desk-group-list"))

    def count():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(to("desk-group-list")).status_code == 200
        return len(captured)

    few = count()
    Group.objects.bulk_create(Group(contest=contest, code=f"g{n}", name=GROUPS["class-1"]) for n in range(30))
    assert count() == few


def test_teams_are_ranked_in_public_and_small_ones_tell_nothing(client, cast):
    contest = school(cast)
    write_best(contest, ("class-1", 8, 60, 2), ("class-1", 5, 30, 1), ("class-2", 10, 20, 1))
    address = reverse("knowledge:boards", args=[EDITION])
    page = client.get(address, {"contest": "school", "view": "teams"}, headers={"accept-language": "en"})
    assert [(row.place, row.team) for row, _name in page.context["teams"]] == [(1, "class-1"), (None, "class-2")]
    text = page.content.decode()
    assert "7.00" in text
    assert "not yet ranked" in text
    assert "10.00" not in text
    assert client.get(address, {"contest": "school"}).context["board"].count == 0


def test_a_contest_without_teams_has_no_table_of_them(client, cast):
    school(cast, team_minimum=None)
    page = client.get(reverse("knowledge:boards", args=[EDITION]), {"contest": "school", "view": "teams"})
    assert "board" in page.context
