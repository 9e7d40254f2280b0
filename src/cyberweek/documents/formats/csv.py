"""Rows as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from cyberweek.kernel.core.cells import neutral


def csv_file(rows: Iterable[Sequence[Any]]) -> bytes:
    """UTF-8 with a mark, so that Excel reads Chinese; what a spreadsheet would calculate is made text. Numbers stay."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([neutral(cell) if isinstance(cell, str) else cell for cell in row])
    # Half a surrogate pair, which only rows from elsewhere can hold, becomes a question mark.
    return out.getvalue().encode("utf-8-sig", errors="replace")
