"""Writes of accounts: people, their passwords, their second factor."""

from __future__ import annotations

import datetime as dt
import secrets
from base64 import b32encode
from binascii import unhexlify
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from cyberweek.kernel.actions import record, snapshot

from .core.first_password import make_first_password
from .models import User
from .queries import SAMPLE

if TYPE_CHECKING:
    from django_otp.models import Device

RECOVERY_CODES = 10


@transaction.atomic
def create_organiser(
    *, username: str, name: str, password: str | None, by: User | None, email: str = "", is_keeper: bool = False
) -> User:
    """A person who may sign in. The password is theirs for good; see `give_first_password` for one to pass on.

    With None for a password nobody signs in by that name until one is given.
    """
    user = User.objects.create_user(username=username, name=name, password=password, email=email, is_keeper=is_keeper)
    record(actor=by, verb="user.create", thing=user, after=snapshot(user, ["username", "name", "email", "is_keeper"]))
    return user


@transaction.atomic
def give_first_password(*, user: User, by: User | None, reason: str = "") -> str:
    """A new password that must be changed at once; second factor and all sessions of the person end. Returns it."""
    password = make_first_password()
    user.set_password(password)
    user.has_first_password = True
    user.save(update_fields=["password", "has_first_password"])
    _forget_second_factor(user)
    record(actor=by, verb="user.renew-access", thing=user, reason=reason)
    return password


@transaction.atomic
def change_password(*, user: User, password: str) -> None:
    """The person's own new password; their other sessions end with the old one."""
    user.set_password(password)
    user.has_first_password = False
    user.save(update_fields=["password", "has_first_password"])
    record(actor=user, verb="user.change-password", thing=user)


@transaction.atomic
def edit_profile(*, user: User, name: str, email: str) -> None:
    """What the person says of themselves."""
    user = User.objects.select_for_update().get(pk=user.pk)  # as it is, not as a form has already changed it
    before = snapshot(user, ["name", "email"])
    user.name, user.email = name, email
    user.save(update_fields=["name", "email"])
    record(actor=user, verb="user.edit", thing=user, before=before, after=snapshot(user, ["name", "email"]))


@dataclass(frozen=True)
class Checked:
    """What came of a code: the device that took it, or how long no code is taken after too many wrong ones."""

    device: Device | None
    wait: dt.timedelta = dt.timedelta()


@transaction.atomic
def check_code(*, user: User, code: str, now: dt.datetime) -> Checked:
    """Try a code of six digits on the authenticator, any other on the recovery codes. Wrong ones are counted: the
    pause doubles with each (django-otp), and a code serves once. Returns instead of raising, so the count is kept."""
    kind = TOTPDevice if len(code) == 6 and code.isdecimal() else StaticDevice
    longest = dt.timedelta()
    for device in kind.objects.devices_for_user(user, confirmed=True).select_for_update():
        allowed, why = device.verify_is_allowed()
        if not allowed:
            longest = max(longest, why["locked_until"] - now)
        elif device.verify_token(code):
            record(actor=user, verb="user.sign-in", thing=user, after={"by": device.name})
            return Checked(device)
    return Checked(None, longest)


def new_key() -> str:
    """A random secret for an authenticator, in hexadecimal."""
    return str(default_key())


def readable_key(key: str) -> str:
    """The secret as people type it into an authenticator: base 32 in groups of four."""
    text = b32encode(unhexlify(key)).decode().rstrip("=")
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


@transaction.atomic
def confirm_second_factor(*, user: User, key: str, code: str, now: dt.datetime) -> tuple[Device, list[str]] | None:
    """Take `key` as the person's second factor when `code` proves that their authenticator has it, else None.

    Replaces any earlier authenticator and its recovery codes. Returns the device and ten new recovery codes.
    """
    step = TOTP(unhexlify(key))
    step.time = now.timestamp()
    if not code.isdecimal() or not step.verify(int(code), tolerance=1):
        return None
    _forget_second_factor(user)
    device = TOTPDevice.objects.create(user=user, key=key, name="authenticator", drift=step.drift, last_t=step.t())
    record(actor=user, verb="user.second-factor", thing=user)
    return device, _make_recovery_codes(user)


@transaction.atomic
def renew_recovery_codes(*, user: User) -> list[str]:
    """Ten new recovery codes; the earlier ones end."""
    record(actor=user, verb="user.recovery-codes", thing=user)
    return _make_recovery_codes(user)


@transaction.atomic
def enrol_with_known_secret(*, user: User, key: str) -> None:
    """Give a sample account an authenticator with a published secret. For the demo alone: it protects nothing."""
    _forget_second_factor(user)
    TOTPDevice.objects.create(user=user, key=key, name=SAMPLE)
    record(actor=None, verb="user.second-factor", thing=user, reason="sample account")


def _make_recovery_codes(user: User) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery-codes")
    codes = [secrets.token_hex(5) for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _forget_second_factor(user: User) -> None:
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
