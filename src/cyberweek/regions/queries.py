"""Reads of regions, units and posts. Every desk read of something owned by a unit starts from the scopes here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Case, Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import get_language

from cyberweek.kernel.core.localized import LANGUAGES
from cyberweek.kernel.queries import says

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


def units_visible_to(user: User, scope: Scope | None = None) -> QuerySet[Unit]:
    """Units that the person sees: own and below, and those of the same region; keepers also those at the top."""
    seen = (scope or scope_of(user)).seeing()
    return Unit.objects.filter(seen | Q(parent=None) if user.is_keeper else seen)


def units_changeable_by(user: User, scope: Scope | None = None) -> QuerySet[Unit]:
    """Units for which the person may enter and edit things."""
    return Unit.objects.filter((scope or scope_of(user)).changing())


def units_run_by(user: User, scope: Scope | None = None) -> QuerySet[Unit]:
    """Units whose entry, children and posts the person may arrange."""
    return Unit.objects.filter((scope or scope_of(user)).running())


def with_counts(units: QuerySet[Unit]) -> QuerySet[Unit]:
    """The units with their region, unit above and accountable person, `n_children`, `n_posts` and `depth` (from 1), as a tree."""
    children = (
        Unit.objects.filter(parent=OuterRef("pk")).order_by().values("parent").annotate(n=Count("pk")).values("n")
    )
    posts = Post.objects.filter(unit=OuterRef("pk")).order_by().values("unit").annotate(n=Count("pk")).values("n")
    return (
        units.select_related("region", "parent", "accountable")
        .annotate(
            n_children=Coalesce(Subquery(children), 0),
            n_posts=Coalesce(Subquery(posts), 0),
            depth=F("ancestry__len"),
        )
        .order_by("ancestry")
    )


def units_matching(
    units: QuerySet[Unit], *, q: str = "", level: str = "", sector: str = "", region: str = ""
) -> QuerySet[Unit]:
    """Of the units those that fit all that is given: words in name or code, level, sector, region with all under it."""
    if q:
        units = units.filter(Q(code__icontains=q) | says(q, "name"))
    if level:
        units = units.filter(level=level)
    if sector:
        units = units.filter(sector=sector)
    if region:
        units = units.filter(region__ancestry__contains=[region])
    return units


def regions_to_filter(user: User, scope: Scope | None = None) -> QuerySet[Region]:
    """The person's own regions and those right under them that hold a unit which the person sees."""
    own = (scope or scope_of(user)).regions
    held = Exists(units_visible_to(user, scope).filter(region__ancestry__contains=[OuterRef("pk")]))
    return Region.objects.filter(Q(pk__in=own) | Q(held, parent__in=own)).order_by("code")


def top_depth(units: QuerySet[Unit]) -> int:
    """How deep the highest of the units stands in its tree, from 1; 1 where there are none."""
    found: int | None = units.order_by().aggregate(least=Min("ancestry__len"))["least"]
    return found or 1


def chain_of(unit: Unit) -> list[Unit]:
    """The units above, from the top of the tree down to the unit's parent: one query."""
    above = {one.pk: one for one in Unit.objects.filter(pk__in=unit.ancestry[:-1])}
    return [above[pk] for pk in unit.ancestry[:-1] if pk in above]


def posts_in(unit: Unit) -> QuerySet[Post]:
    """The posts of the unit itself, coordinators first."""
    coordinates = Case(When(roles__contains=[Role.COORDINATOR], then=Value(0)), default=Value(1))
    return Post.objects.filter(unit=unit).select_related("person", "unit").order_by(coordinates, "person__name", "pk")


def is_unled(unit: Unit) -> bool:
    """True when nobody who may sign in coordinates the unit."""
    return not Post.objects.filter(unit=unit, roles__contains=[Role.COORDINATOR], person__is_active=True).exists()


def units_of_person(person: User) -> list[Unit]:
    """Where the person serves."""
    return [post.unit for post in Post.objects.filter(person=person).select_related("unit")]


def people_visible_to(user: User, scope: Scope | None = None) -> QuerySet[Post]:
    """The posts, with their people, of all units that the person sees."""
    posts = Post.objects.filter((scope or scope_of(user)).seeing("unit"))
    return posts.select_related("person", "unit").order_by("person__name", "pk")


def unit_of_code(code: str) -> Unit | None:
    """For commands, which stand above all scopes."""
    return Unit.objects.filter(code=code).first()


def all_codes() -> set[str]:
    """The codes of all regions."""
    return set(Region.objects.values_list("pk", flat=True))


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


def units_called(names: Iterable[str]) -> QuerySet[Unit]:
    """The units that have one of these as their code or, in any language, as their exact name."""
    return Unit.objects.filter(is_called(names)).select_related("region").order_by("code")


def regions_called(names: Iterable[str], *, within: str) -> QuerySet[Region]:
    """The regions within `within` that have one of these as their code or, in any language, as their exact name."""
    return regions_within(within).filter(is_called(names)).order_by("code")


def is_called(names: Iterable[str]) -> Q:
    """Of units and regions: one of these is the code or, in any language, the exact name."""
    names = list(names)
    found = Q(code__in=names)
    for tag in LANGUAGES:
        found |= Q(**{f"name__{tag}__in": names})
    return found


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
