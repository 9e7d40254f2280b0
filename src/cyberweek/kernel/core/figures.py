"""Counts as people read them: 2,030,214 in full; 2.03 M or 203万 where there is little room."""

from __future__ import annotations

import re
from typing import Final

_WESTERN: Final = ((1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k"))
_CHINESE: Final = ((100_000_000, "亿"), (10_000, "万"))


def compact(count: int, *, chinese: bool) -> str:
    """The count in at most five characters or so: two figures that matter below ten of a unit, else whole units.

    Counts below 1,000 (10,000 in Chinese) are given in full. `figures.js` says the same; a test holds the two together.
    """
    for size, unit in _CHINESE if chinese else _WESTERN:
        if count >= size:
            tenths = count * 10 // size
            return f"{tenths // 10}{unit}" if tenths >= 100 or tenths % 10 == 0 else f"{tenths / 10:.1f}{unit}"
    return str(count)


def phrases(text: str) -> list[str]:
    """A headline cut where a breath is taken; Chinese drops the comma that the line break stands for."""
    return [part.strip().rstrip("，、；") for part in re.split(r"(?<=[，、；,;])\s*", text) if part.strip()]
