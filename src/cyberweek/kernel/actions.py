"""Writes of the kernel: the audit trail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from .models import AuditEvent

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


class Outdated(Exception):  # noqa: N818 -- reads as the sentence it makes
    """Somebody else has changed the row since it was read; `present` is how it stands now."""

    def __init__(self, present: Any) -> None:
        super().__init__(str(present))
        self.present = present


def snapshot(thing: models.Model, fields: Iterable[str]) -> dict[str, Any]:
    """The named fields of a row as plain JSON values: what an audit event keeps as before and after."""
    return {name: _plain(getattr(thing, name)) for name in fields}


def record(
    *,
    actor: AbstractBaseUser | None,
    verb: str,
    thing: models.Model,
    unit: int | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> AuditEvent:
    """Add one audit event about `thing`, in the caller's transaction. Of before and after only what differs is kept."""
    before, after = dict(before or {}), dict(after or {})
    same = {name for name in before if name in after and before[name] == after[name]}
    return AuditEvent.objects.create(
        actor_id=actor.pk if actor else None,
        verb=verb,
        noun=thing._meta.label_lower.replace("cyberweek.", ""),
        key=str(getattr(thing, "code", "") or thing.pk),
        label=str(thing)[:200],
        unit=unit,
        before={name: value for name, value in before.items() if name not in same},
        after={name: value for name, value in after.items() if name not in same},
        reason=reason,
    )


def _plain(value: Any) -> Any:
    if isinstance(value, models.Model):
        return str(value)
    if isinstance(value, dict):
        return dict(value)
    if value is None or isinstance(value, str | int | float | bool | list):
        return value
    return DjangoJSONEncoder().default(value)
