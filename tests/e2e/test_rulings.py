"""A participant is excluded and objects; a wrong key is mended and papers are marked again."""

from __future__ import annotations

import msgspec
import pytest
from playwright.sync_api import expect

from cyberweek.knowledge.core.marking import Marker
from cyberweek.knowledge.core.release import open_pack, seal

from .checks import assert_accessible
from .conftest import LAPTOP, PHONE
from .test_play import answer, begin, hand_in


def another_key(item, ticked):
    """A key by which whoever ticked this is marked otherwise."""
    said = [option.id for option, letter in zip(item.options, "abcdefgh", strict=False) if letter in ticked]
    if set(said) != set(item.key):
        return said
    return [option.id for option in item.options if option.id not in said][:1]


def play(live, open_page, **also):
    page = open_page("play/week/", **also)
    begin(page)
    hand_in(page)
    expect(page.locator("[data-result]")).to_be_visible()
    return page


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_who_is_excluded_sees_it_objects_and_somebody_else_has_to_decide(live, open_page, locale):
    phone = play(live, open_page, locale=locale, dark=locale == "en")
    expect(phone.locator("[data-ranks] .stat").first).to_be_visible()
    who = phone.evaluate("JSON.parse(localStorage['cyberweek.passport']).participant")
    desk = open_page(None, size=LAPTOP if locale == "zh" else PHONE, locale=locale, dark=locale == "zh")
    live.sign_in(desk, "national")
    desk.goto(live.address(f"/desk/{live.edition}/contests/week/rulings/"))
    assert_accessible(desk)
    desk.locator("#id_who").fill(who)
    desk.locator("form:has(#id_who) button").click()
    assert_accessible(desk)
    desk.locator("#id_reason").fill("20 题用时 4 秒，短于阅读所需时间")
    desk.locator('[name="ruling"]').click()
    expect(desk.locator('[value="readmit"]')).to_be_visible()
    assert_accessible(desk)

    live.wait_for(lambda: live.sql("SELECT 1 FROM standing_excluded WHERE participant = %s", who))
    phone.reload()
    expect(phone.locator("[data-excluded]")).to_contain_text("短于阅读所需时间")
    assert_accessible(phone)
    phone.locator("[data-excluded] a").click()
    phone.locator('[name="look"]').click()
    expect(phone.locator("#standing")).to_be_visible()
    assert_accessible(phone)
    phone.locator("#id_text").fill("我背过题库。\n请再看一次。")
    phone.locator(".button--primary").click()
    expect(phone.locator(".facts")).to_contain_text("请再看一次")
    assert_accessible(phone)
    phone.goto(live.address("play/week/results/"))
    assert_accessible(phone)
    phone.locator(".entry__title a").first.click()
    assert_accessible(phone)

    desk.goto(live.address(f"/desk/{live.edition}/contests/week/rulings/"))
    assert_accessible(desk)
    desk.locator("tbody a").first.click()
    expect(desk.locator('[name="decision"]')).to_have_count(0)
    assert_accessible(desk)


def test_a_wrong_key_is_mended_looked_at_and_applied(live, open_page):
    page = open_page("play/week/")
    begin(page)
    answer(page)
    hand_in(page)
    expect(page.locator("[data-result]")).to_be_visible()
    number, pack, digest = live.sql(
        "SELECT number, pack, sha256 FROM knowledge_release WHERE contest = 'week' ORDER BY number DESC LIMIT 1"
    )[0]
    old = open_pack(bytes(pack), digest)
    who, day, sheet = live.sql(
        "SELECT participant::text, day::text, answers FROM ledger_entry WHERE kind = 'submit' AND contest = 'week' "
        "ORDER BY batch DESC LIMIT 1"
    )[0]
    ticked = next(place for place, letters in enumerate(sheet.split(",")) if letters)
    wrong = old.bank[Marker(old).deck.items(who, day, 1)[ticked]]
    bank = [msgspec.structs.replace(item, key=another_key(item, sheet.split(",")[ticked])) if item is wrong else item
            for item in old.bank]  # fmt: skip
    sealed = seal(msgspec.structs.replace(old, number=number + 1, bank=bank))
    live.sql(
        "INSERT INTO knowledge_release (contest, number, sha256, pack, published) VALUES ('week', %s, %s, %s, now())",
        number + 1, sealed.sha256, sealed.pack,
    )  # fmt: skip
    desk = open_page(None, size=LAPTOP)
    live.sign_in(desk, "national")
    desk.goto(live.address(f"/desk/{live.edition}/contests/week/regrade/"))
    assert_accessible(desk)
    desk.locator("main form .button").first.click()
    expect(desk.locator("#sums")).to_be_visible()
    assert_accessible(desk)
    small = open_page(None, size=PHONE, locale="en", dark=True)
    live.sign_in(small, "national")
    small.goto(desk.url)
    assert_accessible(small)
    desk.locator("#id_reason").fill("一道题的答案有误")
    desk.locator("#id_confirmed").fill(str(number + 1))
    desk.locator("main form .button--danger").click()
    expect(desk.locator("main form")).to_have_count(0)
    phone = open_page("play/week/results/")
    expect(phone.locator(".entry").first).to_contain_text("一道题的答案有误")
