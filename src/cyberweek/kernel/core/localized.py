"""Text in several languages, chosen at the moment of reading. Keys are BCP 47 tags: "en", "zh-Hans"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

LANGUAGES: Final = ("zh-Hans", "en")


class LocalizedText(dict[str, str]):
    """A text by language tag. Empty translations are dropped; the order of languages is kept."""

    active: Callable[[], str] = staticmethod(lambda: "en")  # set once, at start, to the framework's current language

    def __init__(self, texts: Mapping[str, str] | None = None, /, **by_tag: str) -> None:
        given = {**(texts or {}), **by_tag}
        super().__init__({tag: text for tag, text in given.items() if text})

    def in_language(self, tag: str) -> str:
        """The text in `tag` (case does not matter), else in English, else in the first language there is, else ''."""
        wanted = tag.lower()
        for known, text in self.items():
            if known.lower() == wanted:
                return text
        for known, text in self.items():
            if known.lower().split("-")[0] == wanted.split("-")[0]:
                return text
        return self.get("en") or next(iter(self.values()), "")

    def in_all(self) -> str:
        """All that it says, in one line: for what is kept as plain text and read in either language."""
        return " / ".join(dict.fromkeys(self.values()))

    def language(self) -> str:
        """The tag of the text that `str()` gives now: what an element that shows it carries as `lang`."""
        shown = str(self)
        return next((tag for tag, text in self.items() if text == shown), "en")

    def __str__(self) -> str:
        return self.in_language(self.active())

    def __bool__(self) -> bool:
        return len(self) > 0


def spoken(value: Any) -> Any:
    """A value of plain JSON as it is read: what holds a text by language becomes a `LocalizedText`."""
    return LocalizedText(value) if isinstance(value, dict) and set(value) <= set(LANGUAGES) else value
