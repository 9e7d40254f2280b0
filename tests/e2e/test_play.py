"""The contest on a phone: one hand, a bad network, and everything that goes wrong on the way."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from .checks import assert_accessible
from .conftest import LAPTOP, PHONE

WORDS = {
    "zh": {
        "start": "开始", "next": "下一题", "hand_in": "交卷", "saved": "已保存", "kept": "已存在手机上", "right": "20 题答对",
        "time_is_up": "时间到，正在为您交卷。", "time_was_up": "答题时间已到，自动交卷",
    },
    "en": {
        "start": "Start", "next": "Next", "hand_in": "Hand in", "saved": "Saved", "kept": "Kept on this phone", "right": "of 20 right",
        "time_is_up": "Time is up. Your paper is handed in.", "time_was_up": "Time was up: the paper handed itself in",
    },
}  # fmt: skip
KEPT = "JSON.parse(Object.entries(localStorage).find(([key]) => key.includes('paper.'))[1])"


def ask_for_passport(page, nickname="河边的小林", *, region=("350000", "350100", "350102")):
    page.locator("#passport-nickname").fill(nickname)
    for level, code in enumerate(region, 1):
        page.locator(f"#region-{level}").select_option(code)
    page.locator("#passport-band").select_option("12-17")
    page.locator("#passport-sector").select_option("education")
    page.locator("[data-issue]").click()


def get_passport(page, *asked, **also):
    ask_for_passport(page, *asked, **also)
    expect(page.locator("[data-issue]")).to_be_hidden()


def begin(page):
    get_passport(page)
    start(page)


def start(page):
    page.locator("[data-start]").click()
    expect(page.locator('[data-screen="play"]')).to_be_visible()


def current(page):
    return page.locator(".play__item:not([hidden])")


def answer(page, place=0):
    current(page).locator(".option").nth(place).click()


def saved(page, word):
    expect(page.locator("[data-saved]")).to_contain_text(word)


def hand_in(page):
    page.locator(".play__also [data-hand-in]").click()
    page.locator('[data-confirm] [value="hand-in"]').click()


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_a_phone_plays_a_whole_paper_through_a_lost_network_and_a_reload(live, open_page, locale):
    words = WORDS[locale]
    page = open_page("play/week/", locale=locale, dark=locale == "en")
    assert_accessible(page)
    get_passport(page)
    expect(page.locator('[data-screen="ready"]')).to_contain_text("河边的小林")
    assert_accessible(page)
    page.get_by_role("button", name=words["start"]).click()
    for _item in range(5):
        answer(page)
        page.get_by_role("button", name=words["next"]).click()
    saved(page, words["saved"])
    assert_accessible(page)
    stem = current(page).locator(".play__q").inner_text()

    page.context.set_offline(True)
    answer(page, 1)
    expect(page.locator("[data-offline]")).to_be_visible()
    saved(page, words["kept"])
    page.locator("[data-next]").click()
    answer(page)
    assert_accessible(page)
    page.context.set_offline(False)
    saved(page, words["saved"])
    expect(page.locator("[data-offline]")).to_be_hidden()

    page.reload()
    expect(page.locator('.dots [data-s="done"]')).to_have_count(7)
    page.locator("[data-back]").click()
    expect(current(page).locator(".play__q")).to_have_text(stem)
    expect(current(page).locator("input").nth(1)).to_be_checked()

    for place in range(8, 20):
        page.locator(".dots a").nth(place - 1).click()
        answer(page)
    page.locator(".dots a").nth(19).click()
    page.get_by_role("button", name=words["hand_in"]).first.click()
    expect(page.locator("[data-confirm]")).to_contain_text("20")
    assert_accessible(page)
    page.locator('[data-confirm] [value="hand-in"]').click()

    expect(page.locator("[data-result] h1")).to_contain_text(words["right"])
    expect(page.locator(".answered:visible").first).to_be_visible()
    expect(page.locator(".stat")).to_have_count(3)  # nation, province, city
    assert_accessible(page)
    receipt = page.locator('[data-text="receipt"]').inner_text()
    page.reload()
    expect(page.locator('[data-text="receipt"]')).to_have_text(receipt)
    assert live.sql("SELECT count(*) FROM ledger_entry WHERE kind = 'submit' AND contest = 'week'")[0][0] >= 1


def test_a_paper_handed_in_twice_at_once_counts_once(live, open_page):
    page = open_page("play/week/")
    begin(page)
    answer(page)
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator('.dots [data-s="done"]')).to_have_count(1)
    attempt = page.evaluate(KEPT)["attempt"]
    page.locator(".play__also [data-hand-in]").click()
    page.evaluate("""() => {
        const button = document.querySelector('[data-confirm] [value="hand-in"]');
        button.click(); button.click();
    }""")
    expect(page.locator("[data-result]")).to_be_visible()
    expect(other.locator("[data-result]")).to_be_visible()
    assert live.sql("SELECT count(*) FROM ledger_entry WHERE kind = 'submit' AND attempt = %s", attempt) == [(1,)]


def test_two_tabs_write_the_same_paper(open_page):
    page = open_page("play/week/")
    begin(page)
    other = page.context.new_page()
    other.goto(page.url)
    answer(other, 1)
    expect(current(page).locator("input").nth(1)).to_be_checked()


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_the_paper_is_handed_in_by_itself_at_the_deadline_and_says_so_from_then_on(live, open_page, locale):
    words = WORDS[locale]
    page = open_page(None, locale=locale)
    page.clock.install()
    page.goto(live.address("play/week/"))
    begin(page)
    answer(page)
    saved(page, words["saved"])
    page.clock.pause_at(dt.datetime.fromisoformat(page.evaluate(KEPT)["deadline"]) - dt.timedelta(seconds=30))
    expect(page.locator("[data-clock]")).to_have_text("00:30")
    expect(page.locator("[data-timer]")).to_have_attribute("data-hurry", "")
    page.clock.run_for(30_000)
    expect(page.locator('[data-screen="sending"]')).to_contain_text(words["time_was_up"])
    expect(page.locator("[data-announce]")).to_have_text(words["time_is_up"])
    page.clock.resume()
    expect(page.locator("[data-result] h1")).to_contain_text(words["right"])
    expect(page.locator('[data-result] [role="status"]').first).to_contain_text(words["time_was_up"])
    assert_accessible(page)
    page.reload()
    expect(page.locator("[data-result]")).to_contain_text(words["time_was_up"])


def test_a_phone_whose_clock_jumps_keeps_its_time(open_page):
    page = open_page("play/week/", locale="en")
    begin(page)
    answer(page)
    saved(page, "Saved")
    with page.expect_response("**/answers"):  # before it ends a paper it asks what time it is
        page.evaluate("{ const now = Date.now; Date.now = () => now() + 3_600_000; }")
    expect(page.locator("[data-clock]")).to_have_text(re.compile(r"0[1-9]:\d\d"))
    expect(current(page)).to_be_visible()


def test_the_keyboard_alone_is_enough(open_page):
    page = open_page("play/week/", locale="en", size=LAPTOP)
    begin(page)
    expect(current(page).locator("fieldset")).to_be_focused()
    press = page.keyboard.press
    press("b")
    expect(current(page).locator("input").nth(1)).to_be_checked()
    press("ArrowRight")
    press("1")
    press("f")
    expect(current(page).locator("input").first).to_be_checked()
    expect(page.locator(".dots [data-flagged]")).to_have_text("2Question 2, answered, flagged")
    press("ArrowLeft")
    expect(page.locator(".dots [aria-current]")).to_contain_text("1")
    page.locator("[data-keys]").uncheck()
    press("a")
    press("ArrowRight")
    expect(current(page).locator("input").nth(1)).to_be_checked()
    expect(page.locator(".dots [aria-current]")).to_contain_text("1")
    page.locator(".play__also [data-hand-in]").focus()
    press("Enter")
    expect(page.locator("[data-confirm]")).to_contain_text("Flagged: questions 2")
    press("Enter")
    expect(page.locator("[data-result]")).to_be_visible()


def test_all_questions_stand_on_one_page_when_wanted(open_page):
    page = open_page("play/week/", locale="en")
    begin(page)
    page.locator("[data-all]").click()
    expect(page.locator(".play__item:visible")).to_have_count(20)
    page.locator(".play__item").nth(12).locator(".option").first.click()
    page.locator(".play__item").nth(12).locator("[data-flag]").click()
    assert_accessible(page)
    page.reload()
    expect(page.locator(".play__item:visible")).to_have_count(20)
    expect(page.locator(".dots a").nth(12)).to_have_attribute("data-s", "done")


def test_a_crowded_arena_is_asked_again_no_sooner_than_it_says(open_page):
    page = open_page("play/week/", locale="en")
    get_passport(page)
    asked = []

    def crowded(route):
        asked.append(page.evaluate("performance.now()"))
        if len(asked) < 2:
            route.fulfill(status=503, headers={"Retry-After": "2"}, json={"type": "urn:cyberweek:problem:overloaded"})
        else:
            route.continue_()

    page.route("**/attempts", crowded)
    page.locator("[data-start]").click()
    expect(page.locator("[data-waiting]:visible")).to_contain_text("Very many people")
    assert_accessible(page)
    expect(page.locator('[data-screen="play"]')).to_be_visible()
    assert asked[1] - asked[0] >= 2000


def test_no_try_is_left_today(open_page):
    page = open_page("play/once/", locale="en")
    begin(page)
    hand_in(page)
    expect(page.locator("[data-result]")).to_be_visible()
    page.goto(page.url.split("result/")[0])
    page.locator("[data-start]").click()
    expect(page.locator('[data-problem="none-left"]')).to_contain_text("You have used all tries of today (1)")
    assert_accessible(page)


@pytest.mark.parametrize(("contest", "says"), [("later", "Not open yet"), ("past", "This contest is over")])
def test_a_contest_that_is_not_open_says_when(open_page, contest, says):
    page = open_page(f"play/{contest}/", locale="en")
    get_passport(page)
    expect(page.get_by_role("heading", name=says)).to_be_visible()
    expect(page.locator("[data-start]")).to_have_count(0)
    assert_accessible(page)


def test_a_passport_that_does_not_hold_is_renewed(open_page):
    page = open_page("play/week/", locale="en")
    get_passport(page)
    page.evaluate("""() => {
        const mine = JSON.parse(localStorage.getItem("cyberweek.passport"));
        localStorage.setItem("cyberweek.passport", JSON.stringify({ ...mine, passport: "forged.passport" }));
    }""")
    page.locator("[data-start]").click()
    page.get_by_role("button", name="Get a new passport").click()
    expect(page.locator("#passport-nickname")).to_be_visible()


def test_what_is_missing_in_the_passport_form_is_said_beside_it_and_above(open_page):
    page = open_page("play/week/", locale="en")
    page.locator("#passport-nickname").fill("<b>")
    page.locator("[data-issue]").click()
    expect(page.locator("[data-errors] a")).to_have_count(3)
    assert_accessible(page)
    ask_for_passport(page, "<b>", region=("120000",))
    expect(page.locator("#error-nickname")).to_contain_text("no “<” or “>”")
    expect(page.locator("#passport-nickname")).to_have_value("<b>")
    get_passport(page, "Lin", region=("120000",))
    expect(page.locator('[data-screen="ready"]')).to_contain_text("Lin · Tianjin")


def test_a_passport_moves_to_another_phone_and_is_forgotten_on_the_first(open_page):
    page = open_page("passport/", locale="en")
    get_passport(page, "Wanderer")
    expect(page.locator('[data-text="nickname"]')).to_have_text("Wanderer")
    code = page.locator('[data-text="code"]').inner_text()
    assert_accessible(page)
    other = open_page("passport/", locale="zh")
    other.locator("#code").fill(code[:-9])
    other.get_by_role("button", name="转入").click()
    expect(other.locator("#error-code")).to_contain_text("不是完整的")
    other.locator("#code").fill(code)
    other.get_by_role("button", name="转入").click()
    expect(other.locator('[data-text="nickname"]')).to_have_text("Wanderer")
    expect(other.locator('[data-text="place"]')).to_have_text("福建省 · 福州市 · 鼓楼区")
    page.locator("[data-forget]").click()
    page.locator('[value="forget"]').click()
    expect(page.locator("#passport-nickname")).to_be_visible()
    left = page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('cyberweek.'))")
    assert left == ["cyberweek.device"]  # the phone stays the same phone: /about/ says so


def test_the_paper_changes_its_language_with_the_page(open_page):
    page = open_page("play/week/", locale="en")
    begin(page)
    answer(page)
    english = current(page).locator(".play__q").inner_text()
    page.context.add_cookies([{"name": "cyberweek_language", "value": "zh-hans", "url": page.url}])
    page.reload()
    expect(current(page).locator(".play__q")).not_to_have_text(english)
    expect(page.locator('.dots [data-s="done"]')).to_have_count(1)


def test_without_a_script_the_contest_says_what_it_needs_and_practice_works(open_page):
    page = open_page("play/week/", locale="en", script=False)
    page.get_by_role("link", name="Practise, without a script").click()
    page.locator(".option").first.click()
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#verdict")).to_be_visible()
    page.get_by_role("link", name="Next question").click()
    expect(page.locator(".play__n")).to_have_text("2 / 50")


def test_the_drawn_ring_is_the_ring_of_the_house(live, open_page):
    from cyberweek.kernel.core.ring import Shape, segment_path

    page = open_page("boards/")
    drawn = page.evaluate("""async () => {
        const { segmentPath } = await import("/static/knowledge/play/ring.js");
        return [segmentPath(0, 7), segmentPath(6, 7, { inner: 66, gap: 6, until: 0.4 }),
                segmentPath(9, 10, { inner: 62, gap: 4, growth: 0.5 })];
    }""")
    assert drawn == [
        segment_path(0, 7),
        segment_path(6, 7, Shape(inner=66, gap=6), until=0.4),
        segment_path(9, 10, Shape(inner=62, gap=4), growth=0.5),
    ]


PAGES = ["play/", "play/week/practice/", "boards/", "boards/?region=350100", "passport/", "play/week/result/"]


@pytest.mark.parametrize(("locale", "dark", "size"), [("zh", True, PHONE), ("en", False, LAPTOP)])
def test_axe_finds_nothing_on_the_pages_around_the_contest(live, open_page, locale, dark, size):
    page = open_page(None, locale=locale, dark=dark, size=size)
    for path in PAGES:
        page.goto(live.address(path))
        assert_accessible(page)
