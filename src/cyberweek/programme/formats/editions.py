"""An edition as one JSON file: units, the edition, theme days, organisers, activities. The samples are in `editions/data`.

Texts are {"en", "zh-Hans"}, moments are local to `zone`. `read` names everything that is wrong with a file, not the first thing.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from zoneinfo import ZoneInfo

from cyberweek.editions.core.zones import zones
from cyberweek.editions.enums import OrganiserRole
from cyberweek.kernel.core.localized import LANGUAGES, LocalizedText
from cyberweek.programme.enums import Format, Kind, Status
from cyberweek.regions.enums import Level, Provenance, Sector

# The states through which an activity came to the one in the file.
PATHS: Final[dict[str, tuple[str, ...]]] = {
    "draft": ("draft",),
    "submitted": ("draft", "submitted"),
    "returned": ("draft", "submitted", "returned"),
    "approved": ("draft", "submitted", "approved"),
    "published": ("draft", "submitted", "approved", "published"),
    "cancelled": ("draft", "submitted", "approved", "published", "cancelled"),
}


class Unreadable(Exception):  # noqa: N818 -- reads as the sentence it makes
    """The file is not an edition; `problems` says where and why."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass
class Reader:
    """Reads values and collects what is wrong with them, each with its place in the file."""

    problems: list[str] = field(default_factory=list)

    def wrong(self, where: str, what: str) -> None:
        self.problems.append(f"{where}: {what}")

    def text(self, row: Mapping[str, Any], name: str, where: str, *, needed: bool = False) -> LocalizedText:
        """A text by language; null is none."""
        value = row.get(name)
        if value is None and not needed:
            return LocalizedText()
        if (
            not isinstance(value, dict)
            or not value
            or not set(value) <= set(LANGUAGES)
            or not all(isinstance(one, str) and one.strip() for one in value.values())
        ):
            self.wrong(where, f"{name} must be a text in {' or '.join(LANGUAGES)}")
            return LocalizedText()
        return LocalizedText(value)

    def one_of(self, row: Mapping[str, Any], name: str, known: Any, where: str) -> str:
        """A value out of a few."""
        value = row.get(name)
        if value not in known:
            self.wrong(where, f"{name} is {value!r}, not one of {', '.join(map(str, known))}")
            return ""
        return str(value)

    def date(self, row: Mapping[str, Any], name: str, where: str) -> dt.date:
        try:
            return dt.date.fromisoformat(row[name])
        except (KeyError, TypeError, ValueError):
            self.wrong(where, f"{name} must be a date like 2019-09-16, not {row.get(name)!r}")
            return dt.date.min

    def moment(self, row: Mapping[str, Any], name: str, zone: ZoneInfo, where: str) -> dt.datetime:
        """A local date and time, made an instant."""
        try:
            return dt.datetime.strptime(row[name], "%Y-%m-%dT%H:%M").replace(tzinfo=zone)
        except (KeyError, TypeError, ValueError):
            self.wrong(where, f"{name} must be like 2019-09-16T09:00, not {row.get(name)!r}")
            return dt.datetime.min.replace(tzinfo=zone)


def read(raw: bytes) -> dict[str, Any]:
    """The file as values: texts, dates and instants are what they mean, everything else is as written.

    Raises `Unreadable`. Regions are checked by whoever has them.
    """
    try:
        data = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Unreadable(["The file is not UTF-8."]) from None
    except json.JSONDecodeError as problem:
        raise Unreadable([f"Line {problem.lineno}, column {problem.colno}: {problem.msg}."]) from None
    reader = Reader()
    needed = {"slug", "year", "title", "theme", "starts", "ends", "zone", "scope", "host", "units", "activities"}
    if not isinstance(data, dict) or (lacking := sorted(needed - data.keys())):
        raise Unreadable(
            [f"The file lacks {', '.join(lacking)}." if isinstance(data, dict) else "The file is no object."]
        )
    if data["zone"] not in zones():
        raise Unreadable([f"zone: {data['zone']!r} is no time zone."])
    zone = ZoneInfo(data["zone"])
    known = {unit.get("code") for unit in data["units"]}
    found = {
        **{name: data[name] for name in ("slug", "year", "zone", "scope", "host")},
        **{name: reader.text(data, name, "edition") for name in ("title", "theme", "venue")},
        "starts": reader.date(data, "starts", "edition"),
        "ends": reader.date(data, "ends", "edition"),
        "provenance": reader.one_of(data, "provenance", Provenance.values, "edition"),
        "sources": "\n".join(_source(one) for one in data.get("sources", [])),
        "units": list(_units(data["units"], reader)),
        "days": list(_days(data.get("theme_days", []), known, reader)),
        "organisers": _organisers(data.get("organisers", []), known, reader),
        "activities": list(_activities(data["activities"], known, zone, reader)),
    }
    if found["ends"] < found["starts"]:
        reader.wrong("edition", "it ends before it starts")
    if reader.problems:
        raise Unreadable(reader.problems)
    return found


