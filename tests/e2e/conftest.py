"""A real browser before a real server.

`live` is the server, `open_page` opens a page of it on a screen of your choosing. Both are made once for all tests of
this folder; each page is a browser of its own, without cookies or storage. A script error on any page fails its test.

    def test_somebody_reads_the_board(live, open_page):
        page = open_page("boards/", locale="en", dark=True)
        assert_accessible(page)
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from .live import run_live

CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
"""Without a window a browser opens a page for a third of the processor time."""
PHONE = (390, 844)
LAPTOP = (1280, 800)
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
SECONDS_OF_PATIENCE = 60  # a laden machine is slow, not wrong


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(
                    pytest.mark.skip(reason="no chromium here: Debian's package `chromium-headless-shell` is wanted")
                )


@pytest.fixture(scope="session")
def live(tmp_path_factory):
    """The running server: `live.address(path)`, `live.sign_in(page, username)`, `live.sql(…)`."""
    with run_live(tmp_path_factory.mktemp("live")) as server:
        yield server


@pytest.fixture(scope="package")
def chromium():
    # Not for the whole session: while Playwright runs, asyncio counts this thread as inside an event loop.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="package", autouse=True)
def patient():
    expect.set_options(timeout=SECONDS_OF_PATIENCE * 1000)
    yield
    expect.set_options(timeout=5000)


@pytest.fixture
def open_page(live, chromium):
    """`open_page(path, locale="zh", size=PHONE, dark=False, script=True)`; None for a path opens nothing yet."""
    contexts = []
    errors: list[str] = []

    def open_one(path: str | None, *, locale: str = "zh", size=PHONE, dark: bool = False, script: bool = True) -> Page:
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale=LOCALES[locale],
            color_scheme="dark" if dark else "light",
            has_touch=size == PHONE,
            java_script_enabled=script,
            reduced_motion="reduce",
            timezone_id="Asia/Shanghai",
        )
        contexts.append(context)
        context.set_default_timeout(SECONDS_OF_PATIENCE * 1000)
        context.on("weberror", lambda error: errors.append(str(error.error)))
        page = context.new_page()
        if path is not None:
            page.goto(live.address(path))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not errors, errors
