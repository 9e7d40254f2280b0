"""A prize draw in a real browser: announced on the desk, read by the public, won by whoever holds the passport."""

from __future__ import annotations

import itertools
import json
import uuid

import pytest
from playwright.sync_api import expect

from .checks import assert_accessible
from .conftest import LAPTOP, PHONE
from .test_play import get_passport

_values = itertools.count(50)
ANA, BO = (str(uuid.UUID(int=n << 64, version=4)) for n in (1, 2))


@pytest.fixture
def draw(live, open_page):
    """The address of a draw that an organiser announced in the browser."""
    prize = f"Voucher for {next(_values)} yuan"
    page = open_page(None, size=LAPTOP, locale="en")
    live.sign_in(page, "national")
    page.goto(live.address(f"/desk/{live.edition}/contests/week/draws/"))
    assert_accessible(page)
    page.get_by_role("link", name="Announce a draw").click()
    page.get_by_label("Chinese").fill("五十元购物券")
    page.get_by_label("English").fill(prize)
    page.get_by_label("Public number").fill("Welfare lottery 3D of that evening")
    assert_accessible(page)
    page.get_by_role("button", name="Announce").click()
    page.get_by_role("link", name=f"50 × {prize}").click()
    assert_accessible(page)
    return page.url.removeprefix(live.address(f"/desk/{live.edition}/contests/week/")).strip("/")


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_everybody_reads_the_terms_and_the_fingerprint(live, open_page, draw, locale):
    page = open_page(f"play/week/{draw}/", locale=locale, size=PHONE, dark=locale == "en")
    assert page.locator("code.hash").first.text_content()
    assert_accessible(page)


def test_whoever_holds_the_winners_passport_is_told(live, open_page, draw):
    live.sql(
        "UPDATE draws_draw SET frozen_at = now(), revealed_at = now(), count = 2, entries = %s, seed = %s, public = '3 1 4',"
        " winners = %s, prizes = 1 WHERE id = %s",
        f"{ANA}\n{BO}\n", "5e" * 32, f'["{ANA}", "{BO}"]', draw.split("/")[-1],
    )  # fmt: skip
    page = open_page("play/", size=PHONE, locale="en")
    told = f'{{"passport": "x", "participant": "{ANA}", "nickname": "Ana"}}'
    page.evaluate("told => localStorage.setItem('cyberweek.passport', told)", told)
    page.goto(live.address(f"play/week/{draw}/"))
    page.get_by_text("Ana, you have won.").wait_for()
    assert_accessible(page)
    desk = open_page(None, size=LAPTOP, dark=True)
    live.sign_in(desk, "national")
    desk.goto(live.address(f"/desk/{live.edition}/contests/week/{draw}/"))
    assert_accessible(desk)


def test_on_a_long_list_a_winner_is_told_too_and_led_to_their_line(live, open_page, draw):
    others = [f"{n:08x}-0000-4000-8000-000000000000" for n in range(70)]
    drawn_for(live, draw, *others, ANA)
    page = open_page("play/", size=PHONE, locale="en")
    told = f'{{"passport": "x", "participant": "{ANA}", "nickname": "Ana"}}'
    page.evaluate("told => localStorage.setItem('cyberweek.passport', told)", told)
    page.goto(live.address(f"play/week/{draw}/"))
    page.get_by_text("Ana, you are on the reserve, place 71.").wait_for()
    page.get_by_role("link", name="Your line in the list").click()
    expect(page.locator(f'[data-participant="{ANA}"][aria-current]')).to_be_in_viewport()
    assert_accessible(page)


def passport_on(page, live):
    """A passport of the arena's own, on this phone; gives its participant."""
    page.goto(live.address("play/week/"))
    get_passport(page)
    return page.evaluate("JSON.parse(localStorage['cyberweek.passport']).participant")


def drawn_for(live, draw, *winners):
    """Time goes by: the entries are frozen, the public number is known, these have won one prize and the reserve."""
    live.sql(
        "UPDATE draws_draw SET frozen_at = now(), revealed_at = now(), count = 2, entries = %s, seed = %s, public = '3 1 4',"
        " winners = %s, prizes = 1 WHERE id = %s",
        "".join(f"{one}\n" for one in sorted(winners)), "5e" * 32, json.dumps(winners), draw.split("/")[-1],
    )  # fmt: skip


def looked_at(live, open_page, path, *, who=None, passport=None):
    """The page passes on a phone, in both languages, light and dark."""
    for locale, dark in (("zh", False), ("en", True)):
        page = open_page(None, locale=locale, dark=dark, size=PHONE)
        if who:
            live.sign_in(page, who)
        if passport:
            page.goto(live.address("play/"))
            page.evaluate("told => localStorage.setItem('cyberweek.passport', told)", passport)
        page.goto(live.address(path))
        page.wait_for_load_state("networkidle")
        assert_accessible(page)


def test_a_winner_is_invited_claims_on_a_phone_and_is_read_with_a_reason(live, open_page, draw):
    phone = open_page(None, size=PHONE, locale="en")
    ana = passport_on(phone, live)
    drawn_for(live, draw, ana, BO)
    phone.goto(live.address(f"play/week/{draw}/"))
    phone.get_by_text("you have won").wait_for()
    expect(phone.get_by_role("link", name="Claim your prize")).to_have_count(0)

    desk = open_page(None, size=LAPTOP, locale="en")
    live.sign_in(desk, "national")
    on_desk = f"/desk/{live.edition}/contests/week/{draw}/"
    desk.goto(live.address(on_desk))
    desk.get_by_role("link", name="Invite the winners to claim").click()
    looked_at(live, open_page, on_desk + "invite/", who="national")
    desk.get_by_role("button", name="Invite").click()
    expect(desk.get_by_text("1 winner is invited.")).to_be_visible()
    looked_at(live, open_page, on_desk, who="national")

    kept = phone.evaluate("localStorage['cyberweek.passport']")
    looked_at(live, open_page, f"play/week/{draw}/", passport=kept)
    looked_at(live, open_page, "passport/", passport=kept)
    phone.reload()
    phone.get_by_role("link", name="Claim your prize").click()
    claim = phone.url.removeprefix(live.url)
    looked_at(live, open_page, claim)
    looked_at(live, open_page, claim, passport=kept)
    phone.get_by_role("button", name="Leave my contact").click()
    expect(phone.get_by_role("alert")).to_contain_text("2 things need your attention")
    assert_accessible(phone)
    phone.get_by_label("Your name").fill("Lin Xiaohe")
    phone.get_by_label("Telephone or mail").fill("13800000000")
    phone.get_by_role("button", name="Leave my contact").click()
    expect(phone.get_by_text("A contact is kept.")).to_be_visible()
    assert_accessible(phone)
    phone.goto(live.address("passport/"))
    expect(phone.get_by_text("A contact is kept.")).to_be_visible()

    looked_at(live, open_page, f"/desk/{live.edition}/contests/week/claims/", who="national")
    desk.reload()
    desk.get_by_role("link", name="contact left").click()
    looked_at(live, open_page, desk.url.removeprefix(live.url), who="national")
    desk.get_by_role("button", name="Open the contact").click()
    assert_accessible(desk)
    desk.get_by_label("Why you open it").fill("To send the voucher")
    desk.get_by_role("button", name="Open the contact").click()
    expect(desk.get_by_text("13800000000")).to_be_visible()
    assert_accessible(desk)
