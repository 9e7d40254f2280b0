"""Totals: along with each report, and all at once; both come to the same."""

from __future__ import annotations

import random
from collections import defaultdict
from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cyberweek.indicators import actions, queries
from cyberweek.indicators.core.sketches import edition_key, hashed, sketch_of
from cyberweek.indicators.core.totals import Amount, combined
from cyberweek.indicators.enums import COUNTING
from cyberweek.indicators.models import Figure, Roll, Total
from tests.factories.indicators import NOW, load, send
from tests.factories.programme import make_activity
from tests.factories.regions import make_region

pytestmark = pytest.mark.django_db


@pytest.fixture
def dictionary(cast):
    return load(cast.edition)


def totals(edition) -> dict:
    rows = Total.objects.filter(edition=edition)
    return {
        (row.indicator.code, row.region_id): (
            row.value, row.low, row.high, row.figures, row.logs, row.documents, row.estimates, row.count, row.adding,
            bytes(row.sketch or b""),
        )
        for row in rows.select_related("indicator")
    }  # fmt: skip


def at(edition, code, region):
    found = queries.total_of(edition, code, region)
    return found and found.value


def test_a_report_counts_in_its_county_its_city_its_province_and_the_nation(cast, dictionary):
    send(make_activity(edition=cast.edition, lead=cast.county_unit), {"attendance": 100, "peak": 60}, dictionary)
    send(make_activity(edition=cast.edition, lead=cast.city_unit), {"attendance": 40, "peak": 90}, dictionary)
    send(make_activity(edition=cast.edition, lead=cast.stranger_unit), {"attendance": 5}, dictionary)
    found = [at(cast.edition, "attendance", one) for one in (cast.county, cast.city, cast.province, cast.nation)]
    assert found == [100, 140, 140, 145]
    assert [at(cast.edition, "peak", one) for one in (cast.county, cast.city, cast.nation)] == [60, 90, 90]
    assert at(cast.edition, "peak", cast.elsewhere) is None


def test_what_is_not_added_up_has_no_total(cast, dictionary):
    send(make_activity(edition=cast.edition, lead=cast.county_unit), {"media-present": 7}, dictionary)
    assert totals(cast.edition) == {}
    actions.roll_up(edition=cast.edition, now=NOW)
    assert totals(cast.edition) == {}


def test_what_is_taken_back_is_taken_off(cast, dictionary):
    first = send(make_activity(edition=cast.edition, lead=cast.county_unit), {"attendance": 100, "peak": 9}, dictionary)
    send(make_activity(edition=cast.edition, lead=cast.city_unit), {"attendance": 40}, dictionary)
    actions.take_back_report(report=first, by=cast.county_organiser, now=NOW)
    assert at(cast.edition, "attendance", cast.county) is None
    assert at(cast.edition, "attendance", cast.nation) == 40
    assert at(cast.edition, "peak", cast.nation) is None


def test_a_unit_that_moves_in_mid_week_takes_its_figures_along(cast, dictionary):
    report = actions.open_report(edition=cast.edition, unit=cast.county_unit, activity=None, by=None, now=NOW)
    from tests.factories.indicators import entered

    rows = [entered(dictionary["articles"], 12)]
    actions.send_report(report=report, entered=rows, worked="", revision=None, by=None, now=NOW)
    actions.roll_up(edition=cast.edition, now=NOW)
    assert at(cast.edition, "articles", cast.province) == 12
    cast.county_unit.region = cast.elsewhere
    cast.county_unit.parent = cast.stranger_unit
    cast.county_unit.save()
    assert Roll.objects.get().stale_since is not None
    assert actions.roll_up_stale(now=NOW) == 1
    assert at(cast.edition, "articles", cast.province) is None
    assert at(cast.edition, "articles", cast.elsewhere) == 12
    assert actions.roll_up_stale(now=NOW) == 0


def test_a_region_that_moves_marks_the_totals(cast, dictionary):
    activity = make_activity(edition=cast.edition, lead=cast.county_unit)
    send(activity, {"attendance": 100}, dictionary)
    actions.roll_up(edition=cast.edition, now=NOW)
    cast.county.parent = make_region("130200", parent=cast.province, level="city")
    cast.county.save()
    actions.roll_up_stale(now=NOW)
    assert (at(cast.edition, "attendance", cast.city), at(cast.edition, "attendance", cast.county.parent)) == (
        None,
        100,
    )


def test_a_making_that_was_cut_off_is_made_again(cast, dictionary):
    send(make_activity(edition=cast.edition, lead=cast.county_unit), {"attendance": 100}, dictionary)
    actions.roll_up(edition=cast.edition, now=NOW)
    Roll.objects.update(started=NOW.replace(hour=5))
    assert actions.roll_up_stale(now=NOW.replace(hour=6)) == 1


