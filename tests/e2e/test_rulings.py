"""A participant is excluded and objects; a wrong key is mended and papers are marked again."""

from __future__ import annotations

import msgspec
import pytest
from playwright.sync_api import expect

from cyberweek.knowledge.core.release import open_pack, seal

from .checks import assert_accessible
from .conftest import LAPTOP, PHONE
from .test_play import begin, hand_in


def looked_at(page, name):  # SHOTS
    import os

    if os.environ.get("SHOTS"):
        page.screenshot(path=f"{os.environ['SHOTS']}/{name}.png", full_page=True)
    assert_accessible(page)


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
    looked_at(desk, f"rulings-{locale}")
    desk.locator("#id_who").fill(who)
    desk.locator("form:has(#id_who) button").click()
    looked_at(desk, f"participant-{locale}")
    desk.locator("#id_reason").fill("20 题用时 4 秒，短于阅读所需时间")
    desk.locator('[name="ruling"]').click()
    expect(desk.locator('[value="readmit"]')).to_be_visible()
    looked_at(desk, f"participant-excluded-{locale}")

    live._wait_for(lambda: live.sql("SELECT 1 FROM standing_excluded WHERE participant = %s", who), 20)
    phone.reload()
    expect(phone.locator("[data-excluded]")).to_contain_text("短于阅读所需时间")
    looked_at(phone, f"result-{locale}")
    phone.locator("[data-excluded] a").click()
    phone.locator('[name="look"]').click()
    expect(phone.locator("#standing")).to_be_visible()
    looked_at(phone, f"objection-{locale}")
    phone.locator("#id_text").fill("我背过题库。\n请再看一次。")
    phone.locator(".button--primary").click()
    expect(phone.locator(".facts")).to_contain_text("请再看一次")
    looked_at(phone, f"objected-{locale}")
    phone.goto(live.address("play/week/results/"))
    looked_at(phone, f"results-{locale}")
    phone.locator(".entry__title a").first.click()
    looked_at(phone, f"version-{locale}")

    desk.goto(live.address(f"/desk/{live.edition}/contests/week/rulings/"))
    looked_at(desk, f"inbox-{locale}")
    desk.locator("tbody a").first.click()
    expect(desk.locator('[name="decision"]')).to_have_count(0)
    looked_at(desk, f"objection-desk-{locale}")


def test_a_wrong_key_is_mended_looked_at_and_applied(live, open_page):
    play(live, open_page)
    number, pack, digest = live.sql(
        "SELECT number, pack, sha256 FROM knowledge_release WHERE contest = 'week' ORDER BY number DESC LIMIT 1"
    )[0]
    old = open_pack(bytes(pack), digest)
    answers = live.sql("SELECT answers FROM ledger_entry WHERE kind = 'submit' AND contest = 'week'")
    assert answers
    bank = [
        msgspec.structs.replace(item, key=[item.options[-1].id]) if item.kind == "single" else item for item in old.bank
    ]
    sealed = seal(msgspec.structs.replace(old, number=number + 1, bank=bank))
    live.sql(
        "INSERT INTO knowledge_release (contest, number, sha256, pack, published) VALUES ('week', %s, %s, %s, now())",
        number + 1, sealed.sha256, sealed.pack,
    )  # fmt: skip
    phone = open_page("play/week/")
    begin(phone)
    for _ in range(20):
        phone.locator(".play__item:not([hidden]) .option").first.click()
        phone.locator("[data-next]").click()
        break
    desk = open_page(None, size=LAPTOP)
    live.sign_in(desk, "national")
    desk.goto(live.address(f"/desk/{live.edition}/contests/week/regrade/"))
    looked_at(desk, "regrade")
    desk.locator("main form .button").first.click()
    expect(desk.locator("#sums")).to_be_visible()
    looked_at(desk, "preview")
    small = open_page(None, size=PHONE, locale="en", dark=True)
    live.sign_in(small, "national")
    small.goto(desk.url)
    looked_at(small, "preview-phone")
