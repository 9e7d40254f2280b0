"""Reads of regions, units and posts. Every desk read of something owned by a unit starts from the scopes here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from .enums import Level, Role
from .models import Post, Region, Unit

if TYPE_CHECKING:
    from cyberweek.accounts.models import User


@dataclass(frozen=True)
class Scope:
    """What one person reaches: the units where they serve, by role, and the regions of those units."""

    units: frozenset[int]
    regions: frozenset[str]
    reviewing: frozenset[int]
    editing: frozenset[int]
    coordinating: frozenset[int]

    def seeing(self, path: str = "") -> Q:
        """The filter on rows whose owning unit is at `path` ("lead"; "" for units themselves) that this person sees."""
        return self._under(path, self.units) | Q(**{f"{_join(path, 'region_id')}__in": self.regions})

    def changing(self, path: str = "") -> Q:
        """… that this person may edit."""
        return self._under(path, self.editing)

    def deciding(self, path: str = "") -> Q:
        """… on which this person may decide (approve, return)."""
        return self._under(path, self.reviewing)

    def running(self, path: str = "") -> Q:
        """… whose units and posts this person may arrange."""
        return self._under(path, self.coordinating)

    @staticmethod
    def _under(path: str, units: Iterable[int]) -> Q:
        return Q(**{f"{_join(path, 'ancestry')}__overlap": list(units)})


def _join(path: str, name: str) -> str:
    return f"{path}__{name}" if path else name


def scope_of(user: User) -> Scope:
    """The scope of a person from their posts: one query."""
    posts = list(Post.objects.filter(person=user).select_related("unit"))

    def with_roles(*roles: Role) -> frozenset[int]:
        return frozenset(post.unit_id for post in posts if set(roles) & set(post.roles))

    return Scope(
        units=frozenset(post.unit_id for post in posts),
        regions=frozenset(post.unit.region_id for post in posts),
        reviewing=with_roles(Role.REVIEWER, Role.COORDINATOR),
        editing=with_roles(Role.EDITOR, Role.COORDINATOR),
        coordinating=with_roles(Role.COORDINATOR),
    )


def units_visible_to(user: User) -> QuerySet[Unit]:
    """Units that the person sees: own and below, and those of the same region."""
    return Unit.objects.filter(scope_of(user).seeing()).distinct()


def units_changeable_by(user: User) -> QuerySet[Unit]:
    """Units for which the person may enter and edit things."""
    return Unit.objects.filter(scope_of(user).changing())


def units_run_by(user: User) -> QuerySet[Unit]:
    """Units whose entry, children and posts the person may arrange."""
    return Unit.objects.filter(scope_of(user).running())


def posts_of(user: User) -> QuerySet[Post]:
    """The person's own posts, with their units."""
    return Post.objects.filter(person=user).select_related("unit", "unit__region", "unit__parent")


def regions_within(code: str) -> QuerySet[Region]:
    """The region itself and everything under it."""
    return Region.objects.filter(ancestry__contains=[code])


def regions_named(codes: Iterable[str]) -> dict[str, Region]:
    """The regions with these codes, by code; those that do not exist are missing."""
    return Region.objects.in_bulk(list(codes))


def units_named(codes: Iterable[str]) -> QuerySet[Unit]:
    """The units with these codes; those that do not exist are missing."""
    return Unit.objects.filter(code__in=list(codes))


def tiles_within(code: str) -> QuerySet[Region]:
    """The regions directly under `code` that have a place on the tile map."""
    return Region.objects.filter(parent_id=code, column__isnull=False)


def regions_directly_under(code: str) -> QuerySet[Region]:
    """The regions whose parent is `code`."""
    return Region.objects.filter(parent_id=code)


def path_to(region: Region) -> list[Region]:
    """The regions from the nation down to this one: one query."""
    known = Region.objects.in_bulk(region.ancestry)
    return [known[code] for code in region.ancestry]


class RegionStep(NamedTuple):
    """One choice on the way down to a region: `within` is what is chosen when none of the options is."""

    within: Region
    options: list[Region]
    chosen: str

    @property
    def label(self) -> str:
        """The level of the options: "Province", or "City / County" where both stand under the same region."""
        names = {option.level: option.get_level_display() for option in self.options}
        return " / ".join(names[level] for level in Level.values if level in names)


def steps_to(root: str, codes: Sequence[str]) -> list[RegionStep]:
    """The choices on the way from `root` to the last of `codes`, and the one below it: what a picker of regions shows.

    Each code has to lie within the one before; what does not is passed over, so a changed province drops the old
    one's city. Three queries.
    """
    known = Region.objects.in_bulk([root, *codes])
    if root not in known:
        return []
    at = known[root]
    for code in codes:
        if code in known and at.code in known[code].ancestry:
            at = known[code]
    path = [region for region in path_to(at) if root in region.ancestry]
    below: dict[str, list[Region]] = {region.code: [] for region in path}
    for child in Region.objects.filter(parent__in=below).order_by("code"):
        below[str(child.parent_id)].append(child)
    chosen = {str(region.parent_id): region.code for region in path}
    return [
        RegionStep(region, _in_reading_order(below[region.code]), chosen.get(region.code, ""))
        for region in path
        if below[region.code]
    ]


def _in_reading_order(regions: list[Region]) -> list[Region]:
    """Readers of Chinese know the order of the codes; others look a name up by its letters."""
    return regions if (get_language() or "").startswith("zh") else sorted(regions, key=lambda region: str(region.name))
