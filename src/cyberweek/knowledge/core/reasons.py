"""Public reasons of rulings: one line that the ledger can hold and anyone can read."""

import unicodedata
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

MAX_REASON: Final = 500
_REFUSED_CATEGORIES: Final = {"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"}


class Fault(NamedTuple):
    """Where (a field), what, and what its words name."""

    field: str
    reason: str
    params: dict[str, Any]


def tidied(reason: str) -> str:
    """In NFC, without spaces around."""
    return unicodedata.normalize("NFC", reason).strip(" ")


def faults_of_reason(reason: str, *, field: str = "reason") -> Iterator[Fault]:
    """What the ledger would not take: empty, too long, tabs, line breaks, backslashes, controls, marks that turn text."""
    if not reason.strip():
        yield Fault(field, "no-reason", {})
    elif len(reason) > MAX_REASON:
        yield Fault(field, "long-reason", {"length": len(reason), "limit": MAX_REASON})
    elif "\\" in reason or {unicodedata.category(character) for character in reason} & _REFUSED_CATEGORIES:
        yield Fault(field, "odd-reason", {})


def faults_of_text(text: str, *, limit: int, field: str, missing: str) -> Iterator[Fault]:
    """Of a longer text in which lines may break: empty (the slug `missing`), or too long."""
    if not text.strip():
        yield Fault(field, missing, {})
    elif len(text) > limit:
        yield Fault(field, "long-text", {"length": len(text), "limit": limit})
