"""Lists as XLSX: a row is written and forgotten, so a list of 200,000 takes little memory."""

from __future__ import annotations

import datetime as dt
import math
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, islice
from typing import IO, Any, Final
from zoneinfo import ZoneInfo

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from cyberweek.documents.core.layout import extent
from cyberweek.documents.core.text import printable
from cyberweek.kernel.core.cells import RUNNING

_CELL: Final = 32_767  # signs that a cell holds
_ROWS: Final = 1_048_575  # under the head
_SAMPLE: Final = 100
_PIECE: Final = 64 * 1024
_FIRST_DAY: Final = dt.date(1900, 3, 1)  # spreadsheets count a 29 February 1900; before it, days are text
_MOMENT: Final = "yyyy-mm-dd hh:mm"
_DAY: Final = "yyyy-mm-dd"
_HEAD: Final = {
    "bold": True,
    "font_color": "#4A505A",
    "bg_color": "#EFF1F4",
    "bottom": 1,
    "bottom_color": "#82868E",
    "valign": "top",
    "text_wrap": True,
}
_UNDATED: Final = dt.datetime(2000, 1, 1)  # noqa: DTZ001 -- a property of the file, in no zone


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
    """The same file in pieces: it waits on disk, whatever its size."""
    with tempfile.TemporaryFile() as file:
        _write(file, sheets, written)
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def _write(file: IO[bytes], sheets: Iterable[Sheet], written: dt.datetime | None) -> None:
    created = written.astimezone(dt.UTC).replace(tzinfo=None) if written else _UNDATED
    names: list[str] = []
    with (
        tempfile.TemporaryDirectory() as rows,
        xlsxwriter.Workbook(file, {"constant_memory": True, "tmpdir": rows}) as book,
    ):
        book.set_properties({"created": created})
        formats = _Formats(book)
        for sheet in sheets:
            names.append(_name(sheet.title, names))
            _Page(book.add_worksheet(names[-1]), sheet, formats).write()


class _Formats:
    """The looks of cells, each of which the file holds once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._known: dict[str, Format] = {}
        self.head = book.add_format(_HEAD)
        self.quoted = book.add_format({"quote_prefix": True})

    def of(self, form: str) -> Format | None:
        if form and form not in self._known:
            self._known[form] = self._book.add_format({"num_format": form})
        return self._known.get(form)


class _Page:
    """One sheet on its way."""

    def __init__(self, page: Worksheet, sheet: Sheet, formats: _Formats) -> None:
        self._page, self._sheet, self._formats = page, sheet, formats
        self._zone = sheet.zone or ZoneInfo("UTC")

    def write(self) -> None:
        rows = iter(self._sheet.rows)
        first = list(islice(rows, _SAMPLE))
        heads = self._heads(first)
        for index, width in enumerate(self._widths(heads, first)):
            self._page.set_column(index, index, width)
            self._page.write_string(0, index, _text(heads[index]), self._formats.head)
        self._page.freeze_panes(1, 0)
        forms = [column.format for column in self._sheet.columns]
        count = 0
        for count, row in enumerate(chain(first, rows), start=1):
            for index, (value, form) in enumerate(zip(row, forms, strict=True)):
                self._cell(count, index, value, form)
        if count > _ROWS:
            raise ValueError(f"A sheet holds {_ROWS} rows; divide the list.")
        self._page.autofilter(0, 0, count, max(0, len(heads) - 1))

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

    def _cell(self, row: int, column: int, value: Any, form: str) -> None:
        if value is None or value == "":
            return
        if isinstance(value, str):
            self._text_cell(row, column, value)
        elif isinstance(value, dt.date):
            self._date_cell(row, column, value, form)
        elif isinstance(value, bool) or not isinstance(value, int | float | Decimal) or not math.isfinite(value):
            self._text_cell(row, column, str(value))
        else:
            self._page.write_number(row, column, value, self._formats.of(form))

    def _text_cell(self, row: int, column: int, text: str) -> None:
        """Text is a text cell, whatever it begins with; the mark keeps it one when somebody edits and leaves it."""
        self._page.write_string(row, column, _text(text), self._formats.quoted if text.startswith(RUNNING) else None)

    def _date_cell(self, row: int, column: int, value: dt.date, form: str) -> None:
        form = form or (_MOMENT if isinstance(value, dt.datetime) else _DAY)
        if isinstance(value, dt.datetime):
            local = value.astimezone(self._zone) if value.tzinfo else value
            value = local.replace(tzinfo=None, microsecond=0)
        if (value.date() if isinstance(value, dt.datetime) else value) < _FIRST_DAY:
            self._text_cell(row, column, value.isoformat())
            return
        self._page.write_datetime(row, column, value, self._formats.of(form))


def _text(text: str) -> str:
    return printable(text)[:_CELL]


def _told(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return "0000-00-00 00:00"
    return max(str("" if value is None else value)[:200].split("\n"), key=len)


def _name(title: str, taken: list[str]) -> str:
    """A sheet's name: 31 signs, none that a reference could be mistaken over, once a book."""
    base = "".join(" " if sign in r"[]:*?/\'" else sign for sign in printable(title)).strip()[:31] or "1"
    name, number = base, 1
    while name.casefold() in {one.casefold() for one in taken}:
        number += 1
        name = f"{base[:28]} {number}"
    return name
