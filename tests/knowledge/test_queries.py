from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest
from django.db import connection

from cyberweek.knowledge import queries
from cyberweek.knowledge.models import Item, Topic
from cyberweek.passport.models import Participant
from tests.factories.knowledge import NOW, make_contest, make_item, make_topic
from tests.factories.regions import make_post, make_user

CAST = ["national", "provincial", "city_organiser", "county_organiser", "stranger"]


@pytest.fixture
def everybodys(cast):
    units = {
        "national": cast.national_unit, "provincial": cast.provincial_unit, "city": cast.city_unit,
        "county": cast.county_unit, "stranger": cast.stranger_unit,
    }  # fmt: skip
    for code, unit in units.items():
        make_item(owner=unit, code=code)
        make_contest(edition=cast.edition, owner=unit, slug=code, blueprint={"phishing": 1})
    return cast


SEES = [
    ("national", {"national", "provincial", "city", "county", "stranger"}),
    ("provincial", {"national", "provincial", "city", "county"}),
    ("city_organiser", {"national", "provincial", "city", "county"}),
    ("county_organiser", {"national", "provincial", "city", "county"}),
    ("stranger", {"national", "stranger"}),
]


@pytest.mark.parametrize(("who", "sees"), SEES)
def test_each_of_the_cast_sees_the_items_of_their_branch_and_those_from_above(everybodys, who, sees):
    person = getattr(everybodys, who)
    assert set(queries.items_visible_to(person).values_list("code", flat=True)) == sees


@pytest.mark.parametrize(("who", "sees"), SEES)
def test_each_of_the_cast_sees_the_contests_of_their_branch_and_those_from_above(everybodys, who, sees):
    person = getattr(everybodys, who)
    assert set(queries.contests_visible_to(person).values_list("slug", flat=True)) == sees


def test_somebody_without_a_post_sees_nothing(everybodys):
    nobody = make_user("nobody")
    assert not queries.items_visible_to(nobody).exists()
    assert not queries.contests_visible_to(nobody).exists()


def test_two_posts_show_no_item_twice(everybodys):
    make_post(everybodys.county_organiser, everybodys.city_unit, "viewer")
    assert queries.items_visible_to(everybodys.county_organiser).count() == 4


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({}, {"a-1", "a-2", "b-1"}),
        ({"topic": "passwords"}, {"b-1"}),
        ({"kind": "multiple"}, {"a-2"}),
        ({"state": "draft"}, {"b-1"}),
        ({"text": "A-2"}, {"a-2"}),
        ({"text": "二维码"}, {"a-2"}),
        ({"text": "SCAN"}, {"a-2"}),
        ({"text": "%"}, set()),
    ],
)
def test_items_are_found_by_every_filter_and_in_both_languages(cast, asked, codes):
    make_item(owner=cast.national_unit, code="a-1")
    make_item(
        owner=cast.national_unit,
        code="a-2",
        kind="multiple",
        stem={"zh-Hans": "扫二维码前？", "en": "Before you scan?"},
    )
    make_item(owner=cast.national_unit, code="b-1", topic="passwords", state="draft")
    assert set(queries.items_found(Item.objects.all(), **asked).values_list("code", flat=True)) == codes


def test_every_state_is_counted_even_where_there_is_none(cast):
    make_item(owner=cast.national_unit)
    assert queries.items_by_state(Item.objects.all()) == {"draft": 0, "ready": 1, "retired": 0}


def test_the_public_finds_published_contests_only(cast):
    make_contest(edition=cast.edition, owner=cast.national_unit)
    published = make_contest(edition=cast.edition, owner=cast.national_unit, published=True)
    assert list(queries.contests_published(cast.edition)) == [published]


def test_a_contest_without_a_release_has_no_contents(cast):
    contest = make_contest(edition=cast.edition, owner=cast.national_unit)
    assert (queries.current_release(contest), queries.current_pack(contest)) == (None, None)


# -- What the arena has counted --


def write(table: str, *rows: tuple) -> None:
    with connection.cursor() as cursor:
        for row in rows:
            cursor.execute(f"INSERT INTO {table} VALUES ({', '.join(['%s'] * len(row))})", row)


def best(number, region, score, seconds):
    who = UUID(int=number)
    Participant.objects.create(id=who, nickname=f"选手{number}", region=region, band="18-25", sector="other")
    for code in region.ancestry:
        write("standing_entrant", ("national", code, who, score, seconds, number, UUID(int=100 + number)))


def test_a_board_is_the_best_of_a_region_in_order_with_shared_ranks(cast, django_assert_num_queries):
    contest = make_contest(edition=cast.edition, owner=cast.national_unit, slug="national")
    for number, (region, score, seconds) in enumerate(
        [(cast.county, 90, 100), (cast.city, 95, 200), (cast.county, 90, 100), (cast.elsewhere, 100, 50), (cast.city, 90, 99)],
        1,
    ):  # fmt: skip
        best(number, region, score, seconds)
    write("standing_region", ("national", "CN", 5, 7), ("national", "130100", 4, 5))
    with django_assert_num_queries(2):
        board = queries.board_of(contest, cast.city)
    assert board.count == 4
    assert [row[:4] for row in board.rows] == [
        (1, "选手2", 95, 200),
        (2, "选手5", 90, 99),
        (3, "选手1", 90, 100),
        (3, "选手3", 90, 100),
    ]
    assert [row.nickname for row in queries.board_of(contest, cast.elsewhere).rows] == ["选手4"]
    assert queries.board_of(contest, cast.elsewhere).count == 0


def test_figures_tell_people_papers_topics_and_parts_and_withhold_small_ones(cast, django_assert_num_queries):
    contest = make_contest(edition=cast.edition, owner=cast.national_unit, slug="national")
    make_topic("laws", hue=4)
    write(
        "standing_region", ("national", "CN", 2030, 3120), ("national", "130000", 10, 12), ("national", "350000", 9, 9)
    )
    write("standing_topic", ("national", "phishing", 60, 100))
    with django_assert_num_queries(4):
        figures = queries.figures_of(contest)
    assert (figures.participants, figures.papers) == (2030, 3120)
    assert figures.topics == [(Topic.objects.get(code="phishing"), 60, 100)]
    assert figures.parts == [(cast.province, 10, 12), (cast.elsewhere, None, None)]
    assert queries.figures_of(contest, withheld_below=0).parts[1] == (cast.elsewhere, 9, 9)


def test_a_contest_that_nobody_played_has_figures_of_nought(cast):
    contest = make_contest(edition=cast.edition, owner=cast.national_unit)
    figures = queries.figures_of(contest)
    assert (figures.participants, figures.papers, figures.topics) == (0, 0, [])
    assert figures.parts == [(cast.province, 0, 0), (cast.elsewhere, 0, 0)]


def test_papers_are_counted_by_the_minute(cast):
    contest = make_contest(edition=cast.edition, owner=cast.national_unit, slug="national")
    minute = int(NOW.timestamp()) // 60
    write("standing_minute", ("national", minute - 5, 3), ("national", minute, 4))
    assert queries.papers_by_minute(contest, since=NOW - dt.timedelta(minutes=1)) == [(NOW, 4)]
