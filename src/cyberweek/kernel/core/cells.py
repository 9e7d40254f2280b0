"""Cells of a table that leaves the house: what people wrote must not run as a formula in a spreadsheet."""

from __future__ import annotations


def neutral(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r\n" and text else text
