from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from cyberweek.arena.entries import COLUMNS
from cyberweek.knowledge.actions import exclude_participant, make_objection
from cyberweek.knowledge.core.chain import Batch, Entry, Tree, signing_key, write_receipt
from cyberweek.knowledge.models import Contest, Exclusion, Objection
from tests.factories.accounts import sign_in
from tests.factories.knowledge import make_contest
from tests.factories.ledger import count_on_board, hand_in, make_participant
from tests.factories.regions import make_post, make_user

EDITION = "2019-national"


def to(name, *args, contest="city"):
    return reverse(f"knowledge:{name}", args=[EDITION, contest, *args])


@pytest.fixture
def contest(cast):
    return make_contest(edition=cast.edition, owner=cast.city_unit, slug="city", published=True)


@pytest.fixture
def player(cast, contest):
    player = make_participant(cast.county)
    count_on_board(contest, hand_in(contest, player))
    return player


def exclude(contest, player, by):
    return exclude_participant(
        contest=contest,
        participant=player.id,
        category="speed",
        reason="8 seconds",
        note="see",
        by=by,
        now=timezone.now(),
    )


@pytest.mark.parametrize("page", ["desk-rulings", "desk-regrade", "desk-participant", "desk-objection"])
@pytest.mark.parametrize(
    ("who", "status"),
    [("national", 200), ("provincial", 200), ("city_organiser", 200), ("county_organiser", 403), ("stranger", 404)],
)  # fmt: skip
def test_only_reviewers_of_the_organising_unit_and_above_open_rulings(client, cast, contest, player, who, status, page):
    exclude(contest, player, cast.national)
    objection = make_objection(contest=contest, participant=player.id, text="no", now=timezone.now())
    args = {"desk-participant": [player.id], "desk-objection": [objection.pk]}.get(page, [])
    sign_in(client, getattr(cast, who))
    assert client.get(to(page, *args)).status_code == status


def test_an_editor_opens_nobodys_papers(client, cast, contest, player):
    editor = make_user()
    make_post(editor, cast.city_unit, "editor")
    sign_in(client, editor)
    assert client.get(to("desk-participant", player.id)).status_code == 403
    assert client.post(to("desk-participant", player.id), {"ruling": "exclude"}).status_code == 403


def test_a_participant_is_opened_by_number_by_receipt_and_from_the_board(client, cast, contest, player):
    sign_in(client, cast.city_organiser)
    opened = to("desk-participant", player.id)
    assert opened in client.get(to("desk-rulings")).content.decode()
    assert client.get(to("desk-rulings"), {"who": f" {player.id} "}).url == opened
    assert client.get(to("desk-rulings"), {"who": str(uuid.uuid4())}).status_code == 422
    assert client.get(to("desk-rulings"), {"who": "not a receipt"}).status_code == 422
    assert client.get(to("desk-participant", uuid.uuid4())).status_code == 404


def test_the_receipt_of_a_paper_opens_its_participant_and_one_of_another_contest_does_not(
    client, cast, contest, player
):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {COLUMNS} FROM ledger_entry s WHERE kind = 'submit'")
        line = Entry(*cursor.fetchone()).line()
        cursor.execute(
            "SELECT number, previous, size, at_ms, root, head FROM ledger_batch ORDER BY number DESC LIMIT 1"
        )
        number, previous, size, at_ms, root, head = cursor.fetchone()
    batch = Batch(number, bytes(previous), size, at_ms, bytes(root), signing_key(settings.SECRET_KEY).sign(bytes(head)))
    receipt = write_receipt(batch, Tree([line]), 0)
    make_contest(edition=cast.edition, owner=cast.city_unit, slug="other", published=True)
    sign_in(client, cast.city_organiser)
    assert client.get(to("desk-rulings"), {"who": receipt}).url == to("desk-participant", player.id)
    assert client.get(to("desk-rulings", contest="other"), {"who": receipt}).status_code == 422
    assert client.get(to("desk-rulings"), {"who": receipt[:-4] + "AAAA"}).status_code == 422


