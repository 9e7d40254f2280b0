"""Rows as CSV."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final

from cyberweek.kernel.core.cells import neutral

_PIECE: Final = 500  # rows


def csv_file(rows: Iterable[Sequence[Any]]) -> bytes:
    """UTF-8 with a mark, so that Excel reads Chinese; what a spreadsheet would calculate is made text. Numbers stay."""
    return b"".join(csv_pieces(rows))


def csv_pieces(rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """The same file, piece by piece as the rows come."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    coming = iter(rows)
    yield codecs.BOM_UTF8
    while piece := list(islice(coming, _PIECE)):
        writer.writerows([neutral(cell) if isinstance(cell, str) else cell for cell in row] for row in piece)
        # Half a surrogate pair, which only rows from elsewhere can hold, becomes a question mark.
        yield out.getvalue().encode(errors="replace")
        out.seek(0)
        out.truncate()
