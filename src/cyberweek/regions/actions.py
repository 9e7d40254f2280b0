"""Writes of regions, units and posts. Who may is asked before (rules.py); what must hold in the data is refused here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from cyberweek.accounts.actions import create_organiser, give_first_password
from cyberweek.kernel.actions import record, snapshot
from cyberweek.kernel.core.localized import LocalizedText

from .core.divisions import Division
from .enums import Provenance, Role
from .models import Post, Region, Unit

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

UNIT_FIELDS: Final = ["code", "name", "level", "sector", "region", "parent", "accountable"]


class Refused(Exception):  # noqa: N818 -- reads as the sentence it makes
    """What the data does not allow. `field` names the field that the message belongs to, "" for the whole."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


# -- Regions ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Loaded:
    """What a table changed: how many regions are new, how many differ from before, how many were so already."""

    added: int
    changed: int
    same: int


@transaction.atomic
def load_regions(*, divisions: Sequence[Division], by: User | None = None) -> Loaded:
    """Make the regions what a table says; regions that it does not name stay. All or nothing; again changes nothing.

    `divisions` have parents before children, as `core.divisions.read_divisions` gives them.
    """
    known = {region.pk: region for region in Region.objects.filter(pk__in=[one.code for one in divisions])}
    wanted = [_region(one) for one in divisions]
    fields = ["name", "short", "level", "parent_id", "column", "row"]
    new = [one for one in wanted if one.pk not in known]
    changed = [
        one
        for one in wanted
        if one.pk in known and any(getattr(one, name) != getattr(known[one.pk], name) for name in fields)
    ]
    # A trigger derives each row's ancestry from its parent's, so those above are written first: one INSERT a level.
    for _level, rows in groupby(new, key=lambda one: one.level):
        Region.objects.bulk_create(list(rows), batch_size=1000)
    for region in changed:
        region.save(force_update=True, update_fields=fields)
    if wanted and (new or changed):
        after = {"added": len(new), "changed": len(changed)}
        record(actor=by, verb="region.load", thing=Region.objects.get(pk=wanted[0].pk), after=after)
    return Loaded(len(new), len(changed), len(wanted) - len(new) - len(changed))


def _region(division: Division) -> Region:
    column, row = division.tile or (None, None)
    return Region(
        code=division.code,
        name=LocalizedText(division.name),
        short=LocalizedText(division.short),
        level=division.level,
        parent_id=division.parent or None,
        column=column,
        row=row,
    )


# -- Units ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def create_unit(
    *,
    code: str,
    name: LocalizedText,
    level: str,
    sector: str,
    region: Region,
    parent: Unit | None,
    by: User | None,
    provenance: str = Provenance.OWN,
) -> Unit:
    """A new organiser under `parent`. Raises Refused when its region lies outside the parent's."""
    _refuse_foreign_region(region, parent)
    unit = Unit.objects.create(
        code=code, name=name, level=level, sector=sector, region=region, parent=parent, provenance=provenance
    )
    unit.refresh_from_db(fields=["ancestry"])
    record(actor=by, verb="unit.create", thing=unit, unit=unit.pk, after=snapshot(unit, UNIT_FIELDS))
    return unit


@transaction.atomic
def edit_unit(*, unit: Unit, name: LocalizedText, sector: str, level: str, region: Region, by: User | None) -> Unit:
    """Change what a unit is. Raises Refused when the region lies outside the parent's, or leaves a child outside."""
    unit = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    before = snapshot(unit, UNIT_FIELDS)
    if region.pk != unit.region_id:
        _refuse_foreign_region(region, unit.parent)
        stray = unit.children.exclude(region__ancestry__contains=[region.pk]).first()
        if stray:
            raise Refused(
                _("%(child)s stands under this unit and its region lies outside %(region)s.")
                % {"child": stray, "region": region},
                "region",
            )
    unit.name, unit.sector, unit.level, unit.region = name, sector, level, region
    unit.save(update_fields=["name", "sector", "level", "region"])
    record(actor=by, verb="unit.edit", thing=unit, unit=unit.pk, before=before, after=snapshot(unit, UNIT_FIELDS))
    return unit


@transaction.atomic
def move_unit(*, unit: Unit, parent: Unit | None, by: User | None) -> Unit:
    """Put a unit, with all that stand under it, under another. Raises Refused for a circle and for a foreign region.

    The database refuses a circle; it also sees the one that two moves at the same moment would close together.
    """
    with connection.cursor() as cursor:
        # The lock that the database's own check takes, before any row's: two moves wait here and not for each other.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('regions_unit'))")
    unit = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    if unit.parent_id == (parent.pk if parent else None):
        return unit
    _refuse_foreign_region(unit.region, parent, field="parent")
    before = snapshot(unit, ["parent"])
    unit.parent = parent
    try:
        with transaction.atomic():
            unit.save(update_fields=["parent"])
    except IntegrityError as problem:
        if "cannot stand under itself" not in str(problem):
            raise
        raise Refused(
            _("%(parent)s stands under %(unit)s itself: that would be a circle.") % {"parent": parent, "unit": unit},
            "parent",
        ) from None
    unit.refresh_from_db(fields=["ancestry"])
    record(actor=by, verb="unit.move", thing=unit, unit=unit.pk, before=before, after=snapshot(unit, ["parent"]))
    return unit


