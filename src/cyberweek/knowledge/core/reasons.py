"""Public reasons of rulings: one line that the ledger can hold and anyone can read."""

import unicodedata
from collections.abc import Iterator
from typing import Any, NamedTuple

from .rulings import MAX_REASON, is_plain_reason


class Fault(NamedTuple):
    """Where (a field), what, and what its words name."""

    field: str
    reason: str
    params: dict[str, Any]


def tidied(reason: str) -> str:
    """In NFC, spaces of other widths as plain ones, none around: what somebody typed or pasted in good faith."""
    spaced = "".join(" " if unicodedata.category(one) == "Zs" else one for one in reason)
    return unicodedata.normalize("NFC", spaced).strip()


def faults_of_reason(reason: str, *, field: str = "reason") -> Iterator[Fault]:
    """What the ledger would not take: empty, too long, tabs, line breaks, backslashes, controls, marks that turn text."""
    if not reason.strip():
        yield Fault(field, "no-reason", {})
    elif len(reason) > MAX_REASON:
        yield Fault(field, "long-reason", {"length": len(reason), "limit": MAX_REASON})
    elif not is_plain_reason(reason):
        yield Fault(field, "odd-reason", {})


def faults_of_text(text: str, *, limit: int, field: str, missing: str) -> Iterator[Fault]:
    """Of a longer text in which lines may break: empty (the slug `missing`), or too long."""
    if not text.strip():
        yield Fault(field, missing, {})
    elif len(text) > limit:
        yield Fault(field, "long-text", {"length": len(text), "limit": limit})
