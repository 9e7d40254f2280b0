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


def unlike_withheld(one: dict[str, Any], other: dict[str, Any]) -> list[tuple[str, str]]:
    """The cells (indicator, region) that both contents have and only one of them tells. Who holds both can set what is
    told against the sum in which it was withheld: so may come to know what it was withheld for."""
    mine, theirs = _withheld(one), _withheld(other)
    return sorted(cell for cell in mine.keys() & theirs.keys() if mine[cell] != theirs[cell])


def _withheld(content: dict[str, Any]) -> dict[tuple[str, str], bool]:
    found = {(row["indicator"], row["region"]): row["withheld"] for row in content["totals"]}
    if not content["unit"]["place"]:  # a unit that is no place has figures of its own alone
        unit = f"unit {content['unit']['code']}"
        keys = ((key.partition(":"), row) for key, row in content["figures"].items())
        found |= {(code, unit): row["withheld"] for (kind, _colon, code), row in keys if kind == "figure"}
    return found


def _told(one: dict[str, Any] | None) -> tuple[Any, ...] | None:
    return None if one is None else (one["value"], one["withheld"], one["low"], one["high"])
