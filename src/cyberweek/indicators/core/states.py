"""How a figure comes to count, and what follows from its figures for a report."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

# The state of a report is that of its figure that has farthest to go.
_ORDER: Final = ("draft", "questioned", "rejected", "to-verify", "verified", "counted")


def figure_state(*, open_questions: bool, grave: bool, value: float, verify_above: float | None) -> str:
    """Where a figure stands once its report is sent and so far as its questions are answered."""
    if open_questions:
        return "questioned"
    if grave or (verify_above is not None and value >= verify_above):
        return "to-verify"
    return "counted"


def report_state(figures: Collection[str]) -> str:
    """Of a report that is sent; one without any figure counts as it is. All that was to be verified is: verified."""
    for state in _ORDER:
        if state in figures:
            return state
    return "counted"
