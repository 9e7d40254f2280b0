from __future__ import annotations

import pytest

from cyberweek.kernel.models import AuditEvent
from cyberweek.knowledge.actions import (
    ItemRefusedError,
    ItemsRefusedError,
    StaleItemError,
    create_item,
    edit_item,
    import_items,
    load_bank,
    restore_item,
    retire_item,
)  # fmt: skip
from cyberweek.knowledge.models import Item
from tests.factories.knowledge import NOW, content, make_item, make_topic


@pytest.fixture(autouse=True)
def topic(db):
    return make_topic()


def edit(item, by, *, revision=None, **fields):
    return edit_item(
        item=item, owner=item.owner, content=content(item.code, **fields), state="ready",
        revision=revision or item.revision, by=by, now=NOW,
    )  # fmt: skip


NEW_STEM = {"zh-Hans": "新问题？", "en": "New question?"}


def test_an_item_is_made_with_its_author_noted(cast):
    item = create_item(owner=cast.city_unit, content=content("a-1"), state="ready", by=cast.city_organiser, now=NOW)
    event = AuditEvent.objects.get(noun="knowledge.item", key="a-1")
    assert (item.revision, event.verb, event.actor, event.unit) == (
        1,
        "item.create",
        cast.city_organiser,
        cast.city_unit.pk,
    )


def test_an_unfinished_item_is_kept_as_a_draft_and_refused_as_ready(cast):
    unfinished = content("a-1", explanation={})
    with pytest.raises(ItemRefusedError) as refused:
        create_item(owner=cast.city_unit, content=unfinished, state="ready", by=None, now=NOW)
    assert [fault.reason for fault in refused.value.faults] == ["no-explanation", "no-explanation"]
    assert create_item(owner=cast.city_unit, content=unfinished, state="draft", by=None, now=NOW).state == "draft"


def test_a_code_is_given_once(cast):
    make_item(owner=cast.national_unit, code="a-1")
    with pytest.raises(ItemRefusedError, match="There is an item a-1 already"):
        create_item(owner=cast.city_unit, content=content("a-1"), state="ready", by=None, now=NOW)
    assert Item.objects.count() == 1


def test_an_edit_makes_a_revision_and_tells_before_and_after(cast):
    item = make_item(owner=cast.national_unit, code="a-1")
    edit(item, cast.national, stem=NEW_STEM)
    item.refresh_from_db()
    event = AuditEvent.objects.get(verb="item.edit")
    assert (item.revision, item.stem) == (2, NEW_STEM)
    assert set(event.before) == {"stem", "revision"}
    assert event.after["stem"] == NEW_STEM


def test_of_two_who_edit_the_same_revision_the_second_is_told(cast):
    item = make_item(owner=cast.national_unit)
    edit(Item.objects.get(pk=item.pk), cast.national, stem=NEW_STEM)
    with pytest.raises(StaleItemError):
        edit(Item.objects.get(pk=item.pk), cast.provincial, revision=1)
    item.refresh_from_db()
    assert item.stem == NEW_STEM


def test_a_retired_item_comes_back_as_a_draft(cast):
    item = make_item(owner=cast.national_unit)
    retire_item(item=item, by=cast.national, now=NOW, reason="The law has changed")
    assert Item.objects.get(pk=item.pk).state == "retired"
    assert AuditEvent.objects.get(verb="item.retire").reason == "The law has changed"
    restore_item(item=item, by=cast.national, now=NOW)
    assert Item.objects.get(pk=item.pk).state == "draft"


def test_many_items_come_in_together_or_not_at_all(cast):
    make_item(owner=cast.national_unit, code="a-2")
    contents = [content("a-1"), content("a-2"), content("a-3", key=["z"]), content("a-1")]
    with pytest.raises(ItemsRefusedError) as refused:
        import_items(owner=cast.city_unit, contents=contents, state="draft", by=None, now=NOW)
    assert [one.code for one in refused.value.refused] == ["a-2", "a-3", "a-1"]
    assert Item.objects.count() == 1


def test_a_bank_loaded_again_adds_nothing_and_leaves_what_people_changed(cast):
    bank = [content("a-1"), content("a-2")]
    assert load_bank(owner=cast.national_unit, contents=bank, by=None, now=NOW) == (2, 0, [])
    edit(Item.objects.get(code="a-1"), cast.national, stem=NEW_STEM)
    assert load_bank(owner=cast.national_unit, contents=bank, by=None, now=NOW) == (0, 1, ["a-1"])
    assert Item.objects.get(code="a-1").stem == NEW_STEM
    load_bank(owner=cast.national_unit, contents=bank, by=None, now=NOW, update=True)
    assert Item.objects.get(code="a-1").content() == bank[0]
