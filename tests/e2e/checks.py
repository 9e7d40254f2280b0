"""What every page has to pass, whatever it shows."""

from __future__ import annotations

import json

from axe_playwright_python.base import AXE_SCRIPT

_OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


def assert_accessible(page, *, contrast: bool = True) -> None:
    """axe finds nothing, and nothing has to be scrolled sideways.

    Contrast is more than half of what axe costs and follows from the theme: `contrast=False` where another test holds
    the same page, as it looks here, against it.
    """
    options = {**_OPTIONS, "rules": {"color-contrast": {"enabled": contrast}}}
    screen = page.viewport_size
    # The whole page at once: on a small screen a bar that stays in place covers what is about to be scrolled to.
    page.set_viewport_size({**screen, "height": max(screen["height"], page.evaluate("document.body.scrollHeight"))})
    if not page.evaluate("'axe' in window"):  # half a megabyte of script: once for each document is enough
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(f"axe.run({json.dumps(options)}).then((found) => found.violations)")
    page.set_viewport_size(screen)
    told = [f"{one['id']}: {one['help']}: {[node['target'] for node in one['nodes']][:4]}" for one in found]
    assert not told, f"{page.url}\n" + "\n".join(told)
    assert_fits(page)


def assert_fits(page) -> None:
    wide, there = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide <= there, f"{page.url} is {wide} px wide on a screen of {there} px"
