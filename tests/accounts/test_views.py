from __future__ import annotations

import re

import pytest
from django.contrib.auth import authenticate
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from cyberweek.accounts import actions
from cyberweek.accounts.models import User
from cyberweek.kernel.models import AuditEvent
from tests.factories.accounts import make_device, sign_in
from tests.factories.regions import make_user

PASSWORD = "a long enough password"
SIGN_IN, CODE = "/sign-in/", "/sign-in/code/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return make_user("lin.yue", name="Lin Yue")


def code_of(device: TOTPDevice) -> str:
    return f"{totp(device.bin_key):06d}"


def give_password(client, username: str = "lin.yue", password: str = PASSWORD, **more):
    return client.post(SIGN_IN, {"username": username, "password": password, **more})


def test_password_and_code_open_the_desk(client, person):
    device = make_device(person)

    assert give_password(client)["Location"] == CODE
    answer = client.post(CODE, {"code": code_of(device)})

    assert answer["Location"] == reverse("desk:overview")
    assert AuditEvent.objects.get(verb="user.sign-in").actor == person


def test_a_person_without_second_factor_is_led_to_set_it_up(client, person):
    answer = give_password(client, next="/desk/units/")
    assert answer["Location"] == "/sign-in/authenticator/?next=%2Fdesk%2Funits%2F"

    page = client.get(answer["Location"])
    key = client.session["second_factor_key"]
    assert "<svg" in page.content.decode()
    assert actions.readable_key(key) in page.content.decode()
    assert not TOTPDevice.objects.exists()  # nothing is kept before a code confirms it

    device = TOTPDevice(key=key)
    confirmed = client.post(answer["Location"], {"code": code_of(device)}, follow=True)

    codes = confirmed.context["codes"]
    assert len(codes) == 10
    assert all(code in confirmed.content.decode() for code in codes)
    onward = client.post("/me/recovery-codes/", {"kept": "1", "next": "/desk/units/"})
    assert onward["Location"] == "/desk/units/"
    assert client.get("/me/recovery-codes/").context["codes"] is None


def test_a_wrong_code_does_not_set_up_the_second_factor(client, person):
    give_password(client)
    client.get("/sign-in/authenticator/")
    right = code_of(TOTPDevice(key=client.session["second_factor_key"]))
    wrong = f"{(int(right) + 1) % 1000000:06d}"

    page = client.post("/sign-in/authenticator/", {"code": wrong})

    assert "does not fit" in page.content.decode()
    assert not TOTPDevice.objects.exists()


def test_a_code_serves_once(client, person):
    device = make_device(person)
    code = code_of(device)
    give_password(client)
    client.post(CODE, {"code": code})
    client.post("/sign-out/")

    give_password(client)
    page = client.post(CODE, {"code": code})

    assert page.status_code == 200
    assert "has expired or been used" in page.content.decode()


def test_the_code_that_set_up_an_authenticator_does_not_sign_in_again(client, person):
    key = actions.new_key()
    code = code_of(TOTPDevice(key=key))
    actions.confirm_second_factor(user=person, key=key, code=code, now=timezone.now())

    assert actions.check_code(user=person, code=code, now=timezone.now()).device is None


def test_a_recovery_code_signs_in_once_and_says_how_many_are_left(client, person):
    key = actions.new_key()
    made = actions.confirm_second_factor(user=person, key=key, code=code_of(TOTPDevice(key=key)), now=timezone.now())
    assert made
    code = made[1][0]
    give_password(client)

    page = client.post(CODE, {"code": f" {code.upper()} "}, follow=True)

    assert "9 are left" in page.content.decode()
    client.post("/sign-out/")
    give_password(client)
    assert client.post(CODE, {"code": code}).status_code == 200


def test_the_session_gets_a_new_name_at_each_step(client, person):
    device = make_device(person)
    client.get(SIGN_IN)
    client.post("/language/setlang/", {"language": "en"})
    names = [client.session.session_key]
    give_password(client)
    names.append(client.session.session_key)
    client.post(CODE, {"code": code_of(device)})
    names.append(client.session.session_key)

    assert len(set(names)) == 3


