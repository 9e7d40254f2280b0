"""Writes of regions, units and posts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction

from cyberweek.kernel.actions import record, snapshot

from .enums import Role
from .models import Post, Unit

if TYPE_CHECKING:
    from cyberweek.accounts.models import User


@transaction.atomic
def load_units(*, rows: Iterable[Mapping[str, Any]], by: User | None) -> dict[str, Unit]:
    """Make the units of a file that do not exist, parents before children, and give all of them by code.

    An accountable person is entered without a password, so nobody signs in by that name until a coordinator sets one.
    Units that exist stay as they are.
    """
    rows = list(rows)
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=[row["code"] for row in rows])}
    for row in rows:
        if row["code"] in units:
            continue
        unit = Unit.objects.create(
            **{name: row[name] for name in ("code", "name", "level", "sector", "region", "provenance")},
            parent=units[row["parent"]] if row["parent"] else None,
        )
        if row["accountable"]:
            person = _accountable(unit, row["accountable"])
            Unit.objects.filter(pk=unit.pk).update(accountable=person)
        units[unit.code] = unit
        record(
            actor=by, verb="unit.create", thing=unit, unit=unit.pk,
            after={**snapshot(unit, ["name", "level", "sector", "region"]), "accountable": row["accountable"]},
        )  # fmt: skip
    return {unit.code: unit for unit in Unit.objects.filter(pk__in=[unit.pk for unit in units.values()])}


def _accountable(unit: Unit, name: str) -> User:
    people = Post._meta.get_field("person").related_model.objects
    person: User = people.filter(username=unit.code).first() or people.create_user(
        username=unit.code, name=name, password=None, is_active=False
    )
    Post.objects.get_or_create(person=person, unit=unit, defaults={"roles": [Role.COORDINATOR]})
    return person
