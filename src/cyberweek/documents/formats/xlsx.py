"""Lists as XLSX: rows are written as they come, so a list of 200,000 takes little memory."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import Any, Final
from zoneinfo import ZoneInfo

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from cyberweek.documents.core.archives import undated
from cyberweek.documents.core.layout import extent
from cyberweek.documents.core.text import printable
from cyberweek.kernel.core.cells import RUNNING

_CELL: Final = 32_767  # signs that a cell holds
_ROWS: Final = 1_048_575  # under the head
_SAVED: Final = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_SAMPLE: Final = 100
_HEAD: Final = Font(bold=True, color="4A505A")
_GROUND: Final = PatternFill("solid", fgColor="EFF1F4")
_EDGE: Final = Border(bottom=Side(style="thin", color="82868E"))


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
    the head names, and no text runs as a formula. `written` (aware) goes into the file's properties; with it the same
    rows give the same bytes.
    """
    book = openpyxl.Workbook(write_only=True)
    taken: set[str] = set()
    for sheet in sheets:
        _write(book, sheet, _name(sheet.title, taken))
    out = io.BytesIO()
    book.save(out)
    return _dated(out.getvalue(), written) if written else out.getvalue()


def _write(book: Any, sheet: Sheet, title: str) -> None:
    page = book.create_sheet(title=title)
    rows = iter(sheet.rows)
    first = [row for row, _n in zip(rows, range(_SAMPLE), strict=False)]
    moments = {i for row in first for i, value in enumerate(row) if isinstance(value, dt.datetime) and value.tzinfo}
    zone = sheet.zone or ZoneInfo("UTC")
    heads = [f"{c.title} ({zone.key})" if i in moments else c.title for i, c in enumerate(sheet.columns)]
    for index, column in enumerate(sheet.columns):
        texts = [heads[index], *(_told(row[index]) for row in first if index < len(row))]
        width = column.width or min(48.0, max(8.0, *(extent(text) * 1.75 + 2 for text in texts)))
        page.column_dimensions[get_column_letter(index + 1)].width = round(width, 1)
    page.freeze_panes = "A2"
    page.append([_head(page, text) for text in heads])
    formats = [column.format for column in sheet.columns]
    count = 0
    try:
        for count, row in enumerate(chain(first, rows), start=1):  # noqa: B007 -- the last one is wanted
            page.append([_cell(page, value, form, zone) for value, form in zip(row, formats, strict=True)])
    except BaseException:
        page.close()  # its half-written file would otherwise complain when it is collected
        raise
    if count > _ROWS:
        raise ValueError(f"A sheet holds {_ROWS} rows; divide the list.")
    page.auto_filter.ref = f"A1:{get_column_letter(max(1, len(heads)))}{count + 1}"


def _told(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return "0000-00-00 00:00"
    return max(str("" if value is None else value)[:200].split("\n"), key=len)


def _head(page: Any, text: str) -> Any:
    cell = WriteOnlyCell(page, value=_text(text))
    cell.data_type = "s"
    cell.font, cell.fill, cell.border, cell.alignment = _HEAD, _GROUND, _EDGE, Alignment(vertical="top", wrap_text=True)
    return cell


def _cell(page: Any, value: Any, form: str, zone: ZoneInfo) -> Any:
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal | dt.date):
        value = str(value)
    if isinstance(value, dt.datetime):
        value = value.astimezone(zone).replace(tzinfo=None, microsecond=0) if value.tzinfo else value
        form = form or "yyyy-mm-dd hh:mm"
    elif isinstance(value, dt.date):
        form = form or "yyyy-mm-dd"
    if isinstance(value, str):
        return _text_cell(page, _text(value))
    if not form:
        return value
    cell = WriteOnlyCell(page, value=value)
    cell.number_format = form
    return cell


def _text_cell(page: Any, text: str) -> Any:
    """Text is a text cell, whatever it begins with; the mark keeps it one when somebody edits and leaves it."""
    if not text.startswith(RUNNING):
        return text
    cell = WriteOnlyCell(page, value=text)
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell


def _text(text: str) -> str:
    return printable(text)[:_CELL]


def _name(title: str, taken: set[str]) -> str:
    """A sheet's name: 31 signs, none that a reference could be mistaken over, once a book."""
    base = "".join(" " if sign in r"[]:*?/\'" else sign for sign in printable(title)).strip()[:31] or "1"
    name, number = base, 1
    while name.casefold() in taken:
        number += 1
        name = f"{base[:28]} {number}"
    taken.add(name.casefold())
    return name


def _dated(raw: bytes, written: dt.datetime) -> bytes:
    """The file with no trace of the clock that wrote it; openpyxl sets the date of its properties as it saves."""
    moment = f"{written.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}".encode()

    def change(name: str, content: bytes) -> bytes:
        return _SAVED.sub(rb"\g<1>" + moment, content) if name == "docProps/core.xml" else content

    return undated(raw, change)
