"""The sum before a passport: in the browser's own code, in ours where the browser has none, and when it is refused."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .checks import assert_accessible
from .test_play import ask_for_passport, get_passport

NO_SUBTLE = "Object.defineProperty(Crypto.prototype, 'subtle', { get: () => undefined })"  # as on plain http
NO_WORKER = "delete globalThis.Worker"


@pytest.mark.parametrize(
    "missing", ["", NO_SUBTLE, NO_SUBTLE + ";" + NO_WORKER, NO_WORKER], ids=["nothing", "subtle", "both", "worker"]
)
def test_a_passport_is_got_whatever_the_browser_lacks(live, open_page, missing):
    page = open_page(None)
    page.add_init_script(missing)
    page.goto(live.address("play/week/"))
    get_passport(page)
    assert page.evaluate("localStorage['cyberweek.passport']")


def test_the_sum_begins_when_somebody_turns_to_the_form_and_not_before(live, open_page):
    page = open_page("play/")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "challenge" in request.url else None)
    page.wait_for_timeout(300)
    assert not asked
    with page.expect_request("**/arena/v1/challenge"):
        page.locator("#passport-nickname").focus()


def test_a_used_proof_is_replaced_without_a_word(live, open_page):
    page = open_page("play/week/")
    answers = iter([{"status": 409, "body": '{"type": "urn:cyberweek:problem:proof-used", "detail": "used"}'}])

    def once(route):
        answer = next(answers, None)
        route.fulfill(content_type="application/problem+json", **answer) if answer else route.continue_()

    page.route("**/arena/v1/passports", once)
    get_passport(page)


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_a_network_that_took_too_many_is_told_what_it_can_do(live, open_page, locale):
    page = open_page("play/", locale=locale, dark=locale == "en")
    body = '{"type": "urn:cyberweek:problem:network-limit", "detail": "too many today"}'
    full = {
        "status": 429,
        "headers": {"Retry-After": "40000"},
        "content_type": "application/problem+json",
        "body": body,
    }
    page.route("**/arena/v1/passports", lambda route: route.fulfill(**full))
    ask_for_passport(page)
    expect(page.locator("[data-errors]")).to_contain_text("too many today")
    expect(page.locator("#passport-nickname")).to_have_value("河边的小林")
    assert_accessible(page)


def test_forgetting_a_passport_keeps_the_number_of_the_browser(live, open_page):
    page = open_page("play/week/")
    get_passport(page)
    device = page.evaluate("localStorage['cyberweek.device']")
    page.goto(live.address("passport/"))
    page.locator("[data-forget]").click()
    page.locator('[data-confirm] [value="forget"]').click()
    expect(page.locator("[data-without-passport]")).to_be_visible()
    assert page.evaluate("localStorage['cyberweek.device']") == device
