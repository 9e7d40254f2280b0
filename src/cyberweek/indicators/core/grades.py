"""How good evidence is follows from how one counted and from what one can show; nobody grades their own figure."""

from __future__ import annotations

from typing import Final

_BEST: Final = {
    "machine": "log",
    "platform": "document",
    "signed": "document",
    "receipt": "document",
    "heads": "estimate",
    "guess": "estimate",
}


def grade_of(way: str, *, shown: bool) -> str:
    """The grade of a figure; `shown`: a file is added, or it is said which document it is. What cannot be shown is an
    estimate, however it was counted."""
    return _BEST[way] if shown else "estimate"
