from __future__ import annotations

import datetime as dt

from cyberweek.public.queries import chosen_region, nearest, question_of, today_of
from tests.factories.knowledge import make_contest, make_item
from tests.factories.programme import make_activity
from tests.factories.regions import make_region

HOUR = dt.timedelta(hours=1)


def at(edition, hour: int, *, day: int = 4) -> dt.datetime:
    return dt.datetime.combine(edition.starts + dt.timedelta(days=day - 1), dt.time(hour), edition.tz)


def test_today_is_told_as_now_soon_and_later(edition, cast):
    noon = at(edition, 12)
    for code, hour in [("PAST", 8), ("NOW", 11), ("SOON", 13), ("LATER", 19)]:
        make_activity(edition=edition, lead=cast.city_unit, code=code, starts=at(edition, hour))
    make_activity(edition=edition, lead=cast.city_unit, code="DRAFT", starts=noon + HOUR, status="draft")
    make_activity(edition=edition, lead=cast.city_unit, code="OTHERDAY", starts=at(edition, 9, day=5))
    found = today_of(edition, now=noon)
    assert [[one.code for one in rows] for rows in (found.now, found.soon, found.later, found.coming)] == [
        ["NOW"], ["SOON"], ["LATER"], [],
    ]  # fmt: skip


def test_when_nothing_of_today_is_left_the_next_days_are_told(edition, cast):
    make_activity(edition=edition, lead=cast.city_unit, code="NEXT", starts=at(edition, 9, day=5))
    found = today_of(edition, now=at(edition, 22))
    assert not found
    assert [one.code for one in found.coming] == ["NEXT"]


def test_what_is_near_comes_first_and_what_is_over_not_at_all(edition, cast):
    beside = make_region("130200", parent=cast.province, level="city")
    starts = at(edition, 15)
    for code, region, begins in [
        ("COUNTY", cast.county, starts + 3 * HOUR),
        ("CITY", cast.city, starts),
        ("BESIDE", beside, starts - HOUR),
        ("FAR", cast.elsewhere, starts - 2 * HOUR),
        ("OVER", cast.county, starts - 9 * HOUR),
    ]:
        make_activity(edition=edition, lead=cast.national_unit, code=code, region=region, starts=begins)
    near = [one.code for one in nearest(edition, cast.county, now=at(edition, 12))]
    assert near == ["COUNTY", "CITY", "BESIDE", "FAR"]


def test_only_a_region_of_the_edition_can_be_chosen(edition, cast):
    make_region("IE", level="nation")
    assert chosen_region(edition, cast.city.pk) == cast.city
    assert [chosen_region(edition, code) for code in ("IE", "nowhere", "")] == [None] * 3


def test_each_day_asks_another_question_and_only_of_the_practice_share(edition, cast):
    for _ in range(40):
        make_item(owner=cast.national_unit)
    contest = make_contest(edition=edition, owner=cast.national_unit, published=True)
    today = dt.date(2019, 9, 19)
    asked = [question_of(contest, day=today + dt.timedelta(days=n)).item.id for n in range(8)]
    assert len(set(asked)) == 8
    assert {question_of(contest, day=today + dt.timedelta(days=n)).item.id for n in range(80)} == set(asked)


def test_an_answer_is_marked_and_one_that_is_not_offered_is_none(contest):
    day = dt.date(2019, 9, 19)
    right, wrong, odd = (question_of(contest, day=day, answer=answer) for answer in ("a", "c", "<b>"))
    assert (right.is_right, right.chosen) == (True, "a")
    assert (wrong.is_right, [one.letter for one in wrong.choices if one.right or one.chosen]) == (False, ["A", "C"])
    assert odd.chosen == ""


def test_no_contest_no_question():
    assert question_of(None, day=dt.date(2019, 9, 19)) is None
