"""What phones, hosts and strangers send: what fits is taken, the rest is refused with a reason and without a 5xx."""

from __future__ import annotations

import asyncio
import json
import uuid

import msgspec
import pytest
from django.test import Client
from django.urls import reverse

from cyberweek.finals import api, queries
from cyberweek.finals.models import FinalEvent
from tests.factories.accounts import sign_in
from tests.factories.finals import START, key_of, make_final

from .conftest import BUZZER, MUST  # noqa: F401 -- the rounds that the fixtures hold


def to(final, name):
    return reverse(f"finals:{name}", args=[final.edition.slug, final.slug])


def post(client, final, name, **body):
    return client.post(to(final, name), json.dumps({"token": str(uuid.uuid4()), **body}), "application/json")


@pytest.fixture
def host(cast):
    return sign_in(Client(), cast.city_organiser)


def step(host, final, kind, **given):
    seen = host.get(to(final, "host-state")).json()["step"]
    return post(host, final, "host-step", kind=kind, step=seen, **given)


def join(final, seat):
    phone = Client()
    code = final.teams.get(seat=seat).code
    assert phone.post(to(final, "team"), {"code": code}).status_code == 302
    return phone


def item_of(final):
    state = queries.standing_of(final).state
    return state.setup.items[state.item].id


def test_a_team_answers_from_its_phone_and_is_told_the_key_after_judging_alone(must_final, host):
    phone, other = join(must_final, 1), join(must_final, 2)
    step(host, must_final, "shown")
    for client in (phone, other, Client()):
        for name in ("team-state", "screen-state"):
            told = client.get(to(must_final, name)).content.decode()
            assert '"key"' not in told
            assert "explanation" not in told
            assert '"why"' not in told
    assert (
        post(phone, must_final, "team-answer", item=item_of(must_final), options=key_of(must_final)).status_code == 200
    )
    assert other.get(to(must_final, "team-state")).json()["answers"] == {}
    assert host.get(to(must_final, "host-state")).json()["answers"] == {"1": key_of(must_final)}
    step(host, must_final, "judged")
    told = other.get(to(must_final, "team-state")).json()
    assert told["item"]["key"] == key_of(must_final)
    assert told["teams"][0]["score"] == 10


def test_no_screen_tells_of_items_to_come(must_final, host):
    step(host, must_final, "shown")
    told = (
        host.get(to(must_final, "host-state")).content.decode()
        + Client().get(to(must_final, "screen-state")).content.decode()
    )
    assert all(item.id not in told for item in queries.setup_of(must_final).items[1:])


def test_another_teams_turn_is_not_answered_and_a_stranger_has_no_say(must_final, host):
    step(host, must_final, "shown")
    body = {"item": item_of(must_final), "options": key_of(must_final)}
    refused = post(join(must_final, 2), must_final, "team-answer", **body)
    assert (refused.status_code, refused.json()["reason"]) == (409, "not-your-turn")
    assert post(Client(), must_final, "team-answer", **body).status_code == 403


def test_a_token_of_another_final_or_a_forged_one_is_nobodys(must_final, buzzer_final):
    phone = join(must_final, 1)
    cookie = phone.cookies[api.COOKIE].value
    for token in (cookie, cookie[:-1] + ("0" if cookie[-1] != "0" else "1"), "x.y", ""):
        stranger = Client()
        stranger.cookies[api.COOKIE] = token
        assert post(stranger, buzzer_final, "team-buzz", item="x").status_code == 403
        assert stranger.get(to(buzzer_final, "team-state")).json()["stage"] == "strange"


def test_the_phone_that_another_one_replaced_is_told_so(buzzer_final, host):
    old, new = join(buzzer_final, 1), join(buzzer_final, 1)
    step(host, buzzer_final, "shown")
    step(host, buzzer_final, "armed")
    assert post(old, buzzer_final, "team-buzz", item=item_of(buzzer_final)).json()["reason"] == "other-phone"
    assert old.get(to(buzzer_final, "team-state")).json()["active"] is False
    assert post(new, buzzer_final, "team-buzz", item=item_of(buzzer_final)).status_code == 200


