"""The other forms of a contest on a phone: an endless run, a paper mended until it is right, a school behind a code."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from cyberweek.knowledge.core.release import open_pack

from .checks import assert_accessible
from .conftest import LAPTOP
from .test_play import get_passport


@pytest.fixture
def keys(live):
    """For each contest, the right options of an item by the question that is shown, in both languages."""

    def of(contest):
        pack, digest = live.sql(
            "SELECT pack, sha256 FROM knowledge_release WHERE contest = %s ORDER BY number DESC LIMIT 1", contest
        )[0]
        return {stem: item.key for item in open_pack(bytes(pack), digest).bank for stem in item.stem.values()}

    return of


def answer(page, keys, *, right):
    item = page.locator(".play__item:visible").first
    key = keys[item.locator(".play__q").inner_text()]
    if right:
        for option in key:
            item.locator(f'input[value="{option}"]').check(force=True)
    else:
        wrong = [box for box in item.locator("input").all() if box.get_attribute("value") not in key]
        wrong[0].check(force=True)


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_an_endless_run_counts_up_survives_a_reload_and_ends_with_an_error(live, open_page, keys, locale):
    right = keys("run")
    page = open_page("play/run/", locale=locale, dark=locale == "en")
    get_passport(page)
    assert_accessible(page)
    page.locator("[data-start]").first.click()
    expect(page.locator('[data-screen="run"]')).to_be_visible()
    assert_accessible(page)
    page.locator("[data-answer]").click()  # nothing is chosen: nothing is sent
    expect(page.locator('[data-text="streak"]')).to_have_text("0")
    for streak in range(1, 4):
        answer(page, right, right=True)
        page.locator("[data-answer]").click()
        expect(page.locator('[data-text="streak"]')).to_have_text(str(streak))
    page.reload()
    expect(page.locator('[data-text="streak"]')).to_have_text("3")
    page.context.set_offline(True)
    answer(page, right, right=False)
    page.locator("[data-answer]").click()
    expect(page.locator("[data-run] [data-waiting]")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("[data-result] h1")).to_contain_text({"zh": "连对 3 题", "en": "3 in a row"}[locale])
    expect(page.locator(".answered")).to_have_count(4)
    assert_accessible(page)


def test_a_run_may_be_ended_and_keeps_its_streak(open_page, keys):
    right = keys("run")
    page = open_page("play/run/", locale="en")
    get_passport(page)
    page.locator("[data-start]").first.click()
    answer(page, right, right=True)
    page.locator("[data-answer]").click()
    expect(page.locator('[data-text="streak"]')).to_have_text("1")
    page.locator("[data-give-up]").click()
    expect(page.locator("[data-confirm]")).to_contain_text("End the run at 1?")
    page.locator('[data-confirm] [value="hand-in"]').click()
    expect(page.locator("[data-result] h1")).to_contain_text("1 in a row")


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_a_paper_is_mended_until_it_is_right(open_page, keys, locale):
    right = keys("mend")
    page = open_page("play/mend/", locale=locale)
    get_passport(page)
    page.locator('[data-screen="ready"] [data-start]').click()
    expect(page.locator('[data-screen="play"]')).to_be_visible()

    def hand_in():
        page.locator(".play__also [data-hand-in]").click()
        page.locator('[data-confirm] [value="hand-in"]').click()

    for place in range(20):
        page.locator(".dots a").nth(place).click()
        answer(page, right, right=place >= 2)
    hand_in()
    expect(page.locator('[data-screen="again"]')).to_be_visible()
    expect(page.locator(".again li")).to_have_count(2)
    assert_accessible(page)
    page.locator('[data-screen="again"] [data-start]').click()
    expect(page.locator(".dots a")).to_have_count(2)
    for place in range(2):
        page.locator(".dots a").nth(place).click()
        answer(page, right, right=True)
    hand_in()
    expect(page.locator("[data-result] h1")).to_contain_text("20")
    expect(page.locator(".answered__a[data-right=no]")).to_have_count(0)


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_a_pupil_enters_by_the_schools_code_and_stands_in_the_table_of_classes(live, open_page, locale):
    desk = open_page(None, locale=locale, size=LAPTOP)
    live.sign_in(desk, "national")
    desk.goto(live.address(f"/desk/{live.edition}/contests/school/groups/"))
    assert_accessible(desk)
    code = desk.locator(".card__code").first.inner_text()

    page = open_page("play/school/", locale=locale)
    get_passport(page)
    page.locator("[data-start]").first.click()
    expect(page.locator("[data-code-error]")).to_be_visible()
    page.locator("[data-code]").fill("22222-22222")
    page.locator("[data-start]").first.click()
    expect(page.locator("[data-code]")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("[data-code-error]")).to_contain_text({"zh": "没有使用该参赛码", "en": "has this code"}[locale])
    assert_accessible(page)
    page.goto(f"{page.url.split('?')[0]}?code={code.lower()}")
    page.locator("[data-start]").first.click()
    expect(page.locator('[data-screen="play"]')).to_be_visible()
    page.locator(".option").first.click()
    page.locator(".play__also [data-hand-in]").click()
    page.locator('[data-confirm] [value="hand-in"]').click()
    expect(page.locator("[data-team]")).to_contain_text({"zh": "一班", "en": "Class 1"}[locale])

    def in_the_table():
        page.goto(live.address("boards/?contest=school&view=teams"))
        return page.locator("#team-class-1").is_visible()

    live.wait_for(in_the_table)
    assert_accessible(page)
