"""Regions side by side, adjusted for population, at every level that knows its people."""

from __future__ import annotations

import pytest

from cyberweek.indicators.actions import roll_up
from cyberweek.indicators.models import Population
from cyberweek.summaries.queries.figures import figures_of
from cyberweek.summaries.queries.regions import comparisons
from tests.factories.indicators import load, send
from tests.factories.programme import make_activity
from tests.factories.regions import make_region
from tests.factories.summaries import LATER, again

pytestmark = pytest.mark.django_db


@pytest.fixture
def peopled(cast):
    """At each level two or three places with the same attendance for each of their people, but for one."""
    dictionary = load(cast.edition)
    cities = [cast.city, make_region("130200", parent=cast.province, level="city")]
    counties = [cast.county, *(make_region(f"1301{n:02}", parent=cast.city, level="county") for n in (4, 5))]
    known = {cast.nation: 9_000, cast.province: 6_000, cast.elsewhere: 3_000, cities[0]: 4_000, cities[1]: 2_000}
    known |= dict(zip(counties, (2_000, 1_000, 1_000), strict=True))
    for region, people in known.items():
        Population.objects.create(region=region, people=people, year=2019, source="bulletin")
    for region, attendance in ((cast.elsewhere, 300), (cities[1], 200), *zip(counties, (200, 100, 400), strict=True)):
        send(
            make_activity(edition=cast.edition, lead=cast.national_unit, region=region),
            {"attendance": attendance},
            dictionary,
        )
    roll_up(edition=cast.edition, now=LATER)
    return counties


@pytest.mark.parametrize(
    ("unit", "own", "raw"),
    [("national_unit", 1200 / 9, [1500, 1000]), ("provincial_unit", 150, [1750, 1000]), ("city_unit", 175, [4000, 1000, 1000])],
)  # fmt: skip
def test_rates_are_shrunk_at_every_level_that_knows_its_people(cast, peopled, unit, own, raw):
    office = again(getattr(cast, unit))
    rate = figures_of(cast.edition, office, now=LATER)["rate:attendance"]
    assert float(rate.value) == pytest.approx(own * 10)
    found = comparisons(cast.edition, office)["attendance"]
    assert sorted((line.rate.raw for line in found.lines), reverse=True) == pytest.approx(raw)
    assert found.mean == pytest.approx(own * 10)
    for line in found.lines:
        assert min(line.rate.raw, found.mean) - 1e-6 <= line.rate.shrunk <= max(line.rate.raw, found.mean) + 1e-6
        assert line.year == 2019


def test_a_county_whose_people_nobody_has_counted_is_listed_and_not_adjusted(cast, peopled):
    Population.objects.filter(region=peopled[1]).delete()
    lines = comparisons(cast.edition, again(cast.city_unit))["attendance"].lines
    assert [line.rate is None for line in lines] == [False, False, True]
    Population.objects.filter(region=peopled[2]).delete()
    lines = comparisons(cast.edition, again(cast.city_unit))["attendance"].lines
    assert [line.rate for line in lines] == [None, None, None]  # one alone is no comparison


def test_a_correction_of_the_population_is_followed_at_once(cast, peopled):
    before = figures_of(cast.edition, again(cast.county_unit), now=LATER)["rate:attendance"].value
    Population.objects.filter(region=cast.county).update(people=4_000)
    after = figures_of(cast.edition, again(cast.county_unit), now=LATER)["rate:attendance"]
    assert (before, after.value, after.query["people"]) == (1000, 500, 4_000)
