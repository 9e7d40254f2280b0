"""How far a task is: what a report comes to, and what the parts of a task come to together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

STEPS: Final = (0, 25, 50, 75, 90, 100)
"""What one press reports."""


@dataclass(frozen=True)
class Report:
    """State, progress in hundredths and what blocks, as they fit together."""

    state: str
    progress: int
    blocker: str


def settled(state: str, progress: int, blocker: str) -> Report:
    """What a person reported, made to fit: what is done is done whole, what has progress is begun, and only what is
    blocked has a blocker. A hundred hundredths alone do not finish a task: somebody says that it is done."""
    if state == "done":
        return Report(state, 100, "")
    if state == "todo" and progress:
        state = "doing"
    return Report(state, progress, blocker if state == "blocked" else "")


def mean_of_parts(parts: Iterable[tuple[int, int]]) -> int | None:
    """The mean progress of (progress, weight) pairs, rounded down so that 100 means all; None of nothing."""
    whole, weights = 0, 0
    for progress, weight in parts:
        whole += progress * weight
        weights += weight
    return whole // weights if weights else None
