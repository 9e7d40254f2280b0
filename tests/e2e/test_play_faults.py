"""What the play page does when the server is down, busy, or silent after it has written: nothing is lost, all is told."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from itertools import pairwise

import pytest
from playwright.sync_api import Error, expect

from .checks import assert_accessible
from .test_play import KEPT, answer, begin, current, get_passport, hand_in, saved

BUSY = {"type": "urn:cyberweek:problem:overloaded"}
DOWN = {"type": "urn:cyberweek:problem:ledger-down"}


def trouble(page, words):
    expect(page.locator("[data-offline]")).to_contain_text(words)


def saves_of(live, page):
    attempt = page.evaluate(KEPT)["attempt"]
    query = "SELECT answers FROM ledger_entry WHERE kind = 'save' AND attempt = %s ORDER BY batch, position"
    return [sheet for (sheet,) in live.sql(query, attempt)]


def test_the_server_is_down_while_answers_are_saved(live, open_page):
    page = open_page("play/week/", locale="en")
    begin(page)
    tried = []

    def down(route):
        tried.append(page.evaluate("performance.now()"))
        route.abort("connectionrefused")

    page.route("**/answers", down)
    answer(page)
    trouble(page, "The server does not answer.")
    saved(page, "Kept on this phone")
    assert_accessible(page)
    page.locator("[data-next]").click()
    answer(page, 1)
    while len(tried) < 4:
        page.wait_for_event("requestfailed")
    pauses = [later - earlier for earlier, later in pairwise(tried)]
    assert all(pause >= 450 * 2**place for place, pause in enumerate(pauses)), pauses
    page.unroute("**/answers")
    expect(page.locator("[data-saved]")).to_contain_text("Saved")  # the pause has grown
    expect(page.locator("[data-offline]")).to_be_hidden()
    assert len(saves_of(live, page)) == 1
    assert saves_of(live, page)[0].replace(",", "") != ""


def test_a_busy_arena_is_not_asked_sooner_because_another_answer_was_ticked(live, open_page):
    page = open_page(None, locale="en")
    page.clock.install()
    page.goto(live.address("play/week/"))
    begin(page)
    tried = []

    def busy(route):
        tried.append(page.evaluate("performance.now()"))
        if len(tried) == 1:
            route.fulfill(status=503, headers={"Retry-After": "100"}, json=BUSY)
        else:
            route.continue_()

    page.route("**/answers", busy)
    answer(page)
    trouble(page, "Very many people are here right now.")
    for place in (1, 0, 1):
        answer(page, place)
        page.clock.fast_forward(5000)
    page.clock.fast_forward(150_000)
    saved(page, "Saved")
    assert tried[1] - tried[0] >= 100_000
    assert len(saves_of(live, page)) == 1


def test_a_save_whose_answer_is_lost_is_written_once(live, open_page):
    page = open_page("play/week/", locale="en")
    begin(page)
    tried = []

    def silent(route):
        tried.append(route.request.post_data_json["number"])
        answered = route.fetch()
        if len(tried) == 1:
            assert answered.status == 204
            route.abort("connectionreset")
        else:
            route.fulfill(response=answered)

    page.route("**/answers", silent)
    answer(page)
    saved(page, "Saved")
    assert len(tried) == 2
    assert tried[0] == tried[1]
    assert len(saves_of(live, page)) == 1


def test_the_answer_to_handing_in_is_lost_after_commit(live, open_page):
    page = open_page("play/week/", locale="en")
    begin(page)
    answer(page)
    attempt = page.evaluate(KEPT)["attempt"]
    receipts = []

    def silent(route):
        answered = route.fetch()
        receipts.append(answered.json()["receipt"])
        if len(receipts) <= 2:
            route.abort("connectionreset")
        else:
            route.fulfill(response=answered)

    page.route("**/submit", silent)
    hand_in(page)
    expect(page.locator("[data-waiting]:visible")).to_contain_text("The server does not answer. Trying again in")
    expect(page.locator("[data-result]")).to_be_visible()
    assert len(receipts) == 3
    assert set(receipts) == {page.locator('[data-text="receipt"]').inner_text()}
    query = "SELECT count(*) FROM ledger_entry WHERE kind = 'submit' AND attempt = %s"
    assert live.sql(query, attempt) == [(1,)]


def test_a_ledger_that_is_down_is_told_and_a_closed_tab_goes_on_handing_in(live, open_page):
    page = open_page("play/week/", locale="en")
    begin(page)
    answer(page)
    page.context.route("**/submit", lambda route: route.fulfill(status=503, headers={"Retry-After": "1"}, json=DOWN))
    hand_in(page)
    expect(page.locator("[data-waiting]:visible")).to_contain_text("The server has a fault. Trying again in")
    url, attempt = page.url, page.evaluate(KEPT)["attempt"]
    other = page.context.new_page()
    page.close()
    other.goto(url)
    expect(other.locator('[data-screen="sending"]')).to_be_visible()
    assert_accessible(other)
    other.context.unroute("**/submit")
    expect(other.locator("[data-result]")).to_be_visible()
    query = "SELECT count(*) FROM ledger_entry WHERE kind = 'submit' AND attempt = %s"
    assert live.sql(query, attempt) == [(1,)]


def test_a_reload_without_a_network_keeps_the_answers_until_it_is_back(live, open_page):
    page = open_page("play/week/", locale="en")
    begin(page)
    answer(page)
    saved(page, "Saved")
    url = page.url
    page.context.set_offline(True)
    page.locator("[data-next]").click()
    answer(page, 1)
    trouble(page, "You are offline.")
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        page.reload()
    page.context.set_offline(False)
    page.goto(url)
    expect(page.locator('.dots [data-s="done"]')).to_have_count(2)
    saved(page, "Saved")
    assert len([mark for mark in saves_of(live, page)[-1].split(",") if mark]) == 2


def test_two_tabs_save_while_the_server_comes_and_goes(live, open_page):
    page = open_page("play/week/", locale="en")
    begin(page)
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator('[data-screen="play"]')).to_be_visible()
    page.context.route("**/answers", lambda route: route.abort("connectionrefused"))
    answer(page)
    other.locator("[data-next]").click()
    answer(other, 1)
    trouble(page, "The server does not answer.")
    trouble(other, "The server does not answer.")
    page.context.unroute("**/answers")
    for tab in (page, other):
        expect(tab.locator("[data-saved]")).to_contain_text("Saved")
    expect(page.locator('.dots [data-s="done"]')).to_have_count(2)
    sheets = saves_of(live, page)
    assert len([mark for mark in sheets[-1].split(",") if mark]) == 2
    assert len(sheets) == len(set(sheets))


def start_just_before_it_closes(live, page, contest):
    """The contest closes soon after this start; the page's clock stands still before that. Tries again where that was too late."""
    for seconds in (5, 15, 60):
        closes = live.close_contest(contest, after=seconds, grace=0)
        page.goto(live.address(f"play/{contest}/"))
        if page.locator("[data-start]").count():
            page.locator("[data-start]").click()
            expect(page.locator('[data-screen]:visible:not([data-screen="ready"])')).to_be_visible()
            with suppress(Error):  # that time is over
                page.clock.pause_at(closes - dt.timedelta(seconds=1))
                if page.locator('[data-screen="play"]').is_visible():
                    return closes
                page.clock.resume()
        page.evaluate(
            "for (const key of Object.keys(localStorage)) if (key.includes('paper.')) localStorage.removeItem(key)"
        )
    raise AssertionError("a minute was not enough to start")


