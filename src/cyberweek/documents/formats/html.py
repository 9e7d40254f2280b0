"""A document within a page of the house: what `documents/_document.html` shows."""

from __future__ import annotations

import base64
from typing import Any

from cyberweek.documents.core.parts import Curve, Document, Mood
from cyberweek.documents.core.plain import Plain

_ICONS = {
    Mood.GOOD: "done",
    Mood.WATCH: "warn",
    Mood.BAD: "bad",
    Mood.INFO: "info",
    Mood.UNDERWAY: "pending",
    Mood.OPEN: "circle",
}
_STATES = {
    Mood.GOOD: "done",
    Mood.WATCH: "atrisk",
    Mood.BAD: "late",
    Mood.INFO: "returned",
    Mood.UNDERWAY: "doing",
    Mood.OPEN: "open",
}
_KINDS = {Mood.GOOD: "ok", Mood.WATCH: "warn", Mood.BAD: "bad", Mood.INFO: "info", Mood.UNDERWAY: "", Mood.OPEN: ""}
_WIDE, _TALL = 600, 170


def page_parts(document: Document, *, first_level: int = 2) -> dict[str, Any]:
    """The document for `{% include "documents/_document.html" with document=… %}`.

    `first_level`: of its own headings of level 1 on the page, whose <h1> is the page's.
    """
    plain = Plain(document, inside=True)
    parts = plain.parts()
    for part, given in zip(parts, document.parts, strict=True):
        part["items_"] = part.pop("items", [])  # a dictionary's own `items` would stand before it in a template
        if part["part"] == "heading":
            part["depth"], part["level"] = part["level"], min(6, part["level"] + first_level - 1)
        elif part["part"] == "image":
            part["source"] = _inline(plain.pictures[part["file"]], part["file"])
        elif isinstance(given, Curve):
            part.update(_drawn(part))
        elif part["part"] == "table":
            part.update(_tabled(part))
        for thing in (part, *_moody(part)):
            _dress(thing)
    return {
        "language": document.language,
        "parts": parts,
        "anchors": plain.anchors,
        "contents": [p for p in parts if p["part"] == "heading" and p["anchor"]],
        "first_level": first_level,
    }


def _inline(content: bytes, name: str) -> str:
    kind = "png" if name.endswith("png") else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def _tabled(part: dict[str, Any]) -> dict[str, Any]:
    return {
        "wide": len(part["kinds"]) > 5,
        "label": "".join(run[0] for run in part["caption"] or part["heads"][0]),
        "columns": list(zip(part["heads"], part["kinds"], strict=True)),
        "lines": [list(zip(row, part["heads"], part["kinds"], strict=True)) for row in part["rows"]],
    }


def _dress(thing: dict[str, Any]) -> None:
    """Icon and state for a mood, per cent for a share."""
    if thing.get("mood"):
        mood = Mood(thing["mood"])
        thing |= {"icon": _ICONS[mood], "state": _STATES[mood], "flash": _KINDS[mood]}
    for share, name in (("share", "percent"), ("tick", "tick_percent")):
        if thing.get(share) is not None:
            thing[name] = f"{thing[share] * 100:g}"


def _moody(part: dict[str, Any]) -> list[dict[str, Any]]:
    cells = [cell for row in part.get("rows", []) for cell in row]
    items = [item for item in part["items_"] if isinstance(item, dict)]
    return [*cells, *items, *(item["value"] for item in items if isinstance(item.get("value"), dict))]


def _drawn(part: dict[str, Any]) -> dict[str, Any]:
    """Lines, grid and ticks in units of the SVG's view box."""
    for line in part["lines"]:
        line["day"] = 1 + (line["hue"] or 0)

    def at(place: tuple[float, float]) -> str:
        return f"{34 + place[0] * (_WIDE - 44):.1f},{8 + (1 - place[1]) * (_TALL - 30):.1f}"

    return {
        "box": f"0 0 {_WIDE} {_TALL}",
        "right": _WIDE - 10,
        "foot": _TALL - 6,
        "shapes": [
            {
                "points": [" ".join(map(at, piece)) for piece in line["pieces"]],
                "day": line["day"],
                "plan": line["plan"],
                "ink": line["ink"],
            }
            for line in part["lines"]
        ],
        "levels": [
            {"y": f"{8 + (1 - share) * (_TALL - 30):.1f}", "text": text, "axis": share == 0}
            for share, text in part["grid"]
        ],
        "marks": [
            {"x": f"{34 + share * (_WIDE - 44):.1f}", "text": text, "end": share > 0.95}
            for share, text in part["ticks"]
        ],
    }
