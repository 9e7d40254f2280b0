"""Writes of the kernel: the audit trail, and forms that count once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, models, transaction
from django.utils import translation
from django.utils.functional import Promise

from .core.localized import LANGUAGES, LocalizedText
from .models import AuditEvent, Press

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


REMEMBERED_FOR: Final = dt.timedelta(days=7)  # a page left open for longer makes a second thing


class Outdated(Exception):  # noqa: N818 -- reads as the sentence it makes
    """Somebody else has changed the row since it was read; `present` is how it stands now."""

    def __init__(self, present: Any) -> None:
        super().__init__(str(present))
        self.present = present


def snapshot(thing: models.Model, fields: Iterable[str]) -> dict[str, Any]:
    """The named fields of a row as plain JSON values: what an audit event keeps as before and after."""
    return {name: plain(getattr(thing, name)) for name in fields}


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
    """Add one audit event about `thing`, in the caller's transaction. Of before and after only what differs is kept.

    Their values are plain JSON, or what has a name: rows and lazy texts, kept in each language in which they read otherwise.
    """
    before, after = ({name: plain(value) for name, value in (side or {}).items()} for side in (before, after))
    names = named(thing)
    same = {name for name in before if name in after and before[name] == after[name]}
    return AuditEvent.objects.create(
        actor_id=actor.pk if actor else None,
        verb=verb,
        noun=thing._meta.label_lower.replace("cyberweek.", ""),
        key=str(getattr(thing, "code", "") or thing.pk),
        label=str(thing)[:200],
        names={tag: name[:200] for tag, name in names.items()},
        unit=unit,
        before={name: value for name, value in before.items() if name not in same},
        after={name: value for name, value in after.items() if name not in same},
        reason=reason,
    )


def press(*, form: str, said: str, now: dt.datetime) -> tuple[Press, bool]:
    """The row of a form that is sent, and whether this is its first time. Call it in a transaction, and `settle` in the same.

    Who comes second waits here until the first has made its thing, or has failed: then the second is the first.
    """
    try:
        with transaction.atomic():
            return Press.objects.create(form=form, said=said, at=now), True
    except IntegrityError:
        return Press.objects.get(form=form, said=said), False


def settle(*, press: Press, led_to: str) -> None:
    """Keep where the form led; one that made nothing may be sent again."""
    if led_to:
        press.led_to = led_to
        press.save(update_fields=["led_to"])
    else:
        press.delete()


def forget_presses(*, now: dt.datetime) -> int:
    """Delete what is older than anybody's open page. How many went."""
    gone, _each = Press.objects.filter(at__lt=now - REMEMBERED_FOR).delete()
    return gone


def named(thing: object) -> LocalizedText:
    """What a thing is called, by language; empty where that is the same in all."""
    names = {}
    for tag in LANGUAGES:
        with translation.override(tag):
            names[tag] = str(thing)
    return LocalizedText(names if len(set(names.values())) > 1 else {})


def plain(value: Any) -> Any:
    """A value as JSON keeps it; of a row, or a lazy text, what it is called: by language where it reads otherwise in another."""
    if isinstance(value, models.Model | Promise):
        return dict(named(value)) or str(value)
    if isinstance(value, dict):
        return dict(value)
    if isinstance(value, list):
        return [plain(one) for one in value]
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return DjangoJSONEncoder().default(value)
