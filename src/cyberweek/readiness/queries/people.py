from __future__ import annotations

from cyberweek.accounts.models import User
from cyberweek.regions.models import Post, Unit
from django.db.models import QuerySet


def people_to_name(unit: Unit) -> QuerySet[User]:
    """Who can be named for a unit: whoever has a post there or above and may sign in."""
    held = Post.objects.filter(unit__in=unit.ancestry).order_by().values("person")
    return User.objects.filter(pk__in=held, is_active=True).order_by("name", "pk")
