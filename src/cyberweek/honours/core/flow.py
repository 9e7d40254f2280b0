"""The life of a call: which step follows which."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Step(StrEnum):
    """What an organiser does with a call."""

    OPEN = "open"
    CLOSE = "close"
    SCORE = "score"
    SHORTLIST = "shortlist"
    ANNOUNCE = "announce"
    PUBLISH = "publish"


# step: (from, to), in the words of `enums.State`
MOVES: Final[dict[Step, tuple[str, str]]] = {
    Step.OPEN: ("draft", "open"),
    Step.CLOSE: ("open", "closed"),
    Step.SCORE: ("closed", "scoring"),
    Step.SHORTLIST: ("scoring", "shortlist"),
    Step.ANNOUNCE: ("shortlist", "objection"),
    Step.PUBLISH: ("objection", "published"),
}


def next_step(state: str) -> Step | None:
    """The one step that follows, or None at the end."""
    return next((step for step, (before, _after) in MOVES.items() if before == state), None)
