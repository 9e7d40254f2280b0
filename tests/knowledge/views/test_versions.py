from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from cyberweek.knowledge.actions import decide_objection, exclude_participant
from cyberweek.knowledge.models import Exclusion, Objection
from tests.factories.knowledge import make_contest
from tests.factories.ledger import count_on_board, hand_in, make_participant, passport_of

EDITION = "2019-national"


def to(name, *args):
    return reverse(f"knowledge:{name}", args=[EDITION, "national", *args])


@pytest.fixture
def contest(cast):
    return make_contest(edition=cast.edition, owner=cast.national_unit, slug="national", published=True)


@pytest.fixture
def player(cast, contest):
    player = make_participant(cast.county)
    count_on_board(contest, hand_in(contest, player))
    return player


@pytest.fixture
def excluded(cast, contest, player):
    return exclude_participant(
        contest=contest, participant=player.id, category="copying", reason="the same five errors", note="secret note",
        by=cast.national, now=timezone.now(),
    )  # fmt: skip


def test_a_contest_without_rulings_says_so(client, contest):
    page = client.get(to("results")).content.decode()
    assert "No ruling has changed this result." in page
    assert "Nobody has been excluded." in page


def test_the_public_reads_why_and_how_many_and_not_who(client, excluded, player):
    page = client.get(to("results")).content.decode()
    for told in ("the same five errors", "Answers shared within a group", "1 people, 1 papers, up to batch 2"):
        assert told in page
    for hidden in (str(player.id), player.nickname, "secret note"):
        assert hidden not in page


def test_the_result_before_stays_readable(client, cast, excluded, player):
    page = client.get(to("result-version", 1)).content.decode()
    assert "This result no longer counts: a participant was excluded." in page
    assert player.nickname in page
    assert str(excluded.ruling) in page
    assert client.get(to("result-version", 2)).status_code == 404
    assert client.get(to("result-version", 1), {"region": "999999"}).status_code == 404


def posted(player, **changes):
    return {"passport": passport_of(player), "text": "I was quick, no more.", **changes}


def test_an_excluded_participant_objects_with_their_passport(client, excluded, player):
    assert client.get(to("objection")).status_code == 200
    looked = client.post(to("objection"), posted(player, look="yes"))
    assert "the same five errors" in looked.content.decode()
    assert not Objection.objects.exists()
    page = client.post(to("objection"), posted(player)).content.decode()
    assert Objection.objects.get().text == "I was quick, no more."
    assert "Waiting for a decision" in page
    again = client.post(to("objection"), posted(player))
    assert again.status_code == 422
    assert Objection.objects.count() == 1


def test_the_answer_is_read_with_the_passport_and_not_without(client, cast, excluded, player):
    client.post(to("objection"), posted(player))
    decide_objection(
        objection=Objection.objects.get(), readmit=True, answer="You are right.", reason="misread", by=cast.provincial,
        now=timezone.now(),
    )  # fmt: skip
    page = client.post(to("objection"), posted(player, look="yes")).content.decode()
    assert "You are right." in page
    assert "Your papers count again" in page
    other = make_participant(cast.county, "Bo")
    page = client.post(to("objection"), posted(other, look="yes"))
    assert page.status_code == 422
    assert "You are right." not in page.content.decode()


@pytest.mark.parametrize("token", ["", "x", "a.b", "é", "x" * 3000, "\x00"])
def test_a_forged_passport_objects_for_nobody(client, excluded, player, token):
    page = client.post(to("objection"), posted(player, passport=token))
    assert page.status_code == 422
    assert not Objection.objects.exists()


def test_a_passport_that_was_altered_or_has_expired_is_not_taken(client, excluded, player):
    good = passport_of(player)
    old = passport_of(player, expires=dt.datetime(2019, 1, 1, tzinfo=dt.UTC))
    for token in (good[:-1] + ("0" if good[-1] != "0" else "1"), old):
        assert client.post(to("objection"), posted(player, passport=token)).status_code == 422
    assert not Objection.objects.exists()


@pytest.mark.parametrize(("text", "said"), [("", "Say what is wrong"), ("x" * 2001, "too long")])
def test_the_text_of_an_objection_has_bounds(client, excluded, player, text, said):
    page = client.post(to("objection"), posted(player, text=text))
    assert page.status_code == 422
    assert said in page.content.decode()


def test_after_the_date_no_objection_is_taken(client, excluded, player):
    Exclusion.objects.update(object_until=timezone.now() - dt.timedelta(seconds=1))
    page = client.post(to("objection"), posted(player))
    assert "The time for an objection is over." in page.content.decode()
    assert not Objection.objects.exists()