@transaction.atomic
def name_accountable(*, unit: Unit, person: User | None, by: User | None) -> None:
    """Name the one person who answers for the unit; None takes the name away."""
    unit = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    before = snapshot(unit, ["accountable"])
    unit.accountable = person
    unit.save(update_fields=["accountable"])
    after = snapshot(unit, ["accountable"])
    record(actor=by, verb="unit.name-accountable", thing=unit, unit=unit.pk, before=before, after=after)


def _refuse_foreign_region(region: Region, parent: Unit | None, *, field: str = "region") -> None:
    """A unit's region decides which plans it sees, so it lies within the region of the unit above."""
    if parent and parent.region_id not in region.ancestry:
        raise Refused(
            _("%(region)s is not within %(above)s, the region of %(parent)s.")
            % {"region": region, "above": parent.region, "parent": parent},
            field,
        )


# -- Posts ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def appoint(*, person: User, unit: Unit, roles: Iterable[str], by: User | None) -> Post:
    """Give a person a post. Raises Refused when they serve in the unit already."""
    post = Post(person=person, unit=unit, roles=_ordered(roles))
    try:
        with transaction.atomic():
            post.save()
    except IntegrityError:
        raise Refused(_("%(person)s serves in this unit already.") % {"person": person}, "username") from None
    record(actor=by, verb="post.appoint", thing=post, unit=unit.pk, after=_words(post))
    return post


@transaction.atomic
def appoint_new_person(
    *, username: str, name: str, unit: Unit, roles: Iterable[str], by: User | None
) -> tuple[Post, str]:
    """Make an account and give it a post. Returns the post and the one-time first password."""
    try:
        with transaction.atomic():
            person = create_organiser(username=username, name=name, password=None, by=by)
    except IntegrityError:
        raise Refused(_("This user name is taken."), "username") from None
    password = give_first_password(user=person, by=by)
    return appoint(person=person, unit=unit, roles=roles, by=by), password


@transaction.atomic
def change_roles(*, post: Post, roles: Iterable[str], by: User | None) -> Post:
    """Change what a person does in a unit. Raises Refused when that leaves the unit to nobody."""
    post, others = _with_other_coordinators(post)
    before = _words(post)
    post.roles = _ordered(roles)
    if Role.COORDINATOR in before["roles"] and Role.COORDINATOR not in post.roles:
        _refuse_unled(post, others)
    post.save(update_fields=["roles"])
    record(actor=by, verb="post.change", thing=post, unit=post.unit_id, before=before, after=_words(post))
    return post


@transaction.atomic
def dismiss(*, post: Post, by: User | None, reason: str = "") -> None:
    """End a post. Raises Refused for the last coordinator of a tree: a successor comes first."""
    post, others = _with_other_coordinators(post)
    if Role.COORDINATOR in post.roles:
        _refuse_unled(post, others)
    record(actor=by, verb="post.dismiss", thing=post, unit=post.unit_id, before=_words(post), reason=reason)
    post.delete()


def _with_other_coordinators(post: Post) -> tuple[Post, list[Post]]:
    """The post, and the others that coordinate its unit from there or above; all locked, in one order, so that two
    who leave at the same moment see each other."""
    above = Unit.objects.get(pk=post.unit_id).ancestry
    coordinates = Q(unit__in=above, roles__contains=[Role.COORDINATOR], person__is_active=True)
    rows = Post.objects.select_for_update(of=("self",)).select_related("unit", "person").order_by("pk")
    locked = {one.pk: one for one in rows.filter(Q(pk=post.pk) | coordinates)}
    if post.pk not in locked:
        raise Refused(_("This post has ended already."))
    return locked.pop(post.pk), list(locked.values())


def _refuse_unled(post: Post, others: list[Post]) -> None:
    if not others:
        raise Refused(
            _("%(person)s is the last coordinator of %(unit)s and there is none above: appoint a successor first.")
            % {"person": post.person, "unit": post.unit},
            "roles",
        )


def _ordered(roles: Iterable[str]) -> list[str]:
    given = set(roles)
    return [role.value for role in Role if role in given]


def _words(post: Post) -> dict[str, Any]:
    return {"person": post.person.username, "unit": post.unit.code, "roles": list(post.roles)}
