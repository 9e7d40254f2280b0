"""Codes of groups as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Final

from cyberweek.kernel.core.cells import neutral
from cyberweek.knowledge.queries.groups import Card

HEADER: Final = ["group", "name zh-Hans", "name en", "code", "address"]
BOM: Final = "\ufeff"  # so that spreadsheets read UTF-8


def written(cards: Iterable[Card], address: str) -> str:
    """A row for each group that takes people in, every cell neutral. `address` is that of the play page."""
    out = io.StringIO()
    out.write(BOM)
    rows = csv.writer(out)
    rows.writerow(HEADER)
    for group, code in cards:
        if not group.withdrawn:
            names = [group.name.get("zh-Hans", ""), group.name.get("en", "")]
            rows.writerow(neutral(cell) for cell in (group.code, *names, code, f"{address}?code={code}"))
    return out.getvalue()
