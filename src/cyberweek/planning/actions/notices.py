"""How a person is told: notices read, mail on or off, the secret of the calendar."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import TYPE_CHECKING

from django.db import transaction

from cyberweek.editions.models import Edition
from cyberweek.kernel.actions import record
from cyberweek.planning.models import Reader, Task
from cyberweek.planning.queries.notices import hash_of, unread_of

if TYPE_CHECKING:
    from cyberweek.accounts.models import User


def read_notices(
    *, user: User, edition: Edition, now: dt.datetime, upto: int | None = None, task: Task | None = None
) -> int:
    """Mark the person's notices as read: all up to the newest that was shown, or those of one task."""
    rows = unread_of(user, edition)
    if upto is not None:
        rows = rows.filter(pk__lte=upto)
    if task is not None:
        rows = rows.filter(task=task)
    return rows.update(read_at=now)


@transaction.atomic
def choose_mail(*, user: User, wants: bool) -> None:
    """Turn the daily mail on or off."""
    reader, _made = Reader.objects.update_or_create(person=user, defaults={"wants_mail": wants})
    record(actor=user, verb="task.choose-mail", thing=reader, after={"wants_mail": wants})


@transaction.atomic
def renew_feed(*, user: User, now: dt.datetime) -> str:
    """A new secret for the person's calendar; the one before stops at once. It is given here and kept nowhere."""
    token = secrets.token_urlsafe(24)
    reader, _made = Reader.objects.update_or_create(
        person=user, defaults={"feed_hash": hash_of(token), "feed_since": now}
    )
    record(actor=user, verb="task.renew-feed", thing=reader)
    return token


@transaction.atomic
def end_feed(*, user: User) -> None:
    """No calendar of the person's is answered any more."""
    reader, _made = Reader.objects.update_or_create(person=user, defaults={"feed_hash": None, "feed_since": None})
    record(actor=user, verb="task.end-feed", thing=reader)
