from __future__ import annotations

from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice

from cyberweek.accounts.models import User


def make_device(user: User) -> TOTPDevice:
    """A confirmed authenticator of the person."""
    device, _ = TOTPDevice.objects.get_or_create(user=user, confirmed=True, defaults={"name": "authenticator"})
    return device


def sign_in(client: Client, user: User) -> Client:
    """A session with password and second factor: what every desk page asks for."""
    client.force_login(user)
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = make_device(user).persistent_id
    session.save()
    return client
