from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import F

from cyberweek.kernel.actions import record, snapshot
from cyberweek.knowledge.core import release
from cyberweek.knowledge.core.items import Fault, faults_of
from cyberweek.knowledge.enums import ItemState
from cyberweek.knowledge.models import Item, Topic
from cyberweek.regions.models import Unit

from .refusals import ItemRefusedError, ItemsRefusedError, StaleItemError

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

_FIELDS = (
    "topic", "kind", "stem", "options", "key", "explanation", "reference_kind", "reference_title", "reference_version",
    "reference_article", "reference_section", "owner", "state", "revision",
)  # fmt: skip


class Loaded(NamedTuple):
    """What loading a bank came to: items added, items that were there as they are, items that say something else."""

    added: int
    same: int
    different: list[str]


@transaction.atomic
def create_item(*, owner: Unit, content: release.Item, state: ItemState, by: User | None, now: dt.datetime) -> Item:
    """Add an item to the bank. Raises ItemRefusedError, also when the code is taken."""
    _refuse_faults(content, state)
    item = Item(code=content.id, owner=owner, state=state, changed=now)
    item.say(content)
    try:
        with transaction.atomic():
            item.save(force_insert=True)
    except IntegrityError as error:
        if Item.objects.filter(code=item.code).exists():
            raise ItemRefusedError(item.code, [Fault("code", "taken-code", {"code": item.code})]) from error
        raise
    _note(item, "item.create", by=by, before={})
    return item


@transaction.atomic
def edit_item(
    *,
    item: Item,
    owner: Unit,
    content: release.Item,
    state: ItemState,
    revision: int,
    by: User | None,
    now: dt.datetime,
) -> Item:
    """Change what the item says. `revision` is the one that the change was made from: raises StaleItemError when
    somebody else was faster, ItemRefusedError when the item is not fit for the state."""
    _refuse_faults(content, state)
    before = snapshot(item, _FIELDS)
    item.say(content)
    item.owner = owner
    item.state = state
    _save_revision(item, revision, now)
    _note(item, "item.edit", by=by, before=before)
    return item


@transaction.atomic
def retire_item(*, item: Item, by: User | None, now: dt.datetime, reason: str = "") -> Item:
    """Draw the item no more, from the next release on. Papers that it was on keep it."""
    return _move(item, ItemState.RETIRED, "item.retire", by=by, now=now, reason=reason)


@transaction.atomic
def restore_item(*, item: Item, by: User | None, now: dt.datetime) -> Item:
    """Take a retired item up again as a draft, so that somebody looks at it before it is drawn."""
    return _move(item, ItemState.DRAFT, "item.restore", by=by, now=now)


@transaction.atomic
def import_items(
    *, owner: Unit, contents: Sequence[release.Item], state: ItemState, by: User | None, now: dt.datetime
) -> list[Item]:
    """Add many items, or none: raises ItemsRefusedError with everything that is wrong with any of them."""
    taken = set(Item.objects.filter(code__in=[content.id for content in contents]).values_list("code", flat=True))
    topics = set(Topic.objects.values_list("code", flat=True))
    refused, seen = [], set(taken)
    for content in contents:
        faults = faults_of(content, draft=state != ItemState.READY)
        if content.id in seen:
            faults.append(Fault("code", "taken-code", {"code": content.id}))
        if content.topic not in topics:
            faults.append(Fault("topic", "unknown-topic", {"topic": content.topic}))
        seen.add(content.id)
        if faults:
            refused.append(ItemRefusedError(content.id, faults))
    if refused:
        raise ItemsRefusedError(refused)
    return [create_item(owner=owner, content=content, state=state, by=by, now=now) for content in contents]


@transaction.atomic
def load_topics(topics: Sequence[Topic]) -> None:
    """Topics as the data says; those that are there take its names, hues and order."""
    Topic.objects.bulk_create(
        topics, update_conflicts=True, unique_fields=["code"], update_fields=["name", "hue", "order"]
    )


@transaction.atomic
def load_bank(
    *, owner: Unit, contents: Sequence[release.Item], by: User | None, now: dt.datetime, update: bool = False
) -> Loaded:
    """Add those items of a bank that are not there yet, ready to be drawn; all or nothing.

    An item that is there and says something else was changed by somebody: it stays, unless `update`.
    """
    known = {item.code: item for item in Item.objects.filter(code__in=[content.id for content in contents])}
    different = [known[one.id] for one in contents if one.id in known and known[one.id].content() != one]
    added = import_items(
        owner=owner, contents=[one for one in contents if one.id not in known], state=ItemState.READY, by=by, now=now
    )
    if update:
        wanted = {content.id: content for content in contents}
        for item in different:
            edit_item(
                item=item, owner=item.owner, content=wanted[item.code], state=ItemState.READY,
                revision=item.revision, by=by, now=now,
            )  # fmt: skip
    return Loaded(len(added), len(known) - len(different), [item.code for item in different])


def _move(item: Item, state: ItemState, verb: str, *, by: User | None, now: dt.datetime, reason: str = "") -> Item:
    before = snapshot(item, _FIELDS)
    item.state = state
    _save_revision(item, item.revision, now)
    _note(item, verb, by=by, before=before, reason=reason)
    return item


def _refuse_faults(content: release.Item, state: ItemState) -> None:
    if faults := faults_of(content, draft=state != ItemState.READY):
        raise ItemRefusedError(content.id, faults)


def _save_revision(item: Item, revision: int, now: dt.datetime) -> None:
    """Update and count: of two who changed the same revision, the database lets one through."""
    changed = Item.objects.filter(pk=item.pk, revision=revision).update(revision=F("revision") + 1)
    if not changed:
        raise StaleItemError(item.code)
    item.revision = revision + 1
    item.changed = now
    item.save(force_update=True)


def _note(item: Item, verb: str, *, by: User | None, before: dict[str, Any], reason: str = "") -> None:
    record(
        actor=by, verb=verb, thing=item, unit=item.owner_id, before=before, after=snapshot(item, _FIELDS),
        reason=reason,
    )  # fmt: skip
