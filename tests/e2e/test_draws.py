"""A prize draw in a real browser: announced on the desk, read by the public, won by whoever holds the passport."""

from __future__ import annotations

import uuid

import pytest

from .checks import assert_accessible
from .conftest import LAPTOP, PHONE

ANA, BO = (str(uuid.UUID(int=n << 64, version=4)) for n in (1, 2))


@pytest.fixture
def draw(live, open_page):
    """The address of a draw that an organiser announced in the browser."""
    page = open_page(None, size=LAPTOP, locale="en")
    live.sign_in(page, "national")
    page.goto(live.address(f"/desk/{live.edition}/contests/week/draws/"))
    assert_accessible(page)
    page.get_by_role("link", name="Announce a draw").click()
    page.get_by_label("Chinese").fill("五十元购物券")
    page.get_by_label("English").fill("Voucher for 50 yuan")
    page.get_by_label("Public number").fill("Welfare lottery 3D of that evening")
    assert_accessible(page)
    page.get_by_role("button", name="Announce").click()
    page.get_by_role("link", name="50 × Voucher for 50 yuan").first.click()
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
