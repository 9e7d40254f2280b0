"""Tables that offices bring: CSV in the encodings that they use, and XLSX. Bytes to rows of text."""

from __future__ import annotations

import csv
import datetime as dt
import io
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import openpyxl
from django.utils.translation import gettext as _

from cyberweek.kernel.core.cells import RUNNING

ROWS: Final = 5000
COLUMNS: Final = 60
_UNPACKED: Final = 50 * 1024 * 1024  # a sheet of the permitted size unpacks to less; more is an attack
_ZIP: Final = b"PK\x03\x04"
_DELIMITERS: Final = ",;\t"


class NoTable(Exception):  # noqa: N818 -- reads as the sentence it makes
    """The file cannot be read as a table; the message says why, for the person who brought it."""


class Formula(str):
    """A cell that holds a formula instead of a value."""

    __slots__ = ()


@dataclass(frozen=True)
class Problem:
    """What is wrong with a cell: the row's number in the file, the head of its column ("" for the whole row), the sentence."""

    row: int
    column: str
    text: str


def folded(name: str) -> str:
    """A head or a value without width, case and spaces, for comparing."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


@dataclass(frozen=True)
class Table:
    """A head and the rows under it, each with its number in the file (the head is 1). Empty rows are left out."""

    head: list[str]
    rows: list[tuple[int, list[str]]]


def read_table(content: bytes) -> Table:
    """The table in a file, whatever its name says. Raises `NoTable`."""
    rows = _sheet(content) if content.startswith(_ZIP) else _separated(_decoded(content))
    table, width = None, 0
    try:
        for number, cells in enumerate(rows, start=1):
            if not any(cells):
                continue
            if table is None:
                width = max(n for n, cell in enumerate(cells, start=1) if cell)
                table = Table(cells[:width], [])
            elif len(table.rows) == ROWS:
                raise NoTable(_("The table has more than %(n)d rows. Divide it.") % {"n": ROWS})
            else:
                table.rows.append((number, [*cells, *[""] * width][:width]))
    except csv.Error as problem:
        raise NoTable(_("The table breaks off: %(problem)s.") % {"problem": problem}) from None
    if table is None:
        raise NoTable(_("The file is empty."))
    if not table.rows:
        raise NoTable(_("The table has a head and no rows."))
    return table


def _decoded(content: bytes) -> str:
    """UTF-8 with or without a mark, UTF-16 with one (Excel's “Unicode text”), else GB18030, which holds GBK."""
    encodings = ["utf-16"] if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(ord(sign) < 32 and sign not in "\t\r\n" for sign in text):
            return text
    raise NoTable(_("This is neither a CSV in UTF-8 or GBK nor an Excel table (.xlsx). Save it again as one of them."))


def _separated(text: str) -> Iterator[list[str]]:
    head = text.lstrip().split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=head.count)
    for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
        yield [_cell(cell.strip()) for cell in cells[:COLUMNS]]


def _cell(text: str) -> str:
    if text.startswith("="):
        return Formula(text)
    # What our own export put before a sign that a spreadsheet would calculate.
    return text[1:] if text.startswith("'") and text[1:].startswith(RUNNING) else text


def _sheet(content: bytes) -> Iterator[list[str]]:
    try:
        _refuse_bomb(content)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False)
        sheet = book.worksheets[0]
        for row in sheet.iter_rows(max_row=ROWS + 50, max_col=COLUMNS):
            yield [_written(cell) for cell in row]
    except NoTable:
        raise
    except Exception as problem:
        raise NoTable(
            _("The Excel table cannot be read. Open it, save it again as .xlsx, and bring that.")
        ) from problem


def _refuse_bomb(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if sum(part.file_size for part in packed.infolist()) > _UNPACKED:
            raise NoTable(_("The Excel table unpacks to more than 50 MB."))


def _written(cell: Any) -> str:
    """A cell as one would type it."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return Formula(value)
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _cell(str(value).strip()) if not isinstance(value, str) else value.strip()
