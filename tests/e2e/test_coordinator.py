"""The main job of a provincial coordinator, from the plan to the summary, in a real browser and without a mouse.

Lin Yue coordinates a province: takes what the national plan asks, breaks it down for the cities, chases, briefs, reports.
Chen Zhou coordinates a city, in a browser of their own.
"""

from __future__ import annotations

import datetime as dt
import re
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

    def button(self, text: str, context: str | None = None):
        return self.page.locator("main").get_by_role("button", name=self.say(text, context), exact=True)

    def passes(self) -> None:
        """The page as it is now. Both languages look alike: contrast is held against axe in one of them."""
        assert_accessible(self.page, contrast=self.locale == "zh")

    def open(self, path: str) -> None:
        """A page of the menu."""
        self.keys.follow(self.page.locator(f'.rail a[href="/desk/{self.edition}/{path}"]'))
        self.passes()

    def tab(self, path: str) -> None:
        """A page of the row of links on top."""
        self.keys.skip_to_content()
        self.keys.follow(self.page.locator(f'main nav.tabs a[href^="/desk/{self.edition}/{path}"]').first)
        self.passes()

    def row(self, text) -> None:
        """Open a row of a list, going down with J."""
        wanted = self.page.locator("main [data-row]", has_text=text).first
        for _ in range(60):
            self.keys.press("j")
            if wanted.evaluate("one => one === document.activeElement"):
                break
        self.keys.tab_to(wanted)
        self.keys.go()
        self.passes()

    def sign_in(self) -> None:
        page, keys = self.page, self.keys
        page.goto(self.desk())
        self.passes()
        keys.write(page.locator("[name=username]"), f"{self.name}-{self.locale}")
        keys.write(page.locator("[name=password]"), PASSWORD)
        keys.go()
        self.passes()
        secret = bytes.fromhex(self.live.plans[self.locale]["keys"][self.name])
        totp = TOTP(secret)
        totp.time = time.time()
        keys.write(page.locator("[name=code]"), f"{totp.token():06d}")
        keys.go()
        expect(page).to_have_url(self.desk())
        self.passes()


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
    briefs(lin, chen)
    reports_an_activity(lin)
    sees_the_figures(lin)
    freezes_the_summary(lin)


def takes_the_plan(lin) -> None:
    """What the national plan asks, and the tasks that it made here."""
    lin.open("tasks/")
    expect(lin.page.locator("#late")).to_contain_text(
        {"zh": "制定本地工作方案", "en": "Write the local work plan"}[lin.locale]
    )
    lin.tab("plan/")
    expect(lin.page.locator(".plan__part")).to_have_count(3)
    lin.keys.follow(lin.page.locator(".desk__head").get_by_role("link").first)
    lin.passes()
    lin.page.go_back()  # the browser’s own key
    lin.tab("tasks/all/")


def breaks_down(lin) -> None:
    """Who is accountable here, and a part for each city."""
    lin.row(lin.words)
    lin.keys.go("e")
    lin.passes()
    lin.keys.skip_to_content()
    lin.keys.choose(lin.page.locator("[name=accountable]"), NAMES["lin"][lin.locale])
    lin.keys.follow(lin.button("Save"))
    lin.keys.go("b")
    lin.passes()
    lin.keys.skip_to_content()
    for code in ("cac-fuzhou", "cac-xiamen"):
        lin.keys.tick(lin.page.locator(f"[name=units][value={code}]"))
    lin.keys.follow(lin.button("Break it down"))
    expect(lin.page.locator("#parts .taskline")).to_have_count(2)
    lin.passes()


def reports_a_blocker(chen) -> None:
    chen.open("tasks/")
    chen.row(chen.words)
    chen.keys.press("s")  # the folded form opens, ready to be filled in
    chen.keys.pick(chen.page.locator("[name=state][value=blocked]"))
    chen.keys.write(chen.page.locator("[name=blocker]"), BLOCKER[chen.locale])
    chen.keys.go()  # Enter in the field reports what was typed
    expect(chen.page.locator(".explain")).to_contain_text(BLOCKER[chen.locale])
    chen.passes()


