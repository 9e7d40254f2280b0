"""Codes of short links: eight signs of Crockford's base 32, which nobody misreads on paper."""

from __future__ import annotations

import secrets
from typing import Final

_SIGNS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ALIKE: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
LENGTH: Final = 8


def new_code() -> str:
    """A code drawn at random: of 2^40, so that trying them out finds nothing."""
    return "".join(secrets.choice(_SIGNS) for _ in range(LENGTH))


def read_code(typed: str) -> str | None:
    """The code that somebody typed from paper, in either case and with O for 0; None where it is none."""
    code = typed.upper().translate(_ALIKE)
    return code if len(code) == LENGTH and set(code) <= set(_SIGNS) else None
