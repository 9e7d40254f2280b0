"""Lists as XLSX: rows go out as they come, so a list of 200,000 takes little memory and its file begins at once."""

from __future__ import annotations

import datetime as dt
import math
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain, islice
from typing import Any, Final
from zoneinfo import ZoneInfo

from cyberweek.documents.core.archives import Outlet, entry
from cyberweek.documents.core.layout import extent
from cyberweek.documents.core.text import printable
from cyberweek.kernel.core.cells import RUNNING

from . import spreadsheetml as xml

_CELL: Final = 32_767  # signs that a cell holds
_ROWS: Final = 1_048_575  # under the head
_SAMPLE: Final = 100
_PIECE: Final = 500  # rows between two pieces
_DAY_NOUGHT: Final = dt.date(1899, 12, 30)
_FIRST_DAY: Final = dt.date(1900, 3, 1)  # spreadsheets count a 29 February 1900; before it, days are text
_MOMENT: Final = "yyyy-mm-dd hh:mm"
_DAY: Final = "yyyy-mm-dd"


@dataclass(frozen=True)
class Col:
    """A column: `width` in characters, 0 asks the first rows. `format`: the spreadsheet's own ("0.0%", "#,##0")."""

    title: str
    width: float = 0
    format: str = ""


@dataclass(frozen=True)
class Sheet:
    """`zone`: the clocks by which moments are written; every head over moments names it."""

    title: str
    columns: tuple[Col, ...]
    rows: Iterable[Sequence[Any]]
    zone: ZoneInfo | None = None


def workbook(sheets: Iterable[Sheet], *, written: dt.datetime | None = None) -> bytes:
    """The sheets as one file: heads stay in sight and filter, numbers are numbers, moments are dates in the zone that
    the head names, and no text runs as a formula. `written` (aware) goes into the file's properties. The same rows give
    the same bytes.
    """
    return b"".join(workbook_pieces(sheets, written=written))


def workbook_pieces(sheets: Iterable[Sheet], *, written: dt.datetime | None = None) -> Iterator[bytes]:
    """The same file, piece by piece as the rows come."""
    outlet, formats = Outlet(), _Formats()
    names: list[str] = []
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as packed:
        for number, sheet in enumerate(sheets, start=1):
            names.append(_name(sheet.title, names))
            with packed.open(entry(f"xl/worksheets/sheet{number}.xml"), "w") as page:
                for text in _Page(sheet, formats).written():
                    page.write(text.encode())
                    yield outlet.taken()
        for path, text in xml.parts(names, formats.known, written):
            packed.writestr(entry(path), text)
    yield outlet.taken()


@dataclass
class _Formats:
    """The spreadsheet's formats in the order in which they were met; each has a style."""

    known: list[str] = field(default_factory=list)
    styles: dict[str, int] = field(default_factory=lambda: {"": 0})

    def style(self, form: str) -> int:
        if form not in self.styles:
            self.styles[form] = xml.FORMATTED + len(self.known)
            self.known.append(form)
        return self.styles[form]


class _Page:
    """One sheet on its way."""

    def __init__(self, sheet: Sheet, formats: _Formats) -> None:
        self._sheet, self._formats = sheet, formats
        self._zone = sheet.zone or ZoneInfo("UTC")
        self._letters = [_letters(n) for n in range(len(sheet.columns))]

    def written(self) -> Iterator[str]:
        rows = iter(self._sheet.rows)
        first = list(islice(rows, _SAMPLE))
        heads, letters = self._heads(first), self._letters
        yield xml.sheet_begin(self._widths(heads, first))
        yield self._row(1, (_text_cell(f"{at}1", head, xml.HEAD) for at, head in zip(letters, heads, strict=True)))
        forms = [column.format for column in self._sheet.columns]
        count, lines = 0, []
        for count, row in enumerate(chain(first, rows), start=1):
            cells = zip(row, letters, forms, strict=True)
            lines.append(
                self._row(count + 1, (self._cell(f"{at}{count + 1}", value, form) for value, at, form in cells))
            )
            if count % _PIECE == 0:
                yield "".join(lines)
                lines = []
        if count > _ROWS:
            raise ValueError(f"A sheet holds {_ROWS} rows; divide the list.")
        yield "".join(lines) + xml.sheet_end(f"A1:{letters[-1] if letters else 'A'}{count + 1}")

    def _row(self, number: int, cells: Iterable[str]) -> str:
        return f'<row r="{number}">{"".join(cells)}</row>'

    def _heads(self, first: list[Sequence[Any]]) -> list[str]:
        moments = {i for row in first for i, value in enumerate(row) if isinstance(value, dt.datetime) and value.tzinfo}
        return [
            f"{column.title} ({self._zone.key})" if i in moments else column.title
            for i, column in enumerate(self._sheet.columns)
        ]

    def _widths(self, heads: list[str], first: list[Sequence[Any]]) -> list[float]:
        found = []
        for index, column in enumerate(self._sheet.columns):
            texts = [heads[index], *(_told(row[index]) for row in first if index < len(row))]
            found.append(column.width or min(48.0, max(8.0, *(extent(text) * 1.75 + 2 for text in texts))))
        return found

    def _cell(self, at: str, value: Any, form: str) -> str:
        if value is None or value == "":
            return ""
        if isinstance(value, str):
            return _text_cell(at, value)
        if isinstance(value, dt.date):
            return self._date_cell(at, value, form)
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal) or not math.isfinite(value):
            return _text_cell(at, str(value))
        return xml.number_cell(at, value, self._formats.style(form))

    def _date_cell(self, at: str, value: dt.date, form: str) -> str:
        share = 0.0
        if isinstance(value, dt.datetime):
            local = value.astimezone(self._zone) if value.tzinfo else value
            share = (local.hour * 3600 + local.minute * 60 + local.second) / 86_400
            value, form = local.date(), form or _MOMENT
        if value < _FIRST_DAY:
            return _text_cell(at, value.isoformat())
        return xml.number_cell(at, (value - _DAY_NOUGHT).days + share, self._formats.style(form or _DAY))


def _text_cell(at: str, text: str, style: int = 0) -> str:
    """Text is a text cell, whatever it begins with; the mark keeps it one when somebody edits and leaves it."""
    if not style and text.startswith(RUNNING):
        style = xml.QUOTED
    return xml.text_cell(at, printable(text)[:_CELL], style)


def _told(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return "0000-00-00 00:00"
    return max(str("" if value is None else value)[:200].split("\n"), key=len)


def _letters(index: int) -> str:
    """The name of a column: A … Z, AA …"""
    rest, last = divmod(index, 26)
    return (_letters(rest - 1) if rest else "") + chr(65 + last)


def _name(title: str, taken: list[str]) -> str:
    """A sheet's name: 31 signs, none that a reference could be mistaken over, once a book."""
    base = "".join(" " if sign in r"[]:*?/\'" else sign for sign in printable(title)).strip()[:31] or "1"
    name, number = base, 1
    while name.casefold() in {one.casefold() for one in taken}:
        number += 1
        name = f"{base[:28]} {number}"
    return name
