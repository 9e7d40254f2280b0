"""The list of tasks as a table: one row a task, the same columns in CSV and XLSX."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _

from cyberweek.documents.formats.csv import csv_pieces
from cyberweek.documents.formats.xlsx import Col, Sheet, workbook_pieces
from cyberweek.planning.models import Task

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def columns() -> list[str]:
    return [
        _("Number"), _("Task"), _("Unit"), _("Code of the unit"), _("Level"), _("Sector"), _("Region"), _("Arrangement"),
        _("State"), _("Progress in %"), _("Begins"), _("Due"), _("Done on"), _("Accountable"), _("What blocks it"),
        _("Theme day"),
    ]  # fmt: skip


def rows_of(tasks: Iterable[Task]) -> Iterator[list[Any]]:
    """Wants unit with region, accountable, theme day and arrangement fetched."""
    for task in tasks:
        unit = task.unit
        done = task.done_at.astimezone(task.edition.tz).date() if task.done_at else None
        yield [
            task.pk, str(task.title), str(unit), unit.code, unit.get_level_display(), unit.get_sector_display(),
            str(unit.region), task.arrangement.code if task.arrangement else "", task.get_state_display(), task.progress,
            task.begins, task.due, done, task.accountable.name if task.accountable else "", task.blocker,
            str(task.theme_day or ""),
        ]  # fmt: skip


def written(tasks: Iterable[Task], ending: str) -> Iterator[bytes]:
    """The file, piece by piece. `ending`: csv or xlsx."""
    if ending == "xlsx":
        heads = tuple(Col(title) for title in columns())
        return workbook_pieces([Sheet(_("Tasks"), heads, rows_of(tasks))])
    return csv_pieces(chain([columns()], ([_iso(cell) for cell in row] for row in rows_of(tasks))))


def _iso(cell: Any) -> Any:
    return cell.isoformat() if hasattr(cell, "isoformat") else "" if cell is None else cell
