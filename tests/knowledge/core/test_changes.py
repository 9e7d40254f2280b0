from __future__ import annotations

import datetime as dt

import msgspec

from cyberweek.knowledge.core.changes import compare
from cyberweek.knowledge.core.release import Pack, Quota
from tests.factories.knowledge import content

OPENS = dt.datetime(2019, 9, 15, 16, tzinfo=dt.UTC)
ONE, TWO, THREE = content("a-1"), content("a-2"), content("a-3")
PACK = Pack(
    contest="national", number=1, title={"zh-Hans": "竞赛", "en": "Contest"}, opens=OPENS,
    closes=OPENS + dt.timedelta(days=7), zone="Asia/Shanghai", items=1, minutes=10, grace_seconds=30, attempts_per_day=3,
    points=5, blueprint=[Quota("phishing", 1)], bank=[ONE, TWO], draw_salt="x" * 16,
)  # fmt: skip


def test_against_nothing_every_item_is_new():
    assert compare(None, PACK) == ([ONE, TWO], [], [], [])


def test_items_are_told_apart_by_code_and_by_what_they_say():
    told = content("a-2", stem={"zh-Hans": "新问题", "en": "New question"})
    assert compare(PACK, msgspec.structs.replace(PACK, bank=[told, THREE])) == ([THREE], [told], [ONE], [])


def test_changed_rules_are_named():
    after = msgspec.structs.replace(PACK, minutes=12, opens=OPENS.astimezone(dt.timezone(dt.timedelta(hours=8))))
    assert compare(PACK, after) == ([], [], [], ["minutes"])


def test_another_number_and_another_salt_are_no_change():
    assert not compare(PACK, msgspec.structs.replace(PACK, number=2, draw_salt="y" * 16))
