"""A winner's name, confirmed by an OpenID Connect provider of the organiser's choice: authorization code with PKCE.

We are told a name and keep it, sealed, beside the contact. No account is made, no token and no subject is kept.
"""

from __future__ import annotations

import datetime as dt
import hmac
import secrets
from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import quote, urlsplit

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from django.conf import settings
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

ALGORITHMS: Final = ["RS256", "PS256", "ES256", "RS384", "PS384", "ES384", "RS512", "PS512", "ES512", "EdDSA"]
"""Signed with a key of the provider's own: never "none", never HMAC."""
PATIENCE_SECONDS: Final = 5.0
LEEWAY_SECONDS: Final = 60
LONGEST_NAME: Final = 80
LONGEST_ANSWER: Final = 256 * 1024
_LOOPBACK: Final = {"localhost", "127.0.0.1", "::1"}


class NameNotConfirmedError(Exception):
    """The provider did not answer, or not as it must. The message is for the log, not for people."""


class Asked(NamedTuple):
    """What must be kept of a request until its answer comes."""

    state: str
    nonce: str
    verifier: str


def ask_for_name(*, redirect: str) -> tuple[str, Asked]:
    """The provider's address to which the winner goes, and what to keep meanwhile. Raises NameNotConfirmedError."""
    asked = Asked(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48))
    url = prepare_grant_uri(
        _provider()["authorization_endpoint"],
        settings.OIDC_CLIENT_ID,
        "code",
        redirect_uri=redirect,
        scope="openid profile",
        state=asked.state,
        nonce=asked.nonce,
        code_challenge=create_s256_code_challenge(asked.verifier),
        code_challenge_method="S256",
    )
    return str(url), asked


def read_name(*, answer: Mapping[str, str], asked: Asked, redirect: str, now: dt.datetime) -> str:
    """The name in the provider's answer. Raises NameNotConfirmedError for every answer but the right one."""
    if not hmac.compare_digest(answer.get("state", "").encode(), asked.state.encode()):
        raise NameNotConfirmedError("wrong state")
    if answer.get("iss", settings.OIDC_ISSUER) != settings.OIDC_ISSUER:
        raise NameNotConfirmedError("answered by another issuer")
    if "code" not in answer:
        raise NameNotConfirmedError(f"refused: {answer.get('error', '')[:80]}")
    provider = _provider()
    try:
        with httpx.Client(timeout=PATIENCE_SECONDS) as client:
            token = _json(_redeem(client, provider["token_endpoint"], answer["code"], asked, redirect))
            keys = _json(client.get(provider["jwks_uri"]))
            claims = check_id_token(str(token.get("id_token", "")), keys=keys, nonce=asked.nonce, now=now)
            name = _name_in(claims)
            if not name and "userinfo_endpoint" in provider:
                bearer = {"Authorization": f"Bearer {token.get('access_token', '')}"}
                told = _json(client.get(provider["userinfo_endpoint"], headers=bearer))
                name = _name_in(told) if told.get("sub") == claims["sub"] else ""
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise NameNotConfirmedError(str(error)) from error
    if not name:
        raise NameNotConfirmedError("the provider gave no name")
    return name


def check_id_token(text: str, *, keys: Mapping[str, Any], nonce: str, now: dt.datetime) -> dict[str, Any]:
    """The claims of an ID token that is for us, from our provider, for this request, and still holds.

    Raises NameNotConfirmedError.
    """
    wanted = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()), leeway=LEEWAY_SECONDS,
        iss={"essential": True, "value": settings.OIDC_ISSUER}, aud={"essential": True, "value": settings.OIDC_CLIENT_ID},
        exp={"essential": True}, iat={"essential": True}, sub={"essential": True},
        nonce={"essential": True, "value": nonce},
    )  # fmt: skip
    try:
        claims: dict[str, Any] = jwt.decode(text, _key_set(keys), algorithms=ALGORITHMS).claims
        wanted.validate(claims)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise NameNotConfirmedError(f"ID token: {error}") from error
    if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != settings.OIDC_CLIENT_ID:
        raise NameNotConfirmedError("ID token: for several, and we are not the one who asked")
    return claims


def _key_set(keys: Mapping[str, Any]) -> KeySet:
    return KeySet.import_key_set({"keys": list(keys["keys"])})


def _redeem(client: httpx.Client, endpoint: str, code: str, asked: Asked, redirect: str) -> httpx.Response:
    """The code for tokens. With a secret we say who we are by it (RFC 6749, 2.3.1), without one by our name alone."""
    body = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect, "code_verifier": asked.verifier}
    name, secret = settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET
    if not secret:
        return client.post(endpoint, data=body | {"client_id": name})
    return client.post(endpoint, data=body, auth=(quote(name, safe=""), quote(secret, safe="")))


def _provider() -> dict[str, Any]:
    """What the provider says of itself. It must be the issuer that we asked, and speak https unless it is on this machine."""
    issuer: str = settings.OIDC_ISSUER
    try:
        with httpx.Client(timeout=PATIENCE_SECONDS) as client:
            found = _json(client.get(f"{issuer.rstrip('/')}/.well-known/openid-configuration"))
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise NameNotConfirmedError(f"no discovery: {error}") from error
    if found.get("issuer") != issuer:
        raise NameNotConfirmedError("the provider calls itself by another name")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not _is_safe(found.get(name)):
            raise NameNotConfirmedError(f"no safe {name}")
    if not _is_safe(found.get("userinfo_endpoint")):
        found.pop("userinfo_endpoint", None)
    return found


def _is_safe(url: object) -> bool:
    if not isinstance(url, str):
        return False
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)


def _json(response: httpx.Response) -> dict[str, Any]:
    response.raise_for_status()
    if len(response.content) > LONGEST_ANSWER:
        raise ValueError("an answer that is too long")
    found = response.json()
    if not isinstance(found, dict):
        raise ValueError("no JSON object")  # noqa: TRY004 -- a value of the wrong kind from outside
    return found


def _name_in(claims: Mapping[str, Any]) -> str:
    name = claims.get("name")
    return " ".join(name.split())[:LONGEST_NAME] if isinstance(name, str) else ""
