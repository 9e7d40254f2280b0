"""Reads of claims; and the passport of who asks."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from cyberweek.kernel.core.tokens import ForgedTokenError
from cyberweek.passport.core.passports import Passport, PassportOffice
from cyberweek.regions.queries import scope_of

from .models import Claim, Participant

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

LONGEST_CODE = 4000


def nicknames_of(participants: Iterable[str | UUID]) -> dict[str, str]:
    """Nicknames by participant: "" where it has been deleted, nothing for whom we do not know. One query."""
    found = Participant.objects.filter(pk__in=list(participants)).values_list("pk", "nickname")
    return {str(pk): nickname for pk, nickname in found}


def claims() -> QuerySet[Claim]:
    """Claims by their address, which only the invited are told. What they hold is no secret; their contact is."""
    return Claim.objects.select_related("edition", "unit", "contact")


def claims_visible_to(user: User) -> QuerySet[Claim]:
    """Claims of the units that the person sees, newest first."""
    return claims().filter(scope_of(user).seeing("unit"))


def claims_of(participant: UUID, *, now: dt.datetime) -> QuerySet[Claim]:
    """What a participant may still claim, or has claimed, in any edition; newest first."""
    return claims().filter(participant=participant, closes__gt=now)


def claims_for(award: str, *, contest: str) -> dict[str, Claim]:
    """The claims to one award, by participant."""
    return {str(claim.participant): claim for claim in claims().filter(contest=contest, award=award)}


def passport_in(text: str, *, now: dt.datetime) -> Passport:
    """The passport in what a page posts: the token itself, or the code that “My passport” shows.

    Raises ForgedTokenError for anything else.
    """
    text = "".join(text.split())
    if not text or len(text) > LONGEST_CODE:
        raise ForgedTokenError("no passport")
    if "." not in text:
        text = _token_of_code(text)
    return PassportOffice(settings.SECRET_KEY).open(text, int(now.timestamp() * 1000))


def _token_of_code(code: str) -> str:
    try:
        kept: Any = json.loads(base64.b64decode(code, validate=True))
        token = kept["passport"]
    except (binascii.Error, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ForgedTokenError("no passport") from error
    if not isinstance(token, str):
        raise ForgedTokenError("no passport")
    return token
