from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.urls import reverse

from cyberweek.knowledge.actions import ContestRefusedError, edit_contest
from cyberweek.knowledge.core.release import PerRegion, Stage
from cyberweek.knowledge.models import Contest, Release
from cyberweek.knowledge.queries import current_pack
from cyberweek.knowledge.views import promotions
from cyberweek.passport.models import Participant
from tests.factories.accounts import sign_in
from tests.factories.knowledge import make_contest

EDITION = "2019-national"
OVER = dt.datetime(2019, 9, 20, tzinfo=dt.UTC)


def to(name, *args):
    return reverse(f"knowledge:{name}", args=[EDITION, "final", *args])


@pytest.fixture
def final(cast):
    """Heats that are over, with five papers; a final that follows them."""
    make_contest(edition=cast.edition, owner=cast.city_unit, slug="heats", published=True, closes=OVER)
    stage = Stage("heats", 1, PerRegion("province", 1), 2)
    hours = {"opens": OVER + dt.timedelta(days=1), "objections_until": OVER + dt.timedelta(hours=20)}
    contest = make_contest(
        edition=cast.edition, owner=cast.city_unit, slug="final", published=True, stage=stage, **hours
    )
    province, nation = cast.provincial_unit.region, cast.national_unit.region
    people = []
    for number, (region, score, seconds) in enumerate(
        [(province, 10, 60), (nation, 9, 60), (province, 8, 60), (province, 8, 60), (nation, 1, 9)]
    ):
        person = Participant.objects.create(
            id=uuid.UUID(int=number + 1), nickname=f"选手{number}", region=region, band="18-25", sector="education"
        )
        people.append(person)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO standing_best (contest, participant, ancestry, score, seconds, at_ms, attempt) "
                "VALUES ('heats', %s, %s, %s, %s, %s, %s)",
                [person.pk, region.ancestry, score, seconds, 100 - number, uuid.uuid4()],
            )
    return contest, people


def names(page):
    return [(line["nickname"], line["reason"].value, line["tied"]) for line in page.context["lines"]]


def test_the_preview_applies_the_rule_to_the_final_board_and_shows_ties(client, cast, final):
    page = sign_in(client, cast.city_organiser).get(to("desk-promotion"))
    assert names(page) == [
        ("选手0", "quota", False), ("选手1", "top", False), ("选手3", "reserve", False), ("选手2", "reserve", False),
    ]  # fmt: skip


def test_before_the_heats_have_closed_nothing_is_shown_or_published(client, cast, final):
    Contest.objects.filter(slug="heats").update(closes=dt.datetime(2090, 1, 1, tzinfo=dt.UTC))
    sign_in(client, cast.city_organiser)
    assert client.get(to("desk-promotion")).context["promotion"] is None
    client.post(to("desk-promotion-publish"))
    assert Contest.objects.get(slug="final").admitted is None


def test_published_the_list_is_public_and_admits_those_on_it(client, cast, final):
    contest, people = final
    sign_in(client, cast.city_organiser)
    assert client.get(to("promotion")).context["published"] is False
    client.post(to("desk-promotion-publish"))
    assert current_pack(contest).admitted == sorted(str(one.pk) for one in people[:2])
    page = client.get(to("promotion"), headers={"accept-language": "en"})
    assert [line["nickname"] for line in page.context["promoted"]] == ["选手0", "选手1"]
    assert [line["nickname"] for line in page.context["reserve"]] == ["选手3", "选手2"]
    assert "Objections are taken until" in page.content.decode()
    assert str(people[0].pk) not in page.content.decode()
    client.post(to("desk-promotion-publish"))  # nothing has changed: no release more
    assert Release.objects.filter(contest="final").count() == 2


def test_a_long_list_is_paged_and_its_count_is_that_of_the_whole(client, cast, final, monkeypatch):
    monkeypatch.setattr(promotions, "PLACES_ON_A_PAGE", 3)
    sign_in(client, cast.city_organiser)
    assert [len(client.get(to("desk-promotion") + f"?page={n}").context["lines"]) for n in (1, 2)] == [3, 1]
    client.post(to("desk-promotion-publish"))
    page = client.get(to("promotion") + "?page=2", headers={"accept-language": "en"})
    assert [line["nickname"] for line in page.context["reserve"]] == ["选手2"]
    assert (page.context["promoted"], page.context["count"]) == ([], 2)
    assert "4–4 of 4" in page.text


def test_who_declines_is_replaced_within_the_region_with_a_reason(client, cast, final):
    contest, people = final
    sign_in(client, cast.city_organiser)
    client.post(to("desk-promotion-publish"))
    client.post(to("desk-promotion-decline", people[0].pk), {"reason": "  "})
    assert not contest.declined.exists()
    client.post(to("desk-promotion-decline", people[0].pk), {"reason": "生病"})
    client.post(to("desk-promotion-decline", people[0].pk), {"reason": "again"})
    assert [one.reason for one in contest.declined.all()] == ["生病"]
    page = client.get(to("desk-promotion"))
    assert names(page)[:2] == [("选手1", "top", False), ("选手3", "moved-up", True)]
    assert page.context["changed"]
    client.post(to("desk-promotion-publish"))
    assert current_pack(contest).admitted == sorted(str(people[place].pk) for place in (1, 3))


@pytest.mark.parametrize(
    ("who", "seen", "done"),
    [("national", 200, 302), ("city_organiser", 200, 302), ("county_organiser", 200, 403), ("stranger", 404, 404)],
)
def test_each_of_the_cast_sees_and_does_what_is_theirs(client, cast, final, who, seen, done):
    _contest, people = final
    sign_in(client, getattr(cast, who))
    assert client.get(to("desk-promotion")).status_code == seen
    assert client.post(to("desk-promotion-decline", people[0].pk), {"reason": "x"}).status_code == done
    assert client.post(to("desk-promotion-publish")).status_code == done


def test_a_contest_that_is_no_stage_has_no_promotion(client, cast):
    make_contest(edition=cast.edition, owner=cast.city_unit, slug="final", published=True)
    assert client.get(to("promotion")).status_code == 404
    assert sign_in(client, cast.city_organiser).get(to("desk-promotion")).status_code == 404


def test_the_heats_cannot_be_extended_into_the_final_nor_the_rule_changed_once_it_is_applied(client, cast, final):
    contest, _people = final
    heats = Contest.objects.get(slug="heats")
    later = heats.rules()._replace(closes=OVER + dt.timedelta(days=2))
    with pytest.raises(ContestRefusedError) as refused:
        edit_contest(contest=heats, title=heats.title, rules=later, by=None, now=OVER)
    assert [fault.reason for fault in refused.value.faults] == ["closes-after-stage"]
    sign_in(client, cast.city_organiser).post(to("desk-promotion-publish"))
    other = contest.rules()._replace(stage=Stage("heats", 9), objections_until=None)
    with pytest.raises(ContestRefusedError) as refused:
        edit_contest(contest=contest, title=contest.title, rules=other, by=None, now=OVER)
    assert [fault.reason for fault in refused.value.faults] == ["promotion-out"]


def test_two_contests_cannot_follow_each_other(cast, final):
    heats = Contest.objects.get(slug="heats")
    rules, before = heats.rules()._replace(stage=Stage("final", 1)), dt.datetime(2019, 9, 1, tzinfo=dt.UTC)
    with pytest.raises(ContestRefusedError) as refused:
        edit_contest(contest=heats, title=heats.title, rules=rules, by=None, now=before)
    assert "stage-cycle" in [fault.reason for fault in refused.value.faults]