def chases(lin) -> None:
    """The blocked part is on my week, on the board, in the matrix and on the line; a reminder goes to the city."""
    page, keys = lin.page, lin.keys
    lin.open("tasks/")
    expect(page.locator("#below")).to_contain_text(BLOCKER[lin.locale])
    keys.skip_to_content()
    keys.follow(page.locator("#below").get_by_role("button"))
    expect(page.locator(".flash")).to_be_visible()
    expect(page.locator("#below")).to_be_visible()  # the press leads back to where it was made
    lin.passes()
    lin.tab("tasks/board/")
    plan = {"zh": "制定本地工作方案", "en": "Write the local work plan"}[lin.locale]
    begins = lin.say("Begin %(title)s") % {"title": plan}
    keys.skip_to_content()
    keys.follow(page.get_by_role("button", name=begins))
    expect(page.locator('[data-column="doing"]')).to_contain_text(plan)
    lin.passes()
    lin.tab("tasks/matrix/")
    keys.skip_to_content()
    keys.tab_to(page.locator("table.matrix a.cell").first)
    lin.tab("tasks/timeline/")


def hears_of_it(chen) -> None:
    chen.open("tasks/")
    expect(chen.page.locator("main")).to_contain_text(chen.say("I was told"))
    chen.keys.skip_to_content()
    chen.keys.follow(chen.button("I have read them"))
    chen.passes()


def sees_who_is_ready(lin) -> None:
    """A forecast is asked for; it says why the city is not on course."""
    page, keys = lin.page, lin.keys
    lin.open("readiness/")
    keys.skip_to_content()
    keys.follow(lin.button("Make one now"))
    lin.live.work()
    page.reload()
    lin.passes()
    keys.skip_to_content()
    keys.follow(page.locator("table.matrix tbody th a").first)
    lin.passes()
    expect(page.locator(".because")).to_be_visible()


def briefs(lin, chen) -> None:
    """A meeting with an agenda, each unit's page, the pack, and a decision that becomes a task."""
    calls_a_meeting(lin)
    sends_a_page(chen)
    page, keys = lin.page, lin.keys
    page.reload()
    keys.skip_to_content()
    for ending, begins in (("PDF", b"%PDF-"), ("DOCX", b"PK")):
        language = {"zh": "中文", "en": "English"}[lin.locale]
        keys.tab_to(page.locator(".rd-pack").get_by_role("button", name=f"{language} {ending}"))
        with page.expect_download() as download:
            keys.press("Enter")
        assert download.value.path().read_bytes().startswith(begins)
    decides(lin)


def calls_a_meeting(lin) -> None:
    page, keys = lin.page, lin.keys
    lin.open("readiness/")
    lin.tab("meetings/")
    keys.go("n")
    lin.passes()
    keys.skip_to_content()
    keys.tab_to(page.locator("[name=unit]"))  # what every Week has is suggested: it is only to be saved
    keys.follow(page.locator(".deskform__foot button").first)
    lin.passes()
    keys.skip_to_content()
    keys.follow(page.locator('main a[href$="/agenda/"]'))
    lin.passes()
    keys.skip_to_content()
    keys.write(page.locator("[name=title0]"), {"zh": "谁来负责海报", "en": "Who takes the posters"}[lin.locale])
    keys.write(page.locator("[name=wanted0]"), {"zh": "定下一个地点", "en": "Agree on a square"}[lin.locale])
    keys.go()
    lin.passes()
    keys.skip_to_content()
    keys.follow(lin.button("Call the meeting"))
    expect(page.locator(".flash")).to_be_visible()
    lin.passes()


