from __future__ import annotations

import datetime as dt

import pytest

from cyberweek.editions.queries import week_of
from cyberweek.insight.queries import beneath, curves_of, figures_at, leading, main_contest
from cyberweek.knowledge.queries import ledger_head
from tests.factories.knowledge import make_contest
from tests.factories.regions import make_region

DAY = dt.timedelta(days=1)


@pytest.fixture
def now(noon):
    return noon


def test_the_contest_shown_is_open_else_the_next_else_the_last(edition, cast, now):
    def make(slug, opens, closes):
        return make_contest(
            edition=edition, owner=cast.national_unit, slug=slug, published=True, opens=opens, closes=closes
        )

    first = make("first", now - 9 * DAY, now - 8 * DAY)
    assert main_contest(edition, now=now) == first
    make("second", now - 7 * DAY, now - 6 * DAY)
    assert main_contest(edition, now=now).slug == "second"
    make("next", now + DAY, now + 2 * DAY)
    assert main_contest(edition, now=now).slug == "next"
    make("open", now - DAY, now + DAY)
    assert main_contest(edition, now=now).slug == "open"
    assert main_contest(cast.edition, now=now) is None


def test_figures_hold_totals_shares_and_regions_with_small_ones_withheld(contest, counted, cast, now):
    counted(
        regions={"CN": (1009, 2200), "130000": (1000, 2190), "350000": (9, 10)},
        topics={"phishing": (3300, 4400)},
    )
    figures = figures_at(contest, now=now)
    assert (figures.participants, figures.papers, figures.answered, figures.right) == (1009, 2200, 4400, 75)
    assert [(topic.code, topic.share) for topic in figures.topics] == [("phishing", 75)]
    shown = {part.region.code: (part.participants, part.papers) for part in figures.country.parts}
    # Fujian's nine are withheld, and Hebei too: the total would give them away.
    assert shown == {"130000": (None, None), "350000": (None, None)}
    assert figures.country.withheld
    assert not figures.country.on_tiles


def test_fewer_than_ten_people_show_no_share_of_right_answers(contest, counted, now):
    counted(regions={"CN": (9, 9)}, topics={"phishing": (9, 18)})
    figures = figures_at(contest, now=now)
    assert (figures.participants, figures.right, [topic.share for topic in figures.topics]) == (9, None, [None])


def test_without_a_contest_everything_is_nothing(now):
    figures = figures_at(None, now=now)
    assert (figures.participants, figures.papers, figures.right, figures.topics) == (0, 0, None, [])
    assert leading(None) == []


def test_leading_cities_count_a_province_without_cities_as_one(contest, counted, cast):
    make_region("120000", parent=cast.nation, zh="天津市", en="Tianjin")
    counted(regions={"130000": (900, 900), "130100": (40, 41), "120000": (60, 61), "350000": (9, 9)})
    assert [(row.region.code, row.participants) for row in leading(contest)] == [("120000", 60), ("130100", 40)]


def test_beneath_a_region_stand_its_own(contest, counted, cast):
    counted(regions={"130000": (900, 950), "130100": (40, 41)})
    assert [(part.region.code, part.participants) for part in beneath(contest, cast.province).parts] == [("130100", 40)]


def test_papers_are_told_by_day_on_the_clocks_of_the_edition(edition, contest, counted):
    midnight = dt.datetime.combine(edition.starts + 3 * DAY, dt.time(), edition.tz)
    noon = midnight + dt.timedelta(hours=12)
    counted(minutes={midnight - dt.timedelta(minutes=1): 10, midnight: 4, noon: 6})
    curves = curves_of(week_of(edition, now=noon), contest, now=noon)
    assert curves.today == [(0, 4), (720, 6)]
    assert [(day.date, day.hue) for day in curves.earlier] == [(edition.starts + 2 * DAY, 3)]
    assert curves.by_date == {edition.starts + 2 * DAY: 10, edition.starts + 3 * DAY: 10}


@pytest.mark.django_db
def test_an_empty_ledger_has_no_head():
    assert ledger_head() == (0, "")