def test_a_paper_that_came_too_late_stays_with_the_player(live, open_page):
    page = open_page(None, locale="en")
    page.clock.install()
    page.goto(live.address("play/tardy/"))
    get_passport(page)
    closes = start_just_before_it_closes(live, page, "tardy")
    page.context.set_offline(True)
    stem = current(page).locator(".play__q").inner_text()
    given = current(page).locator(".option").first.locator("[data-text=text]").inner_text()
    answer(page)
    page.clock.resume()
    expect(page.locator('[data-screen="sending"]')).to_contain_text("Time was up")
    expect(page.locator("[data-waiting]:visible")).to_contain_text("No network")
    live.wait_for(lambda: dt.datetime.now(dt.UTC) > closes, seconds=70)
    page.context.set_offline(False)
    for _again in range(2):
        expect(page.locator('[data-problem="late"]')).to_be_visible()
        page.locator('[data-problem="late"] summary').click()
        expect(page.locator("[data-late-sheet] li").first).to_contain_text(stem)
        expect(page.locator("[data-late-sheet] li").first).to_contain_text(given)
        expect(page.locator("[data-late-sheet] li").nth(1)).to_contain_text("not answered")
        assert_accessible(page)
        page.reload()
    page.locator("[data-again]").click()
    expect(page.locator('[data-screen="ready"]')).to_be_visible()
