"""The main job of a provincial coordinator, from the plan to the summary, in a real browser and without a mouse.

Lin Yue coordinates a province: takes what the national plan asks, breaks it down for the cities, chases, briefs, reports.
Chen Zhou coordinates a city, in a browser of their own.
"""

from __future__ import annotations

import time

import pytest
from django.utils import translation
from django_otp.oath import TOTP
from playwright.sync_api import expect

from .checks import assert_accessible
from .conftest import LAPTOP
from .keyboard import Keys
from .seed import PASSWORD
from .seed_plan import PEOPLE

NAMES = {name: {"zh": zh, "en": en} for name, zh, en, _unit in PEOPLE}
BLOCKER = {"zh": "场地合同还没有签", "en": "The contract for the square is not signed"}
POSTERS = {"zh": "张贴宣传海报", "en": "Put up the posters"}


class Coordinator:
    """Somebody at work in one language: their page, its keys, and the words that they read on it."""

    def __init__(self, live, page, locale: str, name: str) -> None:
        self.live, self.page, self.locale, self.name = live, page, locale, name
        self.keys = Keys(page)
        self.edition = live.plans[locale]["edition"]
        self.words = POSTERS[locale]

    def say(self, text: str, context: str | None = None) -> str:
        """The words of the product in this person's language."""
        with translation.override("zh-hans" if self.locale == "zh" else "en"):
            return translation.pgettext(context, text) if context else translation.gettext(text)

    def desk(self, path: str = "") -> str:
        return self.live.address(f"/desk/{self.edition}/{path}")

    def link(self, text: str, context: str | None = None):
        return self.page.locator("main").get_by_role("link", name=self.say(text, context), exact=True)

    def button(self, text: str, context: str | None = None):
        return self.page.locator("main").get_by_role("button", name=self.say(text, context), exact=True)

    def open(self, entry: str) -> None:
        """A page of the menu."""
        self.keys.follow(self.page.locator(".rail").get_by_role("link", name=self.say(entry)))
        assert_accessible(self.page)

    def tab(self, text: str, context: str | None = None) -> None:
        """A page of the row of links on top."""
        link = self.page.locator("main nav.tabs").get_by_role("link", name=self.say(text, context), exact=True)
        self.keys.skip_to_content()
        self.keys.follow(link)
        assert_accessible(self.page)

    def row(self, text) -> None:
        """Open a row of a list, going down with J."""
        wanted = self.page.locator("main [data-row]", has_text=text).first
        for _ in range(60):
            self.keys.press("j")
            if wanted.evaluate("one => one === document.activeElement"):
                break
        self.keys.tab_to(wanted)
        self.keys.go()
        assert_accessible(self.page)

    def sign_in(self) -> None:
        page, keys = self.page, self.keys
        page.goto(self.desk())
        assert_accessible(page)
        keys.write(page.locator("[name=username]"), f"{self.name}-{self.locale}")
        keys.write(page.locator("[name=password]"), PASSWORD)
        keys.go()
        assert_accessible(page)
        secret = bytes.fromhex(self.live.plans[self.locale]["keys"][self.name])
        totp = TOTP(secret)
        totp.time = time.time()
        keys.write(page.locator("[name=code]"), f"{totp.token():06d}")
        keys.go()
        expect(page).to_have_url(self.desk())
        assert_accessible(page)


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_a_coordinator_takes_the_plan_breaks_it_down_chases_briefs_and_reports(live, open_page, locale):
    lin = Coordinator(live, open_page(None, locale=locale, size=LAPTOP), locale, "lin")
    chen = Coordinator(live, open_page(None, locale=locale, size=LAPTOP, dark=True), locale, "chen")
    lin.sign_in()
    takes_the_plan(lin)
    breaks_down(lin)
    chen.sign_in()
    reports_a_blocker(chen)
    chases(lin)
    hears_of_it(chen)
    sees_who_is_ready(lin)
    reports_an_activity(lin)
    sees_the_figures(lin)


def takes_the_plan(lin) -> None:
    """What the national plan asks, and the tasks that it made here."""
    lin.open("Tasks")
    expect(lin.page.locator("#late")).to_contain_text(
        {"zh": "制定本地工作方案", "en": "Write the local work plan"}[lin.locale]
    )
    lin.tab("Plan", "planning")
    expect(lin.page.locator(".plan__part")).to_have_count(3)
    lin.keys.follow(lin.page.locator(".desk__head").get_by_role("link").first)
    assert_accessible(lin.page)
    lin.page.go_back()  # the browser’s own key
    lin.tab("All tasks")


def breaks_down(lin) -> None:
    """Who is accountable here, and a part for each city."""
    lin.row(lin.words)
    lin.keys.go("e")
    assert_accessible(lin.page)
    lin.keys.skip_to_content()
    lin.keys.choose(lin.page.locator("[name=accountable]"), NAMES["lin"][lin.locale])
    lin.keys.follow(lin.button("Save"))
    lin.keys.go("b")
    assert_accessible(lin.page)
    lin.keys.skip_to_content()
    for code in ("cac-fuzhou", "cac-xiamen"):
        lin.keys.tick(lin.page.locator(f"[name=units][value={code}]"))
    lin.keys.follow(lin.button("Break it down"))
    expect(lin.page.locator("#parts .taskline")).to_have_count(2)
    assert_accessible(lin.page)


def reports_a_blocker(chen) -> None:
    chen.open("Tasks")
    chen.row(chen.words)
    chen.keys.skip_to_content()
    chen.keys.tab_to(chen.page.locator("#report summary"))
    chen.keys.press("Enter")
    chen.keys.pick(chen.page.locator("[name=state][value=blocked]"))
    chen.keys.write(chen.page.locator("[name=blocker]"), BLOCKER[chen.locale])
    chen.keys.go()
    expect(chen.page.locator(".explain")).to_contain_text(BLOCKER[chen.locale])
    assert_accessible(chen.page)


def chases(lin) -> None:
    """The blocked part is on my week, on the board, in the matrix; a reminder goes to the city."""
    lin.open("Tasks")
    expect(lin.page.locator("#below")).to_contain_text(BLOCKER[lin.locale])
    lin.keys.skip_to_content()
    lin.keys.follow(lin.page.locator("#below").get_by_role("button"))
    expect(lin.page.locator(".flash")).to_be_visible()
    assert_accessible(lin.page)
    lin.tab("Board")
    lin.tab("Matrix")
    lin.tab("Timeline")


def hears_of_it(chen) -> None:
    chen.open("Tasks")


def sees_who_is_ready(lin) -> None:
    """A forecast is asked for; it says why the city is not on course."""
    lin.open("Readiness")
    lin.keys.follow(lin.button("Make one now"))
    lin.live.work()
    lin.page.reload()
    assert_accessible(lin.page)


def reports_an_activity(lin) -> None:
    lin.open("Reports")


def sees_the_figures(lin) -> None:
    lin.tab("Figures")
