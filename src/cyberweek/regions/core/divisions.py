"""A table of administrative divisions, read and checked as a whole: header, codes, levels, parents, tiles."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

HEADER: Final = ["code", "parent", "level", "name_zh", "name_en", "short_zh", "short_en", "col", "row"]
LEVELS: Final = ["nation", "province", "city", "county"]
TILES: Final = 12  # columns and rows that a tile map may have


@dataclass(frozen=True)
class Division:
    """One row. `parent` is "" for a nation; `tile` is (column, row) from 1, or None."""

    code: str
    parent: str
    level: str
    name: dict[str, str]
    short: dict[str, str]
    tile: tuple[int, int] | None


class Unreadable(Exception):  # noqa: N818 -- reads as the sentence it makes
    """What is wrong with a table, a sentence for each mistake, each beginning with its line."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def decode(content: bytes) -> str:
    """The text of a file in UTF-8, with or without a byte order mark. Raises Unreadable for any other encoding."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise Unreadable([f"line {line}: this is not UTF-8; save the table as “CSV UTF-8” and load it again"]) from None


def read_divisions(text: str, *, known: Collection[str] = ()) -> list[Division]:
    """The rows of a table, parents before children, or Unreadable with everything that is wrong.

    `known` are codes that are there already and may be parents of rows here.
    """
    rows = csv.reader(text.splitlines())
    header = [name.strip() for name in next(rows, [])]
    if header != HEADER:
        raise Unreadable([f"line 1: the header must be {','.join(HEADER)}"])
    problems: list[str] = []
    found: dict[str, tuple[int, Division]] = {}
    for cells in rows:
        line = rows.line_num
        if not any(cells):
            continue
        if len(cells) != len(HEADER):
            problems.append(f"line {line}: {len(cells)} columns instead of {len(HEADER)}")
            continue
        division = _division(dict(zip(HEADER, (cell.strip() for cell in cells), strict=True)), line, problems)
        if division.code in found:
            problems.append(f"line {line}: code {division.code} stands already in line {found[division.code][0]}")
        elif division.code:
            found[division.code] = line, division
    problems += _wrong_parents(found, known)
    if problems:
        raise Unreadable(sorted(problems, key=lambda text: int(text.split(":")[0].removeprefix("line "))))
    return _parents_first({code: division for code, (_line, division) in found.items()})


def _division(cells: dict[str, str], line: int, problems: list[str]) -> Division:
    """The row as a Division; what is wrong with it alone is added to `problems`."""

    def wrong(what: str) -> None:
        problems.append(f"line {line}: {what}")

    code = cells["code"]
    if not code or len(code) > 12:
        wrong(f"a code has 1 to 12 characters, not “{code}”")
    if cells["level"] not in LEVELS:
        wrong(f"unknown level “{cells['level']}”; there are {', '.join(LEVELS)}")
    if (cells["level"] == "nation") == bool(cells["parent"]):
        wrong("only a nation stands without a parent")
    if not cells["name_zh"] and not cells["name_en"]:
        wrong("a name in at least one language is missing")
    tile = None
    if cells["col"] or cells["row"]:
        try:
            tile = int(cells["col"]), int(cells["row"])
        except ValueError:
            tile = 0, 0
        if not all(1 <= number <= TILES for number in tile):
            wrong(f"col and row are numbers from 1 to {TILES}, or both empty")
    return Division(
        code,
        cells["parent"],
        cells["level"],
        _texts(cells["name_zh"], cells["name_en"]),
        _texts(cells["short_zh"], cells["short_en"]),
        tile,
    )


def _texts(chinese: str, english: str) -> dict[str, str]:
    return {tag: text for tag, text in (("zh-Hans", chinese), ("en", english)) if text}


def _wrong_parents(found: dict[str, tuple[int, Division]], known: Collection[str]) -> Iterable[str]:
    for line, division in found.values():
        if not division.parent or division.level not in LEVELS:
            continue
        if division.parent not in found:
            if division.parent not in known:
                yield f"line {line}: unknown parent {division.parent}"
            continue
        above = found[division.parent][1]
        if _is_in_circle(division.code, found):
            yield f"line {line}: {division.code} stands under itself"
        elif above.level in LEVELS and LEVELS.index(above.level) >= LEVELS.index(division.level):
            yield f"line {line}: a {division.level} cannot stand under a {above.level} ({above.code})"


def _is_in_circle(code: str, found: dict[str, tuple[int, Division]]) -> bool:
    above = found[code][1].parent
    for _step in range(len(found)):
        if above == code:
            return True
        if above not in found:
            return False
        above = found[above][1].parent
    return False


def _parents_first(divisions: dict[str, Division]) -> list[Division]:
    depths: dict[str, int] = {}

    def depth(code: str) -> int:
        if code not in divisions:
            return -1
        if code not in depths:
            depths[code] = depth(divisions[code].parent) + 1
        return depths[code]

    return sorted(divisions.values(), key=lambda one: depth(one.code))