def test_a_reviewer_sees_the_papers_and_excludes(client, cast, contest, player):
    sign_in(client, cast.city_organiser)
    url = to("desk-participant", player.id)
    page = client.get(url).content.decode()
    assert "10 points" in page
    assert "Answers and key" in page
    refused = client.post(url, {"ruling": "exclude", "category": "speed", "reason": "a\nb", "note": ""})
    assert refused.status_code == 422
    assert "The reason is one line" in refused.content.decode()
    told = {"ruling": "exclude", "category": "speed", "reason": "8 seconds", "note": "times"}
    assert client.post(url, told).url == url
    assert (Exclusion.objects.get().by, Exclusion.objects.get().note) == (cast.city_organiser, "times")
    page = client.get(url).content.decode()
    assert "8 seconds" in page
    assert client.post(url, {"ruling": "readmit", "reason": "a mistake"}).url == url
    assert Exclusion.objects.get().lifted_reason == "a mistake"
    again = client.post(url, {"ruling": "readmit", "reason": "a mistake"}, follow=True)
    assert "This participant is not excluded." in again.content.decode()


def test_whoever_excluded_does_not_decide_and_somebody_else_does(client, cast, contest, player):
    exclude(contest, player, cast.city_organiser)
    objection = make_objection(contest=contest, participant=player.id, text="<b>no</b>", now=timezone.now())
    url = to("desk-objection", objection.pk)
    told = {"decision": "readmit", "answer": "You are right.", "reason": "misread"}
    sign_in(client, cast.city_organiser)
    page = client.get(url).content.decode()
    assert "somebody else decides" in page
    assert "&lt;b&gt;no" in page
    assert client.post(url, told).status_code == 403
    sign_in(client, cast.provincial)
    assert client.post(url, {**told, "answer": ""}).status_code == 422
    assert client.post(url, told).url == url
    assert Objection.objects.get().decided_by == cast.provincial
    again = client.post(url, {**told, "decision": "uphold"})
    assert (again.status_code, Objection.objects.get().state) == (422, "granted")


def test_an_objection_of_another_contest_is_not_found_under_this_one(client, cast, contest, player):
    exclude(contest, player, cast.national)
    objection = make_objection(contest=contest, participant=player.id, text="no", now=timezone.now())
    make_contest(edition=cast.edition, owner=cast.city_unit, slug="other", published=True)
    sign_in(client, cast.city_organiser)
    assert client.get(to("desk-objection", objection.pk, contest="other")).status_code == 404


@pytest.mark.parametrize("days", ["", "0", "61", "soon"])
def test_odd_times_for_an_objection_are_refused(client, cast, contest, days):
    sign_in(client, cast.city_organiser)
    page = client.post(to("desk-objection-days"), {"days": days}, follow=True)
    assert "1 to 60 days are possible." in page.content.decode()
    assert Contest.objects.get().objection_days == 7


def test_the_time_for_an_objection_is_set(client, cast, contest, player):
    sign_in(client, cast.city_organiser)
    client.post(to("desk-objection-days"), {"days": "3"})
    contest.refresh_from_db()
    until = exclude(contest, player, cast.national).object_until
    assert until - timezone.now() < dt.timedelta(days=3)


def test_the_page_takes_the_same_queries_for_one_and_for_many(client, cast, contest, django_assert_max_num_queries):
    sign_in(client, cast.city_organiser)
    for number in range(6):
        player = make_participant(cast.county)
        hand_in(contest, player)
        exclude(contest, player, cast.national)
        if number % 2:
            make_objection(contest=contest, participant=player.id, text="no", now=timezone.now())
    client.get(to("desk-rulings"))
    with django_assert_max_num_queries(24):
        assert client.get(to("desk-rulings")).status_code == 200
