"""A phone asks which prizes wait for its passport."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from cyberweek.passport import actions
from tests.passport.winners import DETAILS, invite, passport_of, token_of

ADDRESS = "/claim/mine/"


def asked(client, passport, **headers):
    return client.get(ADDRESS, headers={"authorization": f"Bearer {token_of(passport)}", **headers})


def test_a_passport_is_told_its_prizes_with_the_way_to_each_and_nobody_elses(client, cast):
    mine, other = passport_of(), passport_of()
    (claim,) = invite(cast, uuid.UUID(mine.participant))
    answer = asked(client, mine, **{"accept-language": "en"})
    (told,) = answer.json()["claims"]
    assert told == {
        "award": "draw-1", "purpose": "Third prize of the daily draw", "claimed": False,
        "address": f"/{cast.edition.slug}/claim/{claim.pk}/",
    }  # fmt: skip
    assert client.get(told["address"]).status_code == 200
    assert "no-store" in answer.headers["cache-control"]
    assert asked(client, other).json() == {"claims": []}


def test_it_is_told_that_a_contact_is_left_and_nothing_of_it(client, cast):
    mine = passport_of()
    (claim,) = invite(cast, uuid.UUID(mine.participant))
    actions.leave_contact(claim=claim, passport=mine, details=DETAILS, now=timezone.now())
    answer = asked(client, mine)
    assert answer.json()["claims"][0]["claimed"] is True
    assert DETAILS.reach not in answer.text


def test_what_can_no_longer_be_claimed_waits_for_nobody(client, cast):
    mine = passport_of()
    invite(cast, uuid.UUID(mine.participant), now=timezone.now() - dt.timedelta(days=8))
    assert asked(client, mine).json() == {"claims": []}


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer x", "Basic eDp5", "Bearer " + "A" * 5000, "Bearer é.é"])
def test_without_a_passport_nothing_is_told(client, cast, header):
    answer = client.get(ADDRESS, headers={"authorization": header} if header is not None else {})
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


def test_a_passport_that_has_run_out_is_none(client, cast):
    assert asked(client, passport_of(days=-1)).status_code == 401


def test_the_list_costs_the_same_for_one_and_for_many(client, cast, django_assert_num_queries):
    mine = passport_of()
    for n in range(5):
        invite(cast, uuid.UUID(mine.participant), award=f"draw-{n}")
    with django_assert_num_queries(1):
        assert len(asked(client, mine).json()["claims"]) == 5
