from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from cyberweek.knowledge.models import Item
from tests.factories.knowledge import content, make_item


def test_what_an_item_says_is_kept_whole(cast):
    said = content(
        "laws-9", kind="multiple",
        reference={"kind": "law", "title": {"zh-Hans": "法", "en": "Law"}, "version": "2016", "article": "21"},
    )  # fmt: skip
    item = make_item(owner=cast.national_unit, code="laws-9", kind="multiple", reference={
        "kind": "law", "title": {"zh-Hans": "法", "en": "Law"}, "version": "2016", "article": "21"})  # fmt: skip
    item.refresh_from_db()
    assert item.content() == said


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": ["z"]},
        {"key": ["a", "b"]},
        {"key": []},
        {"stem": {"en": "Only English"}},
        {"explanation": {}},
        {"options": [{"id": "a", "text": {}}]},
        {"state": "lost"},
        {"kind": "essay"},
        {"code": "Not Plain"},
    ],
)
def test_the_database_itself_refuses_a_ready_item_that_contradicts_itself(cast, wrong):
    item = make_item(owner=cast.national_unit)
    with pytest.raises(IntegrityError), transaction.atomic():
        Item.objects.filter(pk=item.pk).update(**wrong)


def test_a_draft_may_be_unfinished_in_the_database_too(cast):
    item = make_item(owner=cast.national_unit, state="draft", key=[], explanation={}, stem={"en": "Only English"})
    assert Item.objects.filter(pk=item.pk, key=[]).exists()
