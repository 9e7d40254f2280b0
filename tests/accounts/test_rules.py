"""The gate of the desk: nothing under /desk/ opens without password and second factor."""

from __future__ import annotations

import re

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from cyberweek.accounts.rules import is_own_path
from tests.factories.accounts import make_device, sign_in
from tests.factories.regions import make_user

UUID = "0b0c5bd0-6f8a-4bb3-8b44-8a4c4f1d9c11"


def value_for(name: str, converter) -> str:
    """Something that the part of an address takes: of words to choose from the first."""
    if name == "edition":
        return "2019-national"
    if re.fullmatch(r"[A-Za-z-]+(\|[A-Za-z-]+)*", converter.regex):
        return converter.regex.split("|")[0]
    return next(one for one in ("1", "x", UUID) if re.fullmatch(converter.regex, one))


def desk_addresses() -> list[str]:
    """Every address of the resolver that begins with /desk/, with some value for each argument."""
    found = []

    def walk(patterns, prefix):
        for pattern in patterns:
            here = prefix + str(pattern.pattern)
            for name, converter in pattern.pattern.converters.items():
                here = re.sub(rf"<(?:\w+:)?{name}>", value_for(name, converter), here)
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, here)
            elif isinstance(pattern, URLPattern) and here.startswith("desk/"):
                found.append("/" + here)

    walk(get_resolver().url_patterns, "")
    return found


def test_the_desk_has_addresses():
    addresses = desk_addresses()
    assert "/desk/units/" in addresses
    assert "/desk/audit/" in addresses
    assert "/desk/2019-national/" in addresses
    assert len(addresses) > 25
    assert not [address for address in addresses if "<" in address]


def answers(client, method: str) -> dict[str, tuple[int, str]]:
    """What each address of the desk answers; 405 where it does not take the method, so that nothing opens."""
    found = {}
    for address in desk_addresses():
        answer = getattr(client, method)(address)
        if answer.status_code != 405:
            found[address] = answer.status_code, answer.get("Location", "").split("?")[0]
    return found


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_reaches_the_desk_without_both_factors(client, cast, method):
    assert set(answers(client, method).values()) == {(302, "/sign-in/")}, "anonymous"

    client.force_login(cast.national)
    assert set(answers(client, method).values()) == {(302, "/sign-in/authenticator/")}, "password only, no device yet"

    make_device(cast.national)
    assert set(answers(client, method).values()) == {(302, "/sign-in/code/")}, "password only, the device unused"


def test_both_factors_open_the_desk(client, cast):
    sign_in(client, cast.national)
    found = answers(client, "get")

    assert {status for status, _location in found.values()} <= {200, 302, 403, 404}
    assert not [address for address, (_status, location) in found.items() if location.startswith("/sign-in/")]


def test_the_device_of_another_person_opens_nothing(client, cast):
    from django_otp import DEVICE_ID_SESSION_KEY

    client.force_login(cast.national)
    make_device(cast.national)
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = make_device(cast.stranger).persistent_id
    session.save()

    assert client.get("/desk/units/")["Location"].startswith("/sign-in/code/")


@pytest.mark.django_db
def test_a_closed_account_is_out_at_once(client):
    person = make_user("gone")
    sign_in(client, person)
    assert client.get("/me/").status_code == 200
    person.is_active = False
    person.save()

    assert client.get("/me/")["Location"].startswith("/sign-in/")


@pytest.mark.parametrize(
    ("path", "own"),
    [
        ("/desk/?a=b", True),
        ("//evil.example", False),
        ("https://evil.example", False),
        ("/\\evil.example", False),
        ("desk", False),
        ("", False),
    ],
)
def test_only_paths_of_this_site_are_own(path, own):
    assert is_own_path(path) is own


@pytest.mark.parametrize(
    ("page", "after"),
    [
        ("http://testserver/desk/units/new/?of=x", "/sign-in/?next=/desk/units/new/%3Fof%3Dx"),
        ("https://evil.example/desk/units/new/", "/sign-in/"),
        ("http://testserver//evil.example/", "/sign-in/"),
        ("", "/sign-in/"),
    ],
)
def test_who_was_signed_out_over_a_form_hears_it_and_comes_back_to_its_page(client, db, page, after):
    answer = client.post("/desk/units/new/", headers={"referer": page})
    assert answer["Location"] == after
    shown = client.get(answer["Location"], headers={"accept-language": "en"}).content.decode()
    assert ("You were signed out meanwhile" in shown) == ("next" in after)