@pytest.mark.parametrize(
    ("username", "password"),
    [("lin.yue", "wrong"), ("nobody", "wrong"), ("closed", PASSWORD)],
    ids=["wrong password", "unknown name", "closed account"],
)
def test_the_answer_does_not_tell_which_names_exist(client, person, username, password):
    make_user("closed", is_active=False)
    page = give_password(client, username, password)

    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|value="[\w.]+"', "", page.content.decode())
    assert page.status_code == 200
    assert "do not belong together" in text
    other = re.sub(
        r'name="csrfmiddlewaretoken" value="\w+"|value="[\w.]+"', "", give_password(client, "x", "y").content.decode()
    )
    assert text == other


def test_an_unknown_name_costs_a_hash_as_a_known_one_does(client, person, monkeypatch):
    from django.contrib.auth.hashers import MD5PasswordHasher

    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda self, password, salt: hashed.append(1) or encode(self, password, salt)
    )
    give_password(client, "lin.yue", "wrong")
    known, hashed[:] = len(hashed), []
    give_password(client, "nobody", "wrong")

    assert len(hashed) == known


def test_a_thousand_wrong_passwords_lock_the_name_and_nobody_else(client, person):
    other = make_user("zhao.lei")
    answers = [give_password(client, "lin.yue" if i % 2 else "LIN.yue", f"wrong {i}").status_code for i in range(8)]
    assert answers == [200] * 4 + [429] * 4
    request = RequestFactory().post("/sign-in/")  # the rest at the same gate, without drawing the page each time
    assert {authenticate(request, username="lin.yue", password=f"wrong {i}") for i in range(992)} == {None}

    locked = give_password(client)
    assert locked.status_code == 429
    assert "not even the right one" in locked.content.decode()
    assert locked["Retry-After"] == "900"
    assert "_auth_user_id" not in client.session
    assert give_password(client, other.username)["Location"] == "/sign-in/authenticator/"


def test_after_the_pause_the_right_password_serves_again(client, person):
    from axes.models import AccessAttempt

    for i in range(6):
        give_password(client, password=f"wrong {i}")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timezone.timedelta(minutes=16))

    assert give_password(client)["Location"] == "/sign-in/authenticator/"


def test_many_wrong_codes_are_refused_with_the_pause_and_the_right_one_too(client, person, noon):
    device = make_device(person)
    give_password(client)
    right = code_of(device)
    wrong = f"{(int(right) + 1) % 1000000:06d}"
    answers = [client.post(CODE, {"code": wrong}).status_code for _ in range(150)]

    assert answers == [200, *[429] * 149]
    page = client.post(CODE, {"code": right})
    assert page.status_code == 429
    assert "Too many wrong codes" in page.content.decode()
    assert client.get("/desk/units/")["Location"].startswith(CODE)
    # The second factor of another person is not paused.
    other = make_user("zhao.lei")
    theirs = make_device(other)
    client.post("/sign-out/")
    give_password(client, "zhao.lei")
    assert client.post(CODE, {"code": code_of(theirs)})["Location"] == reverse("desk:overview")


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "\t//evil.example", "desk"],
)
def test_next_leads_only_to_our_own_paths(client, person, wanted):
    device = make_device(person)
    assert give_password(client, next=wanted)["Location"] == CODE
    assert client.post(CODE, {"code": code_of(device), "next": wanted})["Location"] == reverse("desk:overview")


def test_next_leads_back_to_where_one_wanted_to_go(client, person):
    device = make_device(person)
    first = client.get("/desk/units/?level=city")
    assert first["Location"] == "/sign-in/?next=/desk/units/%3Flevel%3Dcity"
    second = client.post(first["Location"], {"username": "lin.yue", "password": PASSWORD})
    assert client.post(second["Location"], {"code": code_of(device)})["Location"] == "/desk/units/?level=city"


def test_signing_out_is_a_post(client, person):
    sign_in(client, person)
    assert client.get("/sign-out/").status_code == 405
    client.post("/sign-out/")
    assert client.get("/me/")["Location"].startswith(SIGN_IN)


