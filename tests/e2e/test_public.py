"""The public pages on phone and laptop, in both languages and themes, with and without a script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from .checks import assert_accessible
from .conftest import LAPTOP, PHONE

PAGES = ["", "figures/", "figures/350000/", "/", "/about/", "/editions/"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("locale", "dark", "size"), [("zh", False, PHONE), ("en", True, LAPTOP)])
def test_a_page_is_accessible_and_fits(open_page, path, locale, dark, size):
    assert_accessible(open_page(path, locale=locale, dark=dark, size=size))


def test_an_answer_is_explained_on_the_spot_without_a_script(open_page):
    page = open_page("", locale="en", script=False)
    page.locator("button.answer").first.click()
    expect(page.locator(".call__verdict")).to_have_text(re.compile("Right|Not quite"))
    expect(page.locator(".answer[data-right]")).to_have_count(1)


def test_the_answered_question_is_accessible(open_page):
    for dark in (False, True):
        page = open_page("", locale="zh", dark=dark)
        page.locator("button.answer").last.click()
        assert_accessible(page)


def test_each_segment_of_the_ring_leads_to_its_day(open_page):
    page = open_page("", locale="en", size=LAPTOP)
    page.locator(".hero__ring a").nth(4).click()
    expect(page).to_have_url(re.compile(r"/programme/\?day=5"))
    expect(page.locator("h2").first).to_contain_text("Finance Day")


def test_a_region_is_chosen_without_a_script_and_remembered(live, open_page):
    page = open_page("", locale="en", script=False)
    page.locator("#where").select_option("350000")
    page.get_by_role("button", name="Show").click()
    page.goto(live.address(""))
    expect(page.locator("#where")).to_have_value("350000")
    expect(page.locator(".near li").first).to_contain_text("A class under the banyan")


def test_the_language_is_switched_in_place(open_page):
    page = open_page("figures/", locale="zh")
    page.get_by_role("button", name="English").click()
    expect(page.locator("h1")).to_have_text("Figures")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_the_theme_chosen_stays(live, open_page):
    page = open_page("", locale="en")
    page.locator("[data-theme-toggle]").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.goto(live.address("figures/"))
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_no_page_moves_while_it_loads_and_none_is_heavy(open_page, live):
    page = open_page(None, locale="zh")
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver((list) => list.getEntries().forEach((e) => (window.shift += e.value)))"
        ".observe({type: 'layout-shift', buffered: true});"
    )
    sent = []
    page.on("response", lambda response: sent.append(len(response.body())) if response.ok else None)
    page.goto(live.address(""), wait_until="networkidle")
    assert page.evaluate("window.shift") < 0.01
    assert sum(sent) < 250_000
