"""Our own JSON: `{"topic": …, "items": [{"code", "kind", "stem", "options", "key", "explanation", "reference"}]}`.

An item may name a topic of its own; what we write always does. Texts are by language, as in releases.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from django.utils.translation import gettext as _

from cyberweek.knowledge.core.release import Item
from cyberweek.knowledge.models import Topic

_DATA = Path(__file__).resolve().parents[1] / "data"


class Problem(NamedTuple):
    """Something that could not be read: where (a line, a code), and why."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class Reading(NamedTuple):
    """What was found in a file; who reads it decides whether anything is taken when there are problems."""

    items: list[Item]
    problems: list[Problem]


def read_bank(data: bytes, *, topic: str = "") -> Reading:
    """Items of a file of ours; `topic` is for those that name none."""
    try:
        told = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return Reading([], [Problem(_("the file"), _("This is no UTF-8 text."))])
    except json.JSONDecodeError as error:
        where = _("line %(line)d") % {"line": error.lineno}
        return Reading([], [Problem(where, _("This is no JSON: %(reason)s.") % {"reason": error.msg})])
    if not isinstance(told, dict) or not isinstance(told.get("items"), list):
        return Reading([], [Problem(_("the file"), _("It holds no list of items."))])
    return _read_items(told["items"], str(told.get("topic") or topic))


def write_bank(items: Iterable[Item]) -> bytes:
    """A file that `read_bank` reads back to the same items."""
    rows = [_row(item) for item in items]
    return (json.dumps({"items": rows}, ensure_ascii=False, indent=2) + "\n").encode()


def _read_items(rows: Sequence[Any], topic: str) -> Reading:
    reading = Reading([], [])
    for number, row in enumerate(rows, 1):
        where = _("item %(number)d") % {"number": number}
        if not isinstance(row, dict):
            reading.problems.append(Problem(where, _("This is no item.")))
            continue
        code = row.get("code")
        try:
            fields = {name: value for name, value in row.items() if name != "code"}
            reading.items.append(msgspec.convert({"topic": topic, **fields, "id": code}, Item))
        except msgspec.ValidationError as error:
            reading.problems.append(Problem(str(code or where), str(error)))
    return reading


def _row(item: Item) -> dict[str, Any]:
    told = msgspec.to_builtins(item)
    return {"code": told.pop("id"), **told}


def text_of(data: bytes) -> str | None:
    """The text of an uploaded file: UTF-8 with or without a mark, else the Chinese code page of Windows, else None."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def shipped_files() -> list[Path]:
    """The files of the bank that ships, one a topic."""
    return sorted((_DATA / "items").glob("*.json"))


def shipped_topics() -> list[Topic]:
    """The topics that ship, in their order, not saved."""
    rows = json.loads((_DATA / "topics.json").read_text(encoding="utf-8"))
    return [Topic(**row, order=order) for order, row in enumerate(rows, 1)]