def test_a_province_that_runs_an_edition_has_no_totals_above_it(cast):
    from tests.factories.editions import make_edition

    edition = make_edition(owner=cast.provincial_unit, slug="2019-hebei")
    dictionary = load(edition)
    send(make_activity(edition=edition, lead=cast.county_unit), {"attendance": 3}, dictionary)
    expected = {"130000", "130100", "130102"}
    assert {region for _code, region in totals(edition)} == expected
    actions.roll_up(edition=edition, now=NOW)
    assert {region for _code, region in totals(edition)} == expected


def test_unique_people_are_merged_and_not_added(cast, dictionary):
    key = edition_key("s", "e")
    for unit, first, last in [(cast.county_unit, 0, 300), (cast.city_unit, 200, 500), (cast.stranger_unit, 400, 600)]:
        report = actions.open_report(edition=cast.edition, unit=unit, activity=None, by=None, now=NOW)
        sketch = sketch_of(hashed(str(n), key) for n in range(first, last))
        actions.add_sketch(
            report=report, indicator=dictionary["reach"], sketch=sketch, basis="gate", by=cast.national, now=NOW
        )
        actions.send_report(report=report, entered=[], worked="", revision=None, by=None, now=NOW)
    one_by_one = totals(cast.edition)
    total = queries.total_of(cast.edition, "reach", cast.nation)
    assert (total.low <= 600 <= total.high, total.figures, total.count) == (True, 3, "people")
    assert queries.total_of(cast.edition, "reach", cast.city).value == pytest.approx(500, rel=0.03)
    actions.roll_up(edition=cast.edition, now=NOW)
    assert totals(cast.edition) == one_by_one


MOVES = st.lists(
    st.tuples(
        st.integers(0, 4), st.sampled_from(["attendance", "peak", "materials", "reach"]), st.integers(0, 40_000),
        st.sampled_from(["send", "take-back"]), st.sampled_from(["signed", "heads"]),
    ),
    max_size=12,
)  # fmt: skip


class TestBothWays(TestCase):
    """Whatever is sent and taken back, in whatever order: the totals kept along are those made from scratch."""

    @given(MOVES, st.randoms(use_true_random=False))
    @settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None)
    def test_totals_kept_along_are_those_made_from_scratch(self, moves, shuffle: random.Random) -> None:
        world = World()
        shuffle.shuffle(moves)
        for place, code, value, act, way in moves:
            world.do(place, code, value, act, way)
        along = totals(world.edition)
        actions.roll_up(edition=world.edition, now=NOW)
        assert totals(world.edition) == along
        assert {key: row[0] for key, row in along.items() if key[0] != "reach"} == by_definition(world.edition)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM indicators_total WHERE figures <= 0 OR value < 0")
            assert cursor.fetchone()[0] == 0


def by_definition(edition) -> dict[tuple[str, str], Decimal]:
    """The totals that are no sketches, as `core.totals` puts amounts of one unit of count together."""
    amounts = defaultdict(list)
    rows = Figure.objects.filter(edition=edition, state__in=COUNTING, report__isnull=False)
    for one in rows.select_related("indicator", "report__activity__region"):
        if one.indicator.adding in {"sum", "max"}:
            for region in one.report.region.ancestry:
                amounts[one.indicator.code, region, one.indicator.adding].append(Amount(one.value, one.indicator.count))
    return {(code, region): combined(some, adding).value for (code, region, adding), some in amounts.items()}


class World:
    """Five activities in a tree of regions, and what is done with their reports."""

    def __init__(self) -> None:
        from tests.factories.editions import make_edition
        from tests.factories.regions import make_unit

        nation = make_region("CN", level="nation")
        province = make_region("130000", parent=nation)
        city = make_region("130100", parent=province, level="city")
        county = make_region("130102", parent=city, level="county")
        other = make_region("350000", parent=nation)
        top = make_unit("top", region=nation)
        self.edition = make_edition(owner=top)
        self.dictionary = load(self.edition)
        self.activities = [
            make_activity(edition=self.edition, lead=make_unit(f"u{n}", region=region, parent=top), capacity=90_000)
            for n, region in enumerate([nation, province, city, county, other])
        ]

    def do(self, place: int, code: str, value: int, act: str, way: str) -> None:
        activity = self.activities[place]
        report = queries.report_of_activity(activity)
        if report is not None and report.state in {"counted", "verified", "to-verify"}:
            actions.take_back_report(report=report, by=None, now=NOW)
        if act == "send" and code == "reach":
            report = actions.open_report(edition=self.edition, unit=activity.lead, activity=activity, by=None, now=NOW)
            if report.state == "draft":
                sketch = sketch_of(hashed(str(n % 3000), b"k") for n in range(value, value + 100))
                actions.add_sketch(
                    report=report, indicator=self.dictionary["reach"], sketch=sketch, basis="x", by=None, now=NOW
                )
            send(activity, {}, self.dictionary)
        elif act == "send":
            send(activity, {code: (value, way)}, self.dictionary, answers={code: "it was so"})
