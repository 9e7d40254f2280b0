"""A first password that can be read aloud and copied by hand."""

from __future__ import annotations

import secrets
from typing import Final

LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # none that are mistaken for another


def make_first_password(groups: int = 4, size: int = 4) -> str:
    """Random groups of letters and digits; four of four hold 79 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(size)) for _ in range(groups))
