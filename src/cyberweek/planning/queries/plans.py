"""Reads of plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from cyberweek.planning.models import Plan
from cyberweek.regions.models import Unit
from cyberweek.regions.queries import Scope, scope_of

if TYPE_CHECKING:
    from cyberweek.accounts.models import User


def plans_visible_to(user: User, scope: Scope | None = None) -> QuerySet[Plan]:
    """Plans that this person sees: of units that they see, and of every unit above their own."""
    scope = scope or scope_of(user)
    lines = Unit.objects.filter(pk__in=scope.units).values_list("ancestry", flat=True)
    above = {pk for line in lines for pk in line}
    return Plan.objects.filter(scope.seeing("unit") | Q(unit__in=above)).select_related("unit", "edition")
