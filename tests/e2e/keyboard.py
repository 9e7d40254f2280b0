"""Somebody at a desk without a mouse: Tab, Enter, Space, arrows and letters, and nothing else.

Every stop on the way is looked at: what has the focus has to be seen, to show that it has it, and to lie under nothing.
"""

from __future__ import annotations

import datetime as dt

MOST = 120  # presses of Tab until a person would give up

# What has the focus: is it the one looked for; where it is, and what is wrong with how it shows.
_STOP = """(wanted) => {
  const one = document.activeElement;
  if (!one || one === document.body) return {here: false, faults: [], what: "the page"};
  const what = `<${one.tagName.toLowerCase()}> ${one.id || one.name || ""} “${(one.getAttribute("aria-label")
    ?? one.textContent ?? "").trim().slice(0, 40)}”`;
  const faults = [];
  // A box that is drawn by its label, or a link that fills its row, may leave the outline to what holds it.
  const shows = (node) => {
    const style = getComputedStyle(node);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  };
  const around = [one, ...(one.labels ?? []), one.closest("li, tr, label, form, .search, .field")].filter(Boolean);
  const drawn = [...around, ...[...(one.labels ?? [])].flatMap((label) => [...label.children])];
  if (!drawn.some(shows)) faults.push("does not show its focus");
  if (one.tabIndex > 0) faults.push("jumps the order with a tabindex");
  const box = (one.labels?.[0]?.contains(one) ? one.labels[0] : one).getBoundingClientRect();
  if (box.width < 1 || box.height < 1) faults.push("has no size");
  const x = Math.min(Math.max(box.left + Math.min(box.width / 2, 20), 0), innerWidth - 1);
  const seen = [0.2, 0.5, 0.8].some((part) => {
    const y = box.top + box.height * part;
    if (y < 0 || y >= innerHeight) return false;
    const top = document.elementFromPoint(x, y);
    return top && (one.contains(top) || top.contains(one) || [...(one.labels ?? [])].some((label) => label.contains(top)));
  });
  if (!seen) faults.push("is hidden or out of sight");
  return {here: one === wanted, faults, what};
}"""


class Keys:
    """The keyboard of a page."""

    def __init__(self, page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def go(self, key: str = "Enter") -> None:
        """Press a key that leads to another page, and wait for it."""
        with self.page.expect_navigation():
            self.press(key)

    def tab_to(self, locator, *, back: bool = False) -> None:
        """Press Tab (or Shift+Tab) until it has the focus."""
        wanted = locator.element_handle()
        passed = []
        for _ in range(MOST):
            stop = self.page.evaluate(_STOP, wanted)
            assert not stop["faults"], f"{self.page.url}: {stop['what']} {', '.join(stop['faults'])}"
            if stop["here"]:
                return
            passed.append(stop["what"])
            self.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"{self.page.url}: {MOST} presses do not lead to {locator}; on the way: {passed}")

    def skip_to_content(self) -> None:
        """On a page just opened: past its head and menu, as its first link offers."""
        if self.page.url.endswith("#main"):
            return  # a form that leads back to its own page leads back to this place on it
        self.tab_to(self.page.locator("a.skip"))
        self.press("Enter")

    def follow(self, locator) -> None:
        """A link, or a button that sends a form."""
        self.tab_to(locator)
        self.go()

    def write(self, locator, text: str) -> None:
        self.tab_to(locator)
        self.press("ControlOrMeta+a")
        self.page.keyboard.type(text)

    def tick(self, locator) -> None:
        self.tab_to(locator)
        if not locator.is_checked():
            self.press("Space")

    def choose(self, locator, label: str) -> None:
        """An option of a list, by its beginning: with the arrows, as from a closed list."""
        self.tab_to(locator)
        self.press("Home")
        count = locator.locator("option").count()
        for _ in range(count):
            if locator.evaluate("one => one.selectedOptions[0].label").startswith(label):
                return
            self.press("ArrowDown")
        raise AssertionError(f"{self.page.url}: nothing to choose begins with {label}")

    def pick(self, radio) -> None:
        """One of several round buttons: Tab comes to the chosen one, the arrows go on."""
        group = self.page.locator(f'input[type=radio][name="{radio.get_attribute("name")}"]')
        chosen = group.and_(self.page.locator(":checked"))
        self.tab_to(chosen if chosen.count() else group.first)
        for _ in range(group.count()):
            if radio.is_checked():
                return
            self.press("ArrowDown")
        assert radio.is_checked()

    def date(self, locator, day: dt.date) -> None:
        """A day into the browser's own field, whose parts stand in the order of the browser's language."""
        for order in ("%m%d%Y", "%d%m%Y", "%Y%m%d"):
            self.tab_to(locator)
            self.page.keyboard.type(day.strftime(order))
            if locator.input_value() == day.isoformat():
                return
            self.press("Shift+Tab")
        raise AssertionError(f"{self.page.url}: {day} cannot be typed into {locator}")