def sends_a_page(chen) -> None:
    page, keys = chen.page, chen.keys
    chen.open("readiness/")
    chen.tab("meetings/")
    keys.skip_to_content()
    keys.follow(page.locator(".rd-owed a").first)
    expect(page.locator("[name=troubles]")).to_have_value(re.compile(BLOCKER[chen.locale]))
    chen.passes()
    keys.skip_to_content()
    keys.write(
        page.locator("[name=asks]"), {"zh": "请省里协调场地。", "en": "Please find us another square."}[chen.locale]
    )
    keys.follow(chen.button("Send it in"))
    expect(page.locator(".flash")).to_be_visible()


def decides(lin) -> None:
    page, keys = lin.page, lin.keys
    decision = {"zh": "改在五一广场张贴", "en": "Use the May Day square"}[lin.locale]
    keys.skip_to_content()
    keys.follow(page.locator('main a[href$="/minutes/"]'))
    lin.passes()
    keys.skip_to_content()
    keys.write(page.locator("textarea[name^=item]").first, decision)
    keys.follow(lin.button("Save the minutes"))
    keys.skip_to_content()
    keys.write(page.locator("[name^=what]").first, decision)
    form = page.locator("form", has=page.locator("[name^=what]"))
    keys.write(form.locator("[name=unit]"), "cac-fuzhou")
    keys.date(form.locator("[name=due]"), dt.datetime.now(dt.UTC).date() + dt.timedelta(days=3))
    keys.write(form.locator("[name=accountable]"), f"chen-{lin.locale}")
    keys.follow(lin.button("Enter the decision"))
    expect(page.locator("main")).to_contain_text(decision)
    lin.passes()
    keys.skip_to_content()
    keys.follow(lin.button("Approve the minutes"))
    lin.passes()
    lin.live.work()
    page.reload()
    keys.skip_to_content()
    keys.follow(page.locator("section", has=page.locator("#decided")).locator("td a").first)
    expect(page.locator("h1")).to_have_text(decision)
    lin.passes()


def reports_an_activity(lin) -> None:
    """Figures with their unit of count; Enter in a field keeps them, the button sends them."""
    page, keys = lin.page, lin.keys
    lin.open("reports/")
    keys.skip_to_content()
    keys.follow(page.locator("table.reports th a").first)
    lin.passes()
    field = page.locator("#count-attendance .count__n input")
    keys.skip_to_content()
    keys.write(field, "120")
    keys.choose(page.locator("#count-attendance select"), lin.say("tickets or signatures"))
    keys.write(page.locator("#count-attendance .count__basis input"), "A-7")
    keys.go()
    expect(page.locator(".flash").first).to_contain_text(lin.say("Kept. It counts once you send it."))
    expect(field).to_have_value("120")
    keys.skip_to_content()
    keys.follow(lin.button("Send the report"))
    expect(page.locator("table")).to_contain_text("120")
    lin.passes()


def sees_the_figures(lin) -> None:
    """What was reported has rolled up, and opens."""
    page, keys = lin.page, lin.keys
    lin.open("reports/")
    lin.tab("figures/")
    row = page.locator("tbody tr", has_text="120").first
    keys.skip_to_content()
    keys.follow(row.locator("th a"))
    expect(page.locator("main")).to_contain_text("120")
    lin.passes()


def freezes_the_summary(lin) -> None:
    """It has written itself; a frozen version keeps what it says, under a hash."""
    page, keys = lin.page, lin.keys
    lin.open("summary/")
    keys.skip_to_content()
    keys.follow(page.locator('main a[href$="/cac-fujian/freeze/"]'))
    lin.passes()
    keys.skip_to_content()
    keys.follow(page.locator(".deskform__foot button"))
    expect(page.locator(".sum__hash")).to_have_text(re.compile("[0-9a-f]{64}"))
    lin.passes()
    keys.skip_to_content()
    keys.tab_to(page.locator("main").get_by_role("link", name="PDF", exact=True))
    with page.expect_download() as download:
        keys.press("Enter")
    assert download.value.path().read_bytes().startswith(b"%PDF-")
