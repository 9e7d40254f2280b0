"""Reads of accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django_otp.plugins.otp_static.models import StaticToken

from .models import User

if TYPE_CHECKING:
    from django.db.models import QuerySet


def recovery_codes_left(user: User) -> int:
    """How many one-time recovery codes the person still has."""
    left: int = StaticToken.objects.filter(device__user=user, device__confirmed=True).count()
    return left


def people_named(username: str) -> QuerySet[User]:
    """The person with this user name, if any; upper and lower case do not matter."""
    return User.objects.filter(username=username.lower())
