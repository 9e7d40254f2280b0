"""A frozen version as text that can be hashed: the same content gives the same bytes on every machine."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any


def canonical(content: Any) -> bytes:
    """The content as JSON with sorted keys, no spaces, UTF-8. Numbers are whole or written as text: floats are refused,
    since not every reader writes them alike."""
    _refuse_floats(content)
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", errors="surrogatepass")


def digest(content: Any) -> str:
    """SHA-256 of the canonical text, in hexadecimal."""
    return hashlib.sha256(canonical(content)).hexdigest()


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("a float in canonical content")
    if isinstance(value, dict):
        for inner in value.values():
            _refuse_floats(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _refuse_floats(inner)


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that two contents give differently; None where one of them has it not."""

    key: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Changes:
    """What lies between two contents: figures, and the sections whose text differs."""

    figures: tuple[Change, ...]
    parts: tuple[str, ...]


def changes(before: dict[str, Any], after: dict[str, Any]) -> Changes:
    """What a later content says otherwise, figure by figure."""
    old, new = before["figures"], after["figures"]
    figures = tuple(
        Change(key, old.get(key), new.get(key))
        for key in dict.fromkeys([*new, *old])
        if _told(old.get(key)) != _told(new.get(key))
    )
    texts = {one["part"]: one["text"] for one in before["sections"]}
    parts = tuple(one["part"] for one in after["sections"] if texts.get(one["part"]) != one["text"])
    return Changes(figures, parts)


def _told(one: dict[str, Any] | None) -> tuple[Any, ...] | None:
    return None if one is None else (one["value"], one["withheld"], one["low"], one["high"])
