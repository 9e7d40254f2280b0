"""A winner's page, with a real provider of OpenID Connect on this machine."""

from __future__ import annotations

import base64
import datetime as dt
import json
import subprocess
import sys
import time
import uuid
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from cyberweek.passport import actions
from cyberweek.passport.actions import names
from cyberweek.passport.models import Claim, Contact
from tests.factories.ports import free_port
from tests.passport.winners import invite, passport_of, token_of

FORM = {"name": "王小明", "reach": "13800000000", "address": ""}


@pytest.fixture
def winner(cast):
    passport = passport_of()
    (claim,) = invite(cast, uuid.UUID(passport.participant))
    return claim, passport


def address(claim):
    return f"/{claim.edition.slug}/claim/{claim.pk}/"


def leave(client, claim, holder, **changes):
    return client.post(address(claim), {**FORM, "passport": token_of(holder), "then": "leave"} | changes)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_says_what_was_won_and_when_all_is_deleted_and_never_who(client, winner, language):
    claim, passport = winner
    page = client.get(address(claim), headers={"accept-language": language}).content.decode()
    assert ("每日抽奖三等奖" if language == "zh-hans" else "Third prize") in page
    assert claim.delete_on.isoformat() in page
    assert passport.participant not in page


def test_a_winner_leaves_a_contact_and_takes_it_back(client, winner):
    claim, passport = winner
    assert leave(client, claim, passport).status_code == 302
    page = client.get(address(claim)).content.decode()
    assert "13800000000" not in page
    withdrawn = client.post(address(claim), {"passport": token_of(passport), "then": "withdraw"})
    assert (withdrawn.status_code, Contact.objects.count()) == (302, 0)


def test_the_code_that_my_passport_shows_is_as_good(client, winner):
    claim, passport = winner
    code = base64.b64encode(json.dumps({"passport": token_of(passport), "nickname": "小明"}).encode()).decode()
    assert leave(client, claim, passport, passport=f" {code[:20]}\n{code[20:]}").status_code == 302


@pytest.mark.parametrize(
    "text",
    ["", "x", "x.y", "é" * 50, "A" * 3999, "A" * 1_000_000, base64.b64encode(b"[]").decode(),
     base64.b64encode(b'{"passport": 7}').decode(), base64.b64encode(b"[" * 2900).decode(), "\x00", "null"],
)  # fmt: skip
def test_what_is_no_passport_is_refused_and_what_was_typed_stays(client, winner, text):
    claim, passport = winner
    answer = leave(client, claim, passport, passport=text)
    assert answer.status_code == 422
    assert "13800000000" in answer.content.decode()
    assert not Contact.objects.exists()


@pytest.mark.parametrize("then", ["leave", "withdraw", "confirm"])
def test_another_passport_or_an_expired_one_gets_nowhere(client, winner, settings, then):
    settings.OIDC_ISSUER = "https://id.example"
    claim, passport = winner
    leave(client, claim, passport)
    for other in (passport_of(), passport_of(passport.participant, days=-1)):
        answer = client.post(address(claim), {**FORM, "passport": token_of(other), "then": then})
        assert answer.status_code == 422
    assert Contact.objects.count() == 1


def test_a_claim_of_another_edition_or_of_nobody_is_not_found(client, winner):
    claim, _ = winner
    assert client.get(f"/another/claim/{claim.pk}/").status_code == 404
    assert client.get(f"/{claim.edition.slug}/claim/{uuid.uuid4()}/").status_code == 404
    assert client.get("/claim/confirmed/").status_code == 404


def test_a_page_whose_time_is_over_has_no_form(client, cast):
    passport = passport_of()
    (claim,) = invite(cast, uuid.UUID(passport.participant))
    earlier = timezone.now() - dt.timedelta(days=8)
    Claim.objects.update(invited=earlier, closes=earlier + dt.timedelta(days=1))
    assert b'name="reach"' not in client.get(address(claim)).content
    assert leave(client, claim, passport).status_code == 422


# -- A name, confirmed -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def provider():
    """In a process of its own: it is written against libraries whose warnings are not ours to mend."""
    port = free_port()
    someone = json.dumps({"sub": "someone", "name": "王 小明"})
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "oidc_provider_mock",
        "--port",
        str(port),
        "--user-claims",
        someone,
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 300  # seconds; on a laden machine it takes some to come up
        while True:
            try:
                httpx.get(f"{url}/.well-known/openid-configuration").raise_for_status()
                break
            except httpx.HTTPError:
                assert process.poll() is None, "the provider has ended"
                assert time.monotonic() < until, "the provider does not answer"
                time.sleep(0.1)
        yield url
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def relying(settings, provider, monkeypatch):
    monkeypatch.setattr(names, "PATIENCE_SECONDS", 120.0)
    settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = provider, "cyberweek", "se/cret"
    return provider


def sign_in(client, claim, passport):
    """As far as the provider's answer: the path and query to which it sends the winner back."""
    page = client.post(address(claim), {"passport": token_of(passport), "then": "confirm"})
    assert page.status_code == 200
    url = page.context["provider"]
    asked = parse_qs(urlsplit(url).query)
    assert asked["code_challenge_method"] == ["S256"]
    back = httpx.post(url, data={"sub": "someone"}, timeout=120).headers["location"]
    assert back.startswith("http://testserver/claim/confirmed/?")
    return back.removeprefix("http://testserver")


