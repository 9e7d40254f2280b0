"""An activity's way in a real browser: registered, sent in, approved, published, found, kept in a calendar, cancelled."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
from playwright.sync_api import expect

from .checks import assert_accessible
from .conftest import LAPTOP, PHONE


@pytest.fixture(scope="module")
def day(live) -> str:
    """The theme day that it is in the edition of the live server."""
    return live.sql(
        "SELECT date::text FROM editions_themeday JOIN editions_edition e ON e.id = edition_id"
        " WHERE slug = %s AND number = 4",
        live.edition,
    )[0][0]


@pytest.fixture
def desk(live, open_page):
    def open_desk(path: str = "", *, size=LAPTOP, dark: bool = False, locale: str = "en"):
        page = open_page(None, size=size, dark=dark, locale=locale)
        live.sign_in(page, "tianjin")
        page.goto(live.address(f"/desk/{live.edition}/activities/{path}"))
        return page

    return open_desk


def register(page, day: str, title: str) -> str:
    page.keyboard.press("n")
    expect(page).to_have_url(re.compile(r"/new/$"))
    page.get_by_label("in English").first.fill(title)
    page.get_by_label("in Chinese").first.fill(f"《{title}》")
    page.get_by_label("Kind").select_option("lecture")
    page.get_by_label("Starts").fill(f"{day}T00:10")
    next_day = dt.date.fromisoformat(day) + dt.timedelta(days=1)  # not over by midnight, should that come meanwhile
    page.get_by_label("Ends").fill(f"{next_day}T23:50")
    page.get_by_label("Lead organiser").fill("cac-tianjin")
    page.get_by_label("Region").fill("120101")
    page.get_by_role("button", name="Register and send in").click()
    expect(page.locator(".flash")).to_contain_text("is registered and sent in")
    return re.search(r"activities/(\w+)/", page.url).group(1)


def test_the_whole_way_of_an_activity(live, desk, open_page, day):
    page = desk()
    code = register(page, day, "The cyber bus </script>")
    page.goto(live.address(f"/desk/{live.edition}/activities/?open={code}"))
    page.keyboard.press("a")
    expect(page.locator(".flash")).to_contain_text("is approved")
    page.locator(f"input[name=code][value={code}]").check()
    page.get_by_role("button", name="Publish 1").click()
    expect(page.locator(".flash")).to_contain_text("1 activity is published.")
    assert_accessible(page)

    public = open_page("programme/", locale="zh")
    public.locator(".prog__filters summary").click()
    public.get_by_role("searchbox").fill("cyber bus")  # htmx asks while one types
    expect(public).to_have_url(re.compile("q=cyber"))
    public.get_by_role("link", name="The cyber bus").click()
    expect(public.locator("h1")).to_have_text("《The cyber bus </script>》")
    data = json.loads(public.locator('script[type="application/ld+json"]').text_content())
    assert data["name"] == "《The cyber bus </script>》"
    assert_accessible(public)

    page.goto(live.address(f"/desk/{live.edition}/activities/{code}/cancel/why/"))
    assert_accessible(page)
    page.get_by_label("Reason").fill("Rain")
    page.get_by_role("button", name="Cancel the activity").click()
    public.reload()
    expect(public.locator(".act .flash")).to_contain_text("Rain")


@pytest.mark.parametrize("view", ["list", "week", "map"])
@pytest.mark.parametrize(("locale", "dark", "size"), [("zh", False, PHONE), ("en", True, LAPTOP)])
def test_the_programme_is_accessible_and_fits(open_page, view, locale, dark, size):
    assert_accessible(open_page(f"programme/?view={view}", locale=locale, dark=dark, size=size))


@pytest.mark.parametrize("path", ["", "new/", "import/"])
@pytest.mark.parametrize(("locale", "dark", "size"), [("zh", False, PHONE), ("en", True, LAPTOP)])
def test_the_desk_is_accessible_and_fits(desk, path, locale, dark, size):
    assert_accessible(desk(path, locale=locale, dark=dark, size=size))


def test_the_programme_can_be_asked_without_a_script(open_page):
    page = open_page("programme/", locale="en", script=False, size=LAPTOP)
    page.get_by_role("searchbox").fill("nothing like this")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator(".empty")).to_contain_text("Nothing here fits")


def test_the_panel_takes_the_place_of_the_list_on_a_phone(live, desk, day):
    page = desk(size=LAPTOP)
    code = register(page, day, "Panel")
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.goto(live.address(f"/desk/{live.edition}/activities/"))
    page.get_by_role("link", name="Panel").first.click()
    expect(page.locator("#panel")).to_be_visible()
    expect(page.locator(".split__list")).to_be_hidden()
    assert_accessible(page)
    page.get_by_role("link", name="Close").click()
    expect(page.get_by_role("link", name="Panel").first).to_be_visible()
    assert code in page.content()
