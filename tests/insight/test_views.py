from __future__ import annotations

import pytest
from django.utils import timezone

from cyberweek.knowledge.models import Topic
from tests.factories.programme import make_activity
from tests.factories.regions import make_region

pytestmark = pytest.mark.usefixtures("noon")
REGIONS = {"CN": (2_030_214, 5_961_442), "130000": (2_000_000, 5_900_000), "350000": (30_214, 61_442)}


def told(response) -> str:
    return " ".join(response.content.decode().split())


def test_the_wall_stands_without_a_script(client, edition, contest, counted):
    counted(regions=REGIONS, topics={"phishing": (3, 4)}, minutes={timezone.now(): 60})
    page = told(client.get("/now/wall/", headers={"accept-language": "en"}))
    assert "2,030,214" in page
    assert "5,961,442" in page
    assert "75%" in page
    assert 'data-live="/arena/v1/contests/week/live"' in page
    assert "/now/play/" in page


def test_the_wall_speaks_the_visitors_language(client, edition, contest):
    assert "每分钟交卷" in told(client.get("/now/wall/", headers={"accept-language": "zh-CN"}))
    assert "Papers a minute" in told(client.get("/now/wall/", headers={"accept-language": "en"}))


def test_a_wall_without_a_contest_shows_the_programme(client, edition, cast):
    make_activity(edition=edition, lead=cast.provincial_unit, status="published")
    page = told(client.get("/now/wall/", headers={"accept-language": "en"}))
    assert "Activities by division" in page
    assert 'data-live="' not in page
    assert "Scan for the programme" in page


def test_the_address_of_the_wall_leads_to_the_current_edition(client, edition, cast):
    assert client.get("/wall").headers["Location"] == f"/{cast.edition.slug}/wall/"


@pytest.mark.django_db
def test_without_an_edition_there_is_no_wall(client):
    assert client.get("/wall").status_code == 404
    assert client.get("/nothing/wall/").status_code == 404
    assert client.get("/nothing/figures/").status_code == 404


def test_the_walls_rows_are_drawn_alone_and_kept_a_moment(client, edition, contest, counted):
    counted(regions={"130100": (4_000, 8_000)})
    response = client.get("/now/wall/rows/", headers={"accept-language": "en"})
    assert response.headers["Cache-Control"] == "max-age=10"
    assert "<html" not in told(response)
    assert "Shijiazhuang" in told(response)


@pytest.mark.parametrize("path", ["/now/wall/", "/now/wall/rows/", "/now/figures/", "/now/figures/130000/"])
def test_a_page_asks_the_database_as_often_for_many_rows_as_for_one(
    client, edition, contest, counted, cast, path, django_assert_max_num_queries
):
    def rows(first, last):
        for n in range(first, last):
            make_region(f"13{n:02}00", parent=cast.province, level="city")
            make_activity(edition=edition, lead=cast.provincial_unit, status="published")
            Topic.objects.create(code=f"t{n}", name={"en": f"T{n}"}, hue=1, order=n)
        counted(
            regions={f"13{n:02}00": (100 + n, 200) for n in range(first, last)},
            topics={f"t{n}": (3, 4) for n in range(first, last)},
        )

    rows(10, 11)
    counts = []
    for more in (0, 12):
        rows(20, 20 + more)
        with django_assert_max_num_queries(16) as asked:
            assert client.get(path).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_tables_hold_what_the_figures_are_made_of(client, edition, contest, counted):
    counted(regions=REGIONS | {"350000": (3, 5)}, topics={"phishing": (3, 4)}, minutes={timezone.now(): 60})
    page = told(client.get("/now/figures/", headers={"accept-language": "en"}))
    assert "2,030,214" in page
    assert "5,900,000" not in page  # with Fujian's three withheld, Hebei would give them away
    assert "75%" in page


def test_a_region_opens_onto_those_beneath_it(client, edition, contest, counted, cast):
    counted(regions={"130100": (4_000, 8_000)})
    page = told(client.get("/now/figures/130000/", headers={"accept-language": "en"}))
    assert "Shijiazhuang" in page
    assert "4,000" in page


def test_a_region_outside_the_edition_is_not_there(client, edition, cast):
    make_region("IE", level="nation")
    assert client.get("/now/figures/IE/").status_code == 404
    assert client.get("/now/figures/999999/").status_code == 404


def test_nothing_counted_yet_is_a_page_too(client, edition):
    assert "There is nothing to count yet." in told(client.get("/now/figures/", headers={"accept-language": "en"}))
