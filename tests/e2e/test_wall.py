"""The wall on a hall screen and on a phone: it fits, it follows the stream, and says so when the stream is lost."""

from __future__ import annotations

import datetime as dt
import json
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from cyberweek.insight.core.curve import chart_of
from cyberweek.insight.core.scales import axis_top, heat_bounds
from cyberweek.kernel.core.figures import compact

from .checks import assert_accessible
from .conftest import PHONE

LAPTOP, HALL, FOUR_K = (1280, 720), (1920, 1080), (3840, 2160)
STREAM = "**/arena/v1/contests/*/live"


def snapshot(**changes) -> dict:
    told = {
        "contest": "week", "at": dt.datetime.now(dt.UTC).isoformat(), "participants": 2_030_214, "papers": 5_961_442,
        "topics": {"phishing": {"right": 84, "answered": 100}},
        "regions": {"120000": {"participants": 96_000, "papers": 200_000}, "350000": {"participants": 67_000, "papers": 1}},
        "cities": [{"region": "350100", "participants": 40_000, "papers": 90_000}],
        "minutes": [], "head": {"batch": 1284, "hash": "9f3ac2d41b7e55aa"},
    }  # fmt: skip
    return told | changes


def stream(page, *snapshots) -> None:
    """From now on the arena's stream tells these and breaks off."""
    body = "".join(f"event: snapshot\ndata: {json.dumps(one)}\n\n" for one in snapshots)
    page.route(STREAM, lambda route: route.fulfill(content_type="text/event-stream", body=body))


@pytest.fixture
def open_wall(live, open_page):
    # Without an answer counted the wall has no topics, and asks the server for them when the stream tells of papers.
    live.sql("INSERT INTO standing_topic SELECT 'week', code, 3, 4 FROM knowledge_topic ON CONFLICT DO NOTHING")

    def open_one(*snapshots, **how):
        page = open_page(None, **how)
        stream(page, *snapshots)
        page.goto(live.address("wall/"))
        return page

    return open_one


def overflowing(page) -> list[str]:
    """What is cut off, or lies outside the screen."""
    return page.evaluate(
        """() => {
          const out = [...document.querySelectorAll(".wall__grid > section, .wall__top, .wall__foot")]
            .filter((e) => { const r = e.getBoundingClientRect();
              return r.bottom > innerHeight + 1 || r.right > innerWidth + 1 || e.scrollHeight > e.clientHeight + 2; })
            .map((e) => `${e.className} ${e.scrollHeight}>${e.clientHeight}`);
          const root = document.documentElement;
          if (root.scrollHeight > innerHeight || root.scrollWidth > innerWidth) out.push("page scrolls");
          return out;
        }"""
    )


@pytest.mark.parametrize(("size", "locale"), [(LAPTOP, "en"), (HALL, "zh"), (FOUR_K, "en")])
def test_nothing_is_cut_off_on_a_hall_screen(open_wall, size, locale):
    page = open_wall(snapshot(participants=0, papers=0), size=size, locale=locale, dark=True)
    for participants in (0, 1_400_000_000):
        stream(page, snapshot(participants=participants, papers=participants * 3))
        expect(page.locator("[data-figure=participants]")).to_have_text(f"{participants:,}")
        assert overflowing(page) == []


def test_figures_of_the_stream_take_the_place_of_those_loaded(open_wall):
    page = open_wall(snapshot(), locale="en", size=HALL)
    expect(page.locator("[data-figure=participants]")).to_have_text("2,030,214")
    expect(page.locator("[data-figure=papers]")).to_have_text("5,961,442")
    expect(page.locator("[data-batch]")).to_have_text("1,284")
    expect(page.locator("[data-hash]")).to_have_text("9f3ac2d41b7e")
    expect(page.locator('[data-parts] [data-region="120000"] [data-people]')).to_have_text("96k")


def test_a_lost_stream_is_said_with_the_age_of_the_figures_and_comes_back(open_wall):
    page = open_wall(snapshot(), locale="en", size=LAPTOP)
    state = page.locator(".wall__state")
    expect(state).to_contain_text("Connection lost; trying again")
    expect(page.locator("[data-age]")).to_contain_text("sec old")
    stream(page, snapshot(participants=2_030_300))
    expect(page.locator("[data-figure=participants]")).to_have_text("2,030,300")


