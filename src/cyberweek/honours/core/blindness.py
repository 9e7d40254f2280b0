"""What in a text gives away who wrote it: found for the submitter's warning, and covered on the juror's page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

COVER: Final = "▇▇"
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_SUFFIXES: Final = (
    "特别行政区", "维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "自治州", "自治县", "地区", "省", "市", "州", "县", "区", "盟", "旗",
)  # fmt: skip
_LEAST_HAN: Final = 2
_LEAST_LATIN: Final = 3
_COMMON: Final = frozenset(
    {"the", "and", "city", "county", "office", "district", "school", "university", "中国", "国家"}
)


def needles(names: Iterable[str]) -> list[str]:
    """What to look for: the names themselves and, of a region's, the one without “省”, “市” and the like; longest first."""
    found: set[str] = set()
    for name in names:
        text = " ".join(name.split())
        for form in (text, _short(text)):
            if _tells(form):
                found.add(form)
    return sorted(found, key=lambda one: (-len(one), one))


def _short(name: str) -> str:
    if not _HAN.search(name):
        return re.sub(r"\s+(province|city|county|district|municipality)$", "", name, flags=re.IGNORECASE)
    for suffix in _SUFFIXES:
        if name.endswith(suffix) and len(name) - len(suffix) >= _LEAST_HAN:
            return name.removesuffix(suffix)
    return name


def _tells(text: str) -> bool:
    least = _LEAST_HAN if _HAN.search(text) else _LEAST_LATIN
    return len(text) >= least and text.lower() not in _COMMON


def giveaways(text: str, wanted: Sequence[str]) -> list[str]:
    """Those of the needles (see `needles`) that stand in the text, longest first; case and spaces do not matter. What is
    found only as a part of a longer one is not named again."""
    found = []
    for needle in wanted:
        text, n = _pattern(needle).subn(COVER, text)
        if n:
            found.append(needle)
    return found


def covered(text: str, wanted: Sequence[str]) -> str:
    """The text with every needle covered."""
    for needle in wanted:
        text = _pattern(needle).sub(COVER, text)
    return text


def _pattern(needle: str) -> re.Pattern[str]:
    body = r"\s*".join(map(re.escape, needle.split()))
    if not _HAN.search(needle):
        body = rf"(?<![A-Za-z0-9]){body}(?![A-Za-z0-9])"
    return re.compile(body, re.IGNORECASE)
