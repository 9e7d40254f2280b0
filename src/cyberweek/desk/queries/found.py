"""What a search of the desk finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Q

from cyberweek.kernel.queries import says
from cyberweek.programme.models import Activity
from cyberweek.programme.queries import activities_visible_to
from cyberweek.regions.models import Post, Unit
from cyberweek.regions.queries import Scope, people_visible_to, units_matching, units_visible_to, with_counts

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

FOUND: Final = 20  # of each kind on the page of what was found


@dataclass(frozen=True)
class Found:
    """The first of each kind, and how many there are in all."""

    activities: list[Activity]
    n_activities: int
    units: list[Unit]
    n_units: int
    people: list[Post]
    n_people: int

    def any(self) -> bool:
        return bool(self.n_activities or self.n_units or self.n_people)


def find(q: str, user: User, scope: Scope) -> Found:
    """Activities by title or number, units by name or code, people by name or user name; all in the person's scope."""
    titled = Q(code__iexact=q) | says(q, "title")
    activities = activities_visible_to(user, scope).filter(titled).order_by("-edition__year", "starts", "pk")
    units = with_counts(units_matching(units_visible_to(user, scope), q=q)).order_by("code")
    people = people_visible_to(user, scope).filter(Q(person__name__icontains=q) | Q(person__username__icontains=q))
    return Found(
        list(activities[:FOUND]), activities.count(), list(units[:FOUND]), units.count(), list(people[:FOUND]),
        people.count(),
    )  # fmt: skip
