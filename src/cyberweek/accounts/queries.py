"""Reads of accounts."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from .models import User

if TYPE_CHECKING:
    from django.db.models import QuerySet

SAMPLE: Final = "sample"  # the name of an authenticator whose secret is published


def recovery_codes_left(user: User) -> int:
    """How many one-time recovery codes the person still has."""
    left: int = StaticToken.objects.filter(device__user=user, device__confirmed=True).count()
    return left


def sample_code(user: User, *, now: dt.datetime) -> str:
    """The code that opens a sample account now: while DEMO is on, and only for accounts with the published secret."""
    device = TOTPDevice.objects.filter(user=user, name=SAMPLE, confirmed=True).first() if settings.DEMO else None
    if device is None:
        return ""
    step = TOTP(device.bin_key)
    step.time = max(now.timestamp(), (device.last_t + 1) * device.step)  # a code serves once; the next one is let in
    return f"{step.token():06d}"


def people_named(username: str) -> QuerySet[User]:
    """The person with this user name, if any; upper and lower case do not matter."""
    return User.objects.filter(username=username.lower())