def test_a_first_password_must_be_changed_before_anything_else(client, person):
    first = actions.give_first_password(user=person, by=None)
    assert give_password(client, password=first)["Location"] == "/sign-in/password/"
    assert client.get("/sign-in/authenticator/")["Location"].startswith("/sign-in/password/")

    same = {"present": first, "password": first, "again": first}
    assert "a new one is wanted" in client.post("/sign-in/password/", same).content.decode()
    new = "correct horse battery staple"
    answer = client.post("/sign-in/password/", {"present": first, "password": new, "again": new})

    assert answer["Location"] == "/sign-in/authenticator/"
    person.refresh_from_db()
    assert person.check_password(new)


def test_giving_a_first_password_ends_second_factor_and_sessions(client, person):
    sign_in(client, person)
    actions.give_first_password(user=person, by=None)

    assert client.get("/me/")["Location"].startswith(SIGN_IN)
    assert not TOTPDevice.objects.filter(user=person).exists()


def test_renewing_the_second_factor_asks_for_the_password(client, person):
    sign_in(client, person)
    client.get("/sign-in/authenticator/")
    key = client.session["second_factor_key"]
    code = code_of(TOTPDevice(key=key))

    refused = client.post("/sign-in/authenticator/", {"present": "wrong", "code": code})
    assert "not your present password" in refused.content.decode()
    client.post("/sign-in/authenticator/", {"present": PASSWORD, "code": code})

    assert TOTPDevice.objects.get(user=person).key == key


def test_a_password_alone_does_not_replace_a_second_factor(client, person):
    make_device(person)
    give_password(client)

    assert client.get("/sign-in/authenticator/")["Location"].startswith(CODE)
    assert client.get("/me/recovery-codes/")["Location"].startswith(CODE)
    assert client.get("/sign-in/password/")["Location"].startswith(CODE)


def test_changing_the_password_keeps_this_session_and_ends_the_others(client, person):
    from django.test import Client

    elsewhere = sign_in(Client(), person)
    sign_in(client, person)
    new = "correct horse battery staple"
    client.post("/sign-in/password/", {"present": PASSWORD, "password": new, "again": new})

    assert client.get("/me/").status_code == 200
    assert elsewhere.get("/me/").status_code == 302


def test_the_page_about_oneself_shows_and_saves(client, cast):
    sign_in(client, cast.provincial)
    assert str(cast.provincial_unit) in client.get("/me/").content.decode()

    client.post("/me/", {"name": "<b>Bold</b>", "email": "p@example.org"})

    page = client.get("/me/").content.decode()
    assert "&lt;b&gt;Bold&lt;/b&gt;" in page
    assert "<b>Bold</b>" not in page
    assert AuditEvent.objects.get(verb="user.edit").after["name"] == "<b>Bold</b>"


def test_a_fragment_without_session_makes_the_whole_page_go(client):
    answer = client.get("/desk/units/", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == SIGN_IN


def test_new_recovery_codes_take_the_place_of_the_old(client, person):
    sign_in(client, person)
    client.post("/me/recovery-codes/", {"present": PASSWORD})
    old = set(StaticToken.objects.values_list("token", flat=True))
    client.post("/me/recovery-codes/", {"kept": "1"})
    client.post("/me/recovery-codes/", {"present": PASSWORD})

    assert len(old) == 10
    assert old.isdisjoint(StaticToken.objects.values_list("token", flat=True))


def test_a_sample_account_is_told_its_code_only_while_demo_is_on(client, person, settings):
    actions.enrol_with_known_secret(user=person, key=b"sample accounts only".hex())
    give_password(client)
    assert "Sample account" not in client.get(CODE).content.decode()

    settings.DEMO = True
    for _round in range(3):  # one after the other, though a code serves once and lasts 30 seconds
        told = re.search(r"<b>(\d{6})</b>", client.get(CODE).content.decode())
        assert told
        if _round < 2:
            assert client.post(CODE, {"code": told[1]})["Location"] == reverse("desk:overview")
            client.post("/sign-out/")
            give_password(client)


def test_a_real_account_is_never_told_its_code(client, person, settings):
    settings.DEMO = True
    make_device(person)
    give_password(client)
    assert "Sample account" not in client.get(CODE).content.decode()
