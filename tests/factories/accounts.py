from __future__ import annotations

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice

from cyberweek.accounts.models import User


def make_device(user: User) -> TOTPDevice:
    """A confirmed authenticator of the person."""
    mine = {"user": user, "confirmed": True}
    return TOTPDevice.objects.filter(**mine).first() or TOTPDevice.objects.create(name="authenticator", **mine)


def sign_in(client: Client, user: User) -> Client:
    """A session as password and second factor leave it, which every desk page asks for.

    Written down rather than gone through: `force_login` takes thirty queries, and most tests begin with this.
    """
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[DEVICE_ID_SESSION_KEY] = make_device(user).persistent_id
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client
