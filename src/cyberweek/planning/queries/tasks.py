"""Reads of tasks: every one starts from a scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from cyberweek.planning.models import Task
from cyberweek.regions.queries import Scope, scope_of

if TYPE_CHECKING:
    from cyberweek.accounts.models import User


def tasks_visible_to(user: User, scope: Scope | None = None) -> QuerySet[Task]:
    """Tasks of the person's units and those under them, and of the units of the same region."""
    return Task.objects.filter((scope or scope_of(user)).seeing("unit"))


def tasks_changeable_by(user: User, scope: Scope | None = None) -> QuerySet[Task]:
    """Tasks that the person may report on and edit: of their units and those under them."""
    return Task.objects.filter((scope or scope_of(user)).changing("unit"))