def test_a_stream_that_answers_with_an_error_is_tried_again(live, open_page):
    page = open_page(None, locale="en", size=LAPTOP)
    page.clock.install()
    tries = []

    def fault(route):
        tries.append(page.evaluate("performance.now()"))
        route.fulfill(status=503)

    page.route(STREAM, fault)
    page.goto(live.address("wall/"))
    expect(page.locator(".wall__state")).to_contain_text("Connection lost")
    for known in (1, 2, 3):
        page.clock.fast_forward(5000)
        live.wait_for(lambda known=known: page.wait_for_timeout(50) or len(tries) > known)
    pauses = [later - earlier for earlier, later in pairwise(tries)]
    assert all(pause >= 750 for pause in pauses), pauses  # the first pause is a second, a quarter more or less


def test_what_the_stream_withholds_is_a_dash(open_wall):
    small = {key: {"participants": None, "papers": None} for key in ["120000", "350000"]}
    page = open_wall(snapshot(regions=small), locale="en", size=LAPTOP)
    for code in small:
        expect(page.locator(f'[data-parts] [data-region="{code}"] [data-people]')).to_have_text("–")


def test_the_real_stream_moves_the_wall(live, open_page):
    page = open_page("wall/", locale="en", size=LAPTOP)
    expect(page.locator(".wall__state")).to_have_attribute("data-state", "live")
    assert_accessible(page)


@pytest.mark.parametrize(("locale", "dark"), [("zh", False), ("en", True)])
def test_a_phone_reads_the_wall_one_part_under_the_other(open_wall, locale, dark):
    page = open_wall(snapshot(), size=PHONE, locale=locale, dark=dark)
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollHeight") > PHONE[1]


def test_without_a_script_the_wall_shows_what_was_counted_when_it_was_asked_for(open_page):
    page = open_page("wall/", locale="en", size=LAPTOP, script=False)
    expect(page.locator(".wall__state")).to_contain_text("As of loading")
    expect(page.locator("[data-parts], .wall__none").first).to_be_visible()


@pytest.mark.parametrize("earlier", [[], [[(2, 40.0), (7, 120.5), (1437, 3.0)], [(602, 15.0)]]])
def test_script_and_server_draw_the_same_day(open_wall, earlier):
    page = open_wall(snapshot(), size=LAPTOP)
    today = [[600, 40], [601, 80], [619, 20]]
    chart = chart_of([(minute, papers) for minute, papers in today], earlier, until=620)
    told = page.evaluate(
        """async ({today, earlier}) => {
          const name = performance.getEntriesByType("resource").map((e) => e.name).find((n) => /curve.*js/.test(n));
          const { draw } = await import(name), chart = document.querySelector("[data-chart]");
          // What the tests handed in is of today, or of yesterday where midnight has been since: these days instead.
          chart.querySelectorAll("[data-points]").forEach((line) => line.remove());
          for (const points of earlier) {
            const line = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
            line.dataset.points = points;
            chart.append(line);
          }
          draw(chart, today, 620, false);
          return {
            lines: ["[data-today]", "[data-points]"].map((s) => [...chart.querySelectorAll(s)].map((l) => l.getAttribute("points"))),
            times: [...chart.querySelectorAll("[data-times] text")].map((t) => t.textContent),
          };
        }""",
        {"today": today, "earlier": [line.data for line in chart.earlier]},
    )
    assert [list(map(pairs, lines)) for lines in told["lines"]] == [
        [pairs(chart.today.points)],
        [pairs(line.points) for line in chart.earlier],
    ]
    assert told["times"] == [time for time, _x in chart.times]


def pairs(points: str) -> list[list[float]]:
    return [[float(n) for n in pair.split(",")] for pair in points.split()]


def test_script_and_server_count_the_same(open_wall):
    page = open_wall(snapshot(), size=LAPTOP)
    counts = [0, 7, 12, 999, 1000, 9_999, 10_000, 131_000, 2_030_214, 10**9]
    told = page.evaluate(
        """async (counts) => {
          const name = performance.getEntriesByType("resource").map((e) => e.name).find((n) => /scales.*js/.test(n));
          const s = await import(name);
          return {
            tops: counts.map(s.axisTop), bounds: counts.map((n) => s.heatBounds([n])),
            western: counts.map((n) => s.compact(n, false)), chinese: counts.map((n) => s.compact(n, true)),
          };
        }""",
        counts,
    )
    assert told["tops"] == [axis_top(count) for count in counts]
    assert told["bounds"] == [heat_bounds([count]) for count in counts]
    assert told["western"] == [compact(count, chinese=False) for count in counts]
    assert told["chinese"] == [compact(count, chinese=True) for count in counts]
