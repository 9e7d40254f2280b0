"""Cells of a table that leaves the house: what people wrote must not run as a formula in a spreadsheet."""

from __future__ import annotations

from typing import Final

# What a spreadsheet takes for the start of a formula; full-width signs too, which one set to Chinese reads as the narrow.
RUNNING: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


def neutral(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(RUNNING) else text
