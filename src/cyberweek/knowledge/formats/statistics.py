"""How items did, as rows for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.knowledge.models import ItemFigure


def figures_table(rows: Iterable[ItemFigure]) -> list[list[Any]]:
    """An item a row, with a head; options as "A 12.5 % +" (the key is marked with a plus)."""
    head = [
        _("Item"), _("Topic"), _("Question"), _("Release"), _("Shown"), _("Answered"), _("Right"), _("Facility"),
        _("Discrimination"), _("Options"), _("Look at it"),
    ]  # fmt: skip
    made: list[list[Any]] = [head]
    for row in rows:
        options = "; ".join(
            f"{LocalizedText(one['text'])} {one['n'] / row.shown:.1%}{' +' if one['right'] else ''}"
            for one in row.options
        )
        flags = "; ".join(str(flag.label) for flag in row.seen)
        made.append(
            [
                row.item, row.topic, str(row.stem), row.release, row.shown, row.answered, row.right,
                round(row.facility, 4), "" if row.discrimination is None else row.discrimination, options, flags,
            ]
        )  # fmt: skip
    return made
