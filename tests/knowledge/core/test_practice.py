from __future__ import annotations

import datetime as dt
import math

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from cyberweek.knowledge.core.practice import practice_share
from cyberweek.knowledge.core.release import Pack, Quota
from tests.factories.knowledge import content

NOW = dt.datetime(2019, 9, 19, tzinfo=dt.UTC)


def make_pack(sizes: dict[str, int]) -> Pack:
    return Pack(
        contest="week", number=1, title={"zh-Hans": "竞赛", "en": "Contest"}, opens=NOW, closes=NOW + dt.timedelta(1),
        zone="Asia/Shanghai", items=len(sizes), minutes=10, grace_seconds=30, attempts_per_day=3, points=5,
        blueprint=[Quota(topic, 1) for topic in sizes], draw_salt="x" * 16,
        bank=[content(f"{topic}-{n:03}", topic=topic) for topic, size in sizes.items() for n in range(size)],
    )  # fmt: skip


def test_neighbours_differ_in_topic_as_long_as_there_are_several():
    share = practice_share(make_pack({"fraud": 10, "laws": 10, "minors": 10}))
    assert [item.topic for item in share] == ["fraud", "laws", "minors"] * 2


@given(st.dictionaries(st.sampled_from(["fraud", "laws", "minors", "devices"]), st.integers(1, 40), min_size=1))
def test_a_fifth_of_each_topic_is_practised_rounded_up_and_nothing_twice(sizes):
    share = [item.id for item in practice_share(make_pack(sizes))]
    assert len(share) == len(set(share)) == sum(math.ceil(size / 5) for size in sizes.values())


def test_a_release_with_the_same_items_in_another_order_has_the_same_share():
    pack = make_pack({"fraud": 24, "laws": 24})
    turned = msgspec.structs.replace(pack, number=2, draw_salt="y" * 16, bank=pack.bank[::-1])
    assert practice_share(turned) == practice_share(pack)