def test_a_replayed_buzz_adds_nothing(buzzer_final, host):
    phone = join(buzzer_final, 1)
    step(host, buzzer_final, "shown")
    step(host, buzzer_final, "armed")
    body = {"token": str(uuid.uuid4()), "item": item_of(buzzer_final)}
    assert [post(phone, buzzer_final, "team-buzz", **body).status_code for _ in range(2)] == [200, 200]
    assert FinalEvent.objects.filter(final=buzzer_final, kind="buzz").count() == 1


def test_more_presses_than_a_thumb_can_give_are_slowed_down(buzzer_final, monkeypatch):
    phone = join(buzzer_final, 1)
    monkeypatch.setattr(api, "now_ms", lambda: START + 1000)
    answers = [post(phone, buzzer_final, "team-buzz", item="x") for _ in range(40)]
    slowed = [answer for answer in answers if answer.status_code == 429]
    assert slowed
    assert slowed[0]["Retry-After"] == "1"


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b"\xff\xfe", b"null", b'{"token": 5}', b'{"token": "x"}', b"{" + b" " * 5000 + b"}"]
)
def test_what_cannot_be_read_is_refused(must_final, host, body):
    phone = join(must_final, 1)
    for client, name in ((phone, "team-buzz"), (phone, "team-answer"), (phone, "team-choose"), (host, "host-step")):
        api._presses.clear()
        answer = client.post(to(must_final, name), body, "application/json")
        assert answer.status_code in {400, 409}, (name, answer.content)


@pytest.mark.parametrize("options", [None, "a", [], [1], ["nothing"], ["a"] * 9, {"a": 1}])
def test_what_is_no_answer_is_refused(must_final, host, options):
    phone = join(must_final, 1)
    step(host, must_final, "shown")
    answer = post(phone, must_final, "team-answer", item=item_of(must_final), options=options)
    assert answer.json()["reason"] == "no-option"


def test_the_round_trip_is_measured_by_an_echo(must_final):
    phone = join(must_final, 1)
    nonce = phone.get(to(must_final, "team-state")).json()["nonce"]
    assert nonce
    assert post(phone, must_final, "team-echo", nonce=nonce).status_code == 200
    assert len(must_final.teams.get(seat=1).round_trips) == 1
    post(phone, must_final, "team-echo", nonce=nonce)
    assert len(must_final.teams.get(seat=1).round_trips) == 1


@pytest.mark.parametrize(
    ("who", "status"), [("national", 200), ("city_organiser", 200), ("county_organiser", 404), ("stranger", 404)]
)
def test_only_those_who_may_edit_lead(must_final, cast, who, status):
    client = sign_in(Client(), getattr(cast, who))
    assert client.get(to(must_final, "host-state")).status_code == status
    assert post(client, must_final, "host-step", kind="shown", step=1).status_code == status


def test_whoever_only_edits_may_lead_but_not_overrule(must_final, cast):
    from tests.factories.regions import make_post, make_user

    editor = make_user("editor")
    make_post(editor, cast.city_unit, "editor")
    client = sign_in(Client(), editor)
    assert step(client, must_final, "shown").status_code == 200
    assert step(client, must_final, "overruled", team=1, item=0, right=True, reason="x").status_code == 403


def test_a_draft_is_not_public(cast):
    draft = make_final(edition=cast.edition, owner=cast.city_unit)
    for name in ("final-detail", "screen", "team", "screen-state", "team-state"):
        assert Client().get(to(draft, name)).status_code == 404


def test_a_stream_begins_with_the_whole_state_and_a_nonce():
    async def first_frames():
        frames = api.frames(0, lambda: {"stage": "idle", "number": 1, "due": None}, lambda: "nonce")
        found = [await anext(frames) for _ in range(3)]
        await frames.aclose()
        return found

    async def unread(read):
        return read()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(api, "_reading", unread)
        retry, state, ping = asyncio.run(first_frames())
    assert retry == b"retry: 1000\n\n"
    assert state.startswith(b"event: state\ndata: ")
    body = msgspec.json.decode(state.split(b"data: ")[1])
    assert body["stage"] == "idle"
    assert "due" not in body
    assert msgspec.json.decode(ping.split(b"data: ")[1])["nonce"] == "nonce"
