from __future__ import annotations

import datetime as dt

import pytest

from cyberweek.programme.queries import (
    activities_visible_to,
    checks,
    last_steps,
    near_duplicates,
    remarks,
    state_counts,
    waiting_for,
)  # fmt: skip
from tests.factories.programme import make_activity

NOW = dt.datetime(2019, 9, 19, 8, tzinfo=dt.UTC)


@pytest.fixture
def one_each(cast):
    return {
        unit.code: make_activity(edition=cast.edition, lead=unit, status="submitted", code=f"X{i}")
        for i, unit in enumerate(
            [cast.national_unit, cast.provincial_unit, cast.city_unit, cast.county_unit, cast.stranger_unit]
        )
    }


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("national", {"cac", "cac-hebei", "cac-shijiazhuang", "cac-changan", "cac-fujian"}),
        ("provincial", {"cac-hebei", "cac-shijiazhuang", "cac-changan"}),
        ("city_organiser", {"cac-shijiazhuang", "cac-changan"}),
        ("county_organiser", {"cac-changan"}),
        ("stranger", {"cac-fujian"}),
    ],
)
def test_each_of_the_cast_sees_and_decides_on_their_own_branch(cast, one_each, who, sees):
    person = getattr(cast, who)
    assert {row.lead.code for row in activities_visible_to(person)} == sees
    assert {row.lead.code for row in waiting_for(person)} == sees


def test_states_are_counted_even_when_there_are_none(cast, one_each):
    assert state_counts(activities_visible_to(cast.national)) == {
        "draft": 0, "submitted": 5, "returned": 0, "approved": 0, "published": 0, "cancelled": 0,
    }  # fmt: skip


def test_near_duplicates_are_found_both_ways_in_one_query(cast, django_assert_num_queries):
    make = lambda code, zh, **fields: make_activity(  # noqa: E731 -- short for this test
        edition=cast.edition, lead=cast.city_unit, code=code, title={"zh-Hans": zh}, **fields
    )
    one, other = make("ONE", "社区网格员网络安全培训", status="submitted"), make("TWO", "社区网格员网络安全培训班")
    make("OLD", "社区网格员网络安全培训", status="cancelled")
    make("FAR", "社区网格员网络安全培训", starts=one.starts + dt.timedelta(days=2))
    visible = activities_visible_to(cast.national)
    with django_assert_num_queries(1):
        found = near_duplicates([one, other], visible)
    assert {pk: [row.code for row in rows] for pk, rows in found.items()} == {one.pk: ["TWO"], other.pk: ["ONE"]}


def test_what_to_know_of_something_sent_back_and_of_something_incomplete(cast):
    back = make_activity(edition=cast.edition, lead=cast.city_unit, status="returned", reason={"en": "Who speaks?"})
    step = last_steps([back])[back.pk]
    assert remarks(back, step=step, near=[], now=NOW)[0].text.endswith(": Who speaks?")
    bare = make_activity(
        edition=cast.edition, lead=cast.city_unit, status="submitted", contact="", venue={}, summary={}
    )
    told = [(one.kind, one.text) for one in remarks(bare, step=None, near=[], now=NOW)]
    assert told[:3] == [
        ("warn", "Nobody named as responsible"), ("warn", "Venue missing"), ("warn", "Not said what it is"),
    ]  # fmt: skip


def test_a_reviewer_is_told_what_is_in_order_and_what_is_not(cast):
    late = make_activity(
        edition=cast.edition, lead=cast.city_unit, title={"en": "Late"}, starts=NOW + dt.timedelta(days=30),
        theme_day=cast.edition.theme_days.first(),
    )  # fmt: skip
    assert [(one.kind, one.text) for one in checks(late, [])] == [
        ("ok", "Responsible person, venue and description given"),
        ("warn", "Title in one language only"),
        ("warn", "Begins outside the Week"),
        ("warn", "Not held on its theme day"),
    ]