def _source(row: Mapping[str, Any]) -> str:
    parts = (row.get("title"), row.get("publisher"), row.get("date"), row.get("url"))
    return ". ".join(str(part) for part in parts if part)


def _units(rows: list[dict[str, Any]], reader: Reader) -> Iterator[dict[str, Any]]:
    seen: set[str] = set()
    for row in rows:
        where = f"unit {row.get('code')}"
        if row.get("code") in seen:
            reader.wrong(where, "the code occurs twice")
        if row.get("parent") is not None and row["parent"] not in seen:
            reader.wrong(where, f"its parent {row['parent']!r} must stand before it")
        seen.add(row.get("code", ""))
        yield {
            **{name: row.get(name) for name in ("code", "region", "parent")},
            "name": reader.text(row, "name", where, needed=True),
            "level": reader.one_of(row, "level", Level.values, where),
            "sector": reader.one_of(row, "sector", Sector.values, where),
            "provenance": reader.one_of(row, "provenance", Provenance.values, where),
            "accountable": (row.get("accountable") or {}).get("name", ""),
        }


def _days(rows: list[dict[str, Any]], known: set[Any], reader: Reader) -> Iterator[dict[str, Any]]:
    for row in rows:
        where = f"theme day {row.get('number')}"
        if row.get("lead") is not None and row["lead"] not in known:
            reader.wrong(where, f"its lead {row['lead']!r} is no unit of this file")
        yield {
            "number": row.get("number"),
            "date": reader.date(row, "date", where),
            "name": reader.text(row, "name", where, needed=True),
            "lead": row.get("lead"),
            "provenance": reader.one_of(row, "provenance", Provenance.values, where),
        }


def _organisers(rows: list[dict[str, Any]], known: set[Any], reader: Reader) -> list[tuple[str, str]]:
    for row in rows:
        if row.get("unit") not in known:
            reader.wrong("organisers", f"{row.get('unit')!r} is no unit of this file")
    ordered = sorted(rows, key=lambda row: row.get("order", 0))
    return [(row.get("unit", ""), reader.one_of(row, "role", OrganiserRole.values, "organisers")) for row in ordered]


def _activities(
    rows: list[dict[str, Any]], known: set[Any], zone: ZoneInfo, reader: Reader
) -> Iterator[dict[str, Any]]:
    seen: set[str] = set()
    for row in rows:
        where = f"activity {row.get('code')}"
        if row.get("code") in seen:
            reader.wrong(where, "the code occurs twice")
        seen.add(row.get("code", ""))
        units = [row.get("lead"), *row.get("co", []), *row.get("undertakers", [])]
        for code in units:
            if code not in known:
                reader.wrong(where, f"{code!r} is no unit of this file")
        starts, ends = reader.moment(row, "starts", zone, where), reader.moment(row, "ends", zone, where)
        if ends <= starts:
            reader.wrong(where, "it ends before it starts")
        contact = row.get("contact") or {}
        yield {
            **{name: row.get(name) for name in ("code", "lead", "region", "theme_day", "capacity")},
            **{name: reader.text(row, name, where) for name in ("summary", "venue", "address", "audience", "reason")},
            "title": reader.text(row, "title", where, needed=True),
            "kind": reader.one_of(row, "kind", Kind.values, where),
            "format": reader.one_of(row, "format", Format.values, where),
            "status": reader.one_of(row, "status", Status.values, where),
            "provenance": reader.one_of(row, "provenance", Provenance.values, where),
            "starts": starts,
            "ends": ends,
            "partners": [
                *((code, OrganiserRole.CO) for code in row.get("co", [])),
                *((code, OrganiserRole.UNDERTAKER) for code in row.get("undertakers", [])),
            ],
            "contact_name": contact.get("name", ""),
            "contact": contact.get("mail") or contact.get("phone") or "",
        }