def opened(claim, cast):
    return actions.open_contact(claim=claim, by=cast.city_organiser, reason="x")


def test_a_name_is_confirmed_and_nothing_else_is_kept(client, cast, winner, relying):
    claim, passport = winner
    leave(client, claim, passport)
    answer = client.get(sign_in(client, claim, passport), follow=True)
    assert "王 小明" in answer.content.decode()
    details = opened(claim, cast)
    assert (details.confirmed_name, details.confirmed_by, details.name) == ("王 小明", relying, "王小明")
    assert "someone" not in repr(details)
    assert Contact.objects.get().confirmed


@pytest.mark.parametrize(
    "spoil",
    [
        lambda back: back.replace("state=", "state=x"),
        lambda back: back.split("?")[0],
        lambda back: back.replace("code=", "code=x"),
        lambda back: back.replace("code=", "error=access_denied&nothing="),
        lambda back: back + "&iss=https://evil.example",
    ],
    ids=["state", "empty", "code", "denied", "issuer"],
)
def test_a_spoiled_answer_confirms_nothing_and_cannot_be_mended(client, cast, winner, relying, spoil):
    claim, passport = winner
    leave(client, claim, passport)
    back = sign_in(client, claim, passport)
    assert client.get(spoil(back)).status_code == 302
    assert client.get(back).status_code == 404
    assert opened(claim, cast).confirmed_name == ""


def test_an_answer_for_another_browser_confirms_nothing(client, winner, relying, cast):
    claim, passport = winner
    leave(client, claim, passport)
    stolen = sign_in(client, claim, passport)
    from django.test import Client

    assert Client().get(stolen).status_code == 404


def test_a_provider_that_is_gone_leaves_the_contact_as_it_is(client, cast, winner, settings):
    settings.OIDC_ISSUER = "http://127.0.0.1:9"
    claim, passport = winner
    leave(client, claim, passport)
    assert client.post(address(claim), {"passport": token_of(passport), "then": "confirm"}).status_code == 422
    assert Contact.objects.count() == 1


def test_without_a_provider_there_is_nothing_to_confirm_with(client, winner):
    claim, passport = winner
    leave(client, claim, passport)
    assert client.post(address(claim), {"passport": token_of(passport), "then": "confirm"}).status_code == 404


KEY = RSAKey.generate_key(2048, parameters={"kid": "one"})
NOW = timezone.now()


def id_token(key=KEY, header=None, **changes):
    claims = {
        "iss": "https://id.example", "aud": "cyberweek", "sub": "someone", "nonce": "right",
        "iat": int(NOW.timestamp()), "exp": int(NOW.timestamp()) + 300, "name": "王小明",
    } | changes  # fmt: skip
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(header or {"alg": "RS256", "kid": "one"}, claims, key, algorithms=["RS256", "HS256"])


def unsigned():
    _head, body, _ = id_token().split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    return f"{none}.{body}."


@pytest.mark.parametrize(
    "text",
    [
        id_token(iss="https://evil.example"),
        id_token(iss=None),
        id_token(aud="another"),
        id_token(aud=None),
        id_token(aud=["cyberweek", "another"]),
        id_token(aud=["cyberweek", "another"], azp="another"),
        id_token(nonce="wrong"),
        id_token(nonce=None),
        id_token(exp=int(NOW.timestamp()) - 61),
        id_token(exp=None),
        id_token(exp="never"),
        id_token(iat=None),
        id_token(sub=None),
        id_token(RSAKey.generate_key(2048, parameters={"kid": "one"})),
        id_token(OctKey.generate_key(256, parameters={"kid": "one"}), {"alg": "HS256", "kid": "one"}),
        unsigned(),
        "",
        "x.y.z",
        "é",
        "." * 100_000,
    ],
)
def test_an_id_token_that_is_not_right_in_everything_is_refused(settings, text):
    settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID = "https://id.example", "cyberweek"
    keys = {"keys": [KEY.as_dict(private=False)]}
    check_id_token = names.check_id_token
    assert check_id_token(id_token(), keys=keys, nonce="right", now=NOW)["name"] == "王小明"
    assert check_id_token(id_token(aud=["cyberweek", "b"], azp="cyberweek"), keys=keys, nonce="right", now=NOW)
    with pytest.raises(actions.NameNotConfirmedError):
        check_id_token(text, keys=keys, nonce="right", now=NOW)
    for strange in ({}, {"keys": 7}, {"keys": [{}]}, {"keys": []}):
        with pytest.raises(actions.NameNotConfirmedError):
            check_id_token(id_token(), keys=strange, nonce="right", now=NOW)


def test_a_contact_can_be_deleted_on_the_page_when_the_time_to_leave_one_is_over(client, winner, monkeypatch):
    claim, passport = winner
    leave(client, claim, passport)
    late = timezone.now() + dt.timedelta(days=8)
    monkeypatch.setattr("django.utils.timezone.now", lambda: late)
    assert 'value="withdraw"' in client.get(address(claim)).text
    gone = client.post(address(claim), {"passport": "x", "then": "withdraw"})
    assert (gone.status_code, Contact.objects.count()) == (422, 1)
    client.post(address(claim), {"passport": token_of(passport), "then": "withdraw"})
    assert not Contact.objects.exists()
    assert 'value="withdraw"' not in client.get(address(claim)).text
