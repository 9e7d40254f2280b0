"""Reads of notices and of how people are told."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from cyberweek.editions.models import Edition
from cyberweek.planning.models import Notice, Reader

if TYPE_CHECKING:
    from cyberweek.accounts.models import User


def notices_of(user: User, edition: Edition) -> QuerySet[Notice]:
    """What the person was told in the edition, newest first."""
    rows = Notice.objects.filter(person=user, task__edition=edition).select_related("task__unit")
    return rows.defer("task__what", "task__deliverables").order_by("-id")


def unread_of(user: User, edition: Edition | None = None) -> QuerySet[Notice]:
    """… and has not read yet; of all editions where none is named."""
    rows = Notice.objects.filter(person=user, read_at=None)
    return rows.filter(task__edition=edition) if edition else rows


def unread_in(user: Any, slug: str) -> int:
    """How many unread notices a visitor has in the edition of this slug."""
    if not isinstance(user, get_user_model()):
        return 0
    return Notice.objects.filter(person=user, read_at=None, task__edition__slug=slug).count()


def reader_of(user: User) -> Reader:
    """How the person is told; nothing is written for who never chose."""
    return Reader.objects.filter(person=user).first() or Reader(person=user)


def hash_of(token: str) -> str:
    """What is kept of the secret of a calendar."""
    return hashlib.sha256(token.encode()).hexdigest()


def reader_with(token: str) -> Reader | None:
    """Whose calendar it is, as long as they may sign in."""
    return Reader.objects.filter(feed_hash=hash_of(token), person__is_active=True).select_related("person").first()
