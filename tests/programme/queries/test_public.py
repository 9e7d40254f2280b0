from __future__ import annotations

import datetime as dt

import pytest

from cyberweek.programme.queries import (
    Wanted,
    activities_announced,
    activities_published,
    coming_up,
    coverage,
    day_counts,
    narrowed,
    of_unit,
    on_now,
    on_today,
    places,
    tile_map,
)  # fmt: skip
from cyberweek.regions.models import Region
from tests.factories.programme import make_activity

DAY = dt.date(2019, 9, 19)


def at(hour: int, day: int = 19) -> dt.datetime:
    return dt.datetime(2019, 9, day, hour, tzinfo=dt.timezone(dt.timedelta(hours=8)))


def codes(rows) -> list[str]:
    return [row.code for row in rows]


@pytest.mark.parametrize("status", ["draft", "submitted", "returned", "approved"])
def test_the_public_sees_nothing_that_is_not_published(cast, status):
    make_activity(edition=cast.edition, lead=cast.city_unit, status=status)
    assert codes(activities_announced(cast.edition)) == []


def test_what_was_cancelled_is_announced_only_if_it_had_been_published(cast):
    shown = make_activity(edition=cast.edition, lead=cast.city_unit, status="cancelled")
    hidden = make_activity(edition=cast.edition, lead=cast.city_unit, status="draft")
    type(hidden).objects.filter(pk=hidden.pk).update(status="cancelled")
    assert codes(activities_announced(cast.edition)) == [shown.code]
    assert codes(activities_published(cast.edition)) == []


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(), {"N", "C", "K", "F"}),
        (Wanted(region="CN"), {"N", "C", "K", "F"}),
        (Wanted(region="130000"), {"C", "K"}),
        (Wanted(region="130102"), {"K"}),
        (Wanted(day=DAY), {"N", "C", "K"}),
        (Wanted(day=dt.date(2019, 9, 20)), {"N", "F"}),
        (Wanted(kind="drill"), {"K"}),
        (Wanted(formats=("online",)), {"C", "F"}),
        (Wanted(formats=("on-site",)), {"N", "C", "K"}),
        (Wanted(audiences=("老年人",)), {"K"}),
        (Wanted(audiences=("seniors", "workers")), {"K", "F"}),
        (Wanted(q="大巴"), {"C"}),
        (Wanted(q="BUS"), {"C"}),
        (Wanted(q="cac-fujian"), {"F"}),
        (Wanted(q="zh-Hans"), set()),  # the tag of a language is no text
        (Wanted(q="100%"), set()),
        (Wanted(region="130000", day=DAY, kind="drill"), {"K"}),
    ],
)
def test_what_a_visitor_asks_for(cast, wanted, found):
    make = lambda **fields: make_activity(edition=cast.edition, title={"zh-Hans": "讲座"}, **fields)  # noqa: E731 -- short for this test
    make(code="N", lead=cast.national_unit, starts=at(9, 18), ends=at(17, 20), summary={}, venue={})
    make_activity(
        edition=cast.edition, code="C", lead=cast.city_unit, format="both", title={"zh-Hans": "网安大巴", "en": "A bus"}
    )  # fmt: skip
    make(code="K", lead=cast.county_unit, kind="drill", audience={"zh-Hans": "老年人", "en": "Seniors"})
    make(
        code="F", lead=cast.stranger_unit, format="online", starts=at(9, 20), audience={"zh-Hans": "职工", "en": "Workers"}
    )  # fmt: skip
    rows = narrowed(activities_announced(cast.edition), wanted, cast.edition.tz)
    assert set(codes(rows)) == found


def test_a_day_counts_what_is_on_for_several_days_on_each_of_them(cast):
    make_activity(edition=cast.edition, lead=cast.city_unit, starts=at(9, 18), ends=at(17, 20))
    make_activity(edition=cast.edition, lead=cast.city_unit, starts=at(20), ends=at(0, 20))  # ends with the day
    days = [dt.date(2019, 9, day) for day in (17, 18, 19, 20, 21)]
    counts = day_counts(activities_announced(cast.edition), days, cast.edition.tz)
    assert list(counts.values()) == [0, 1, 2, 1, 0]


def test_what_is_on_now_later_today_and_next(cast):
    for code, start, end in [("over", 8, 9), ("now", 9, 12), ("later", 15, 16)]:
        make_activity(edition=cast.edition, lead=cast.city_unit, code=code, starts=at(start), ends=at(end))
    make_activity(edition=cast.edition, lead=cast.city_unit, code="long", starts=at(9, 18), ends=at(17, 20))
    make_activity(edition=cast.edition, lead=cast.city_unit, code="next", starts=at(9, 20))
    assert codes(on_now(cast.edition, now=at(10))) == ["now", "long"]
    assert codes(on_now(cast.edition, now=at(12))) == ["long"]
    assert codes(on_today(cast.edition, now=at(10))) == ["over", "now", "later", "long"]
    assert codes(coming_up(cast.edition, now=at(10))) == ["later", "next"]


def test_the_map_counts_below_the_scope_and_says_what_is_on_no_tile(cast):
    Region.objects.filter(pk="130000").update(column=6, row=3)
    Region.objects.filter(pk="350000").update(column=7, row=7)
    for lead in [cast.national_unit, cast.provincial_unit, cast.county_unit, cast.county_unit]:
        make_activity(edition=cast.edition, lead=lead)
    found = tile_map(cast.edition, activities_announced(cast.edition))
    assert [(tile.region.pk, tile.n, tile.heat) for tile in found.tiles] == [("130000", 3, 5), ("350000", 0, 0)]
    assert (found.elsewhere, found.most) == (1, 3)


def test_regions_without_places_are_set_in_rows(cast):
    cast.edition.scope = cast.province
    make_activity(edition=cast.edition, lead=cast.county_unit)
    found = tile_map(cast.edition, activities_announced(cast.edition))
    assert [(tile.region.pk, tile.column, tile.row, tile.n) for tile in found.tiles] == [("130100", 1, 1, 1)]


def test_where_offers_only_regions_that_have_something(cast):
    make_activity(edition=cast.edition, lead=cast.county_unit)
    found = places(cast.edition, activities_announced(cast.edition), "130100")
    assert [(place.region.pk, place.n) for place in found.below] == [("130000", 1)]
    assert found.chosen == cast.city
    assert found.chain == [cast.province]
    assert [(place.region.pk, place.n) for place in found.within] == [("130102", 1)]


def test_coverage(cast):
    make_activity(edition=cast.edition, lead=cast.county_unit)
    make_activity(edition=cast.edition, lead=cast.county_unit)
    make_activity(edition=cast.edition, lead=cast.stranger_unit, status="draft")
    found = coverage(cast.edition)
    assert (found.activities, found.units, found.regions, found.regions_in_all) == (2, 1, 1, 2)


def test_of_a_unit_is_what_it_and_those_under_it_lead_and_what_it_takes_part_in(cast):
    led = make_activity(edition=cast.edition, lead=cast.county_unit)
    joined = make_activity(edition=cast.edition, lead=cast.stranger_unit)
    joined.partners.create(unit=cast.city_unit, role="co")
    make_activity(edition=cast.edition, lead=cast.national_unit)
    assert set(codes(of_unit(activities_announced(cast.edition), cast.city_unit))) == {led.code, joined.code}
