"""What fits on one page of the agenda pack: each unit has one, and none more."""

from __future__ import annotations

import math
import unicodedata
from typing import Final

LINES: Final = 7
"""Lines that each of the four parts of a unit's report may take."""

WIDTH: Final = 40  # Chinese characters in a line of the pack, a little less than there is room for


def lines_of(text: str) -> int:
    """How many lines the text takes in print, about: its own lines, and where these are too long."""
    return sum(max(1, math.ceil(width_of(line) / WIDTH)) for line in text.strip().splitlines())


def width_of(line: str) -> float:
    """In Chinese characters; a Latin letter is a little more than half of one, for words are not cut."""
    return sum(1.0 if unicodedata.east_asian_width(sign) in "WF" else 0.6 for sign in line)


def fits(text: str) -> bool:
    return lines_of(text) <= LINES


def cut(lines: list[str], more: str) -> str:
    """As many of the lines as fit; then `more`, which says how many are left out ("… and %(n)d more")."""
    kept: list[str] = []
    for at, line in enumerate(lines):
        rest = len(lines) - at
        tail = [more % {"n": rest}] if rest > 1 else []
        if lines_of("\n".join([*kept, line, *tail])) > LINES:
            kept.append(more % {"n": rest})
            break
        kept.append(line)
    return "\n".join(kept)
