"""The risk register and the duty roster as spreadsheets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cyberweek.documents.formats.xlsx import Col, Sheet, workbook
from cyberweek.readiness.models import Risk


def risks_xlsx(rows: Iterable[Risk], *, written: dt.datetime, zone: ZoneInfo) -> bytes:
    """The risks as rows of one sheet. What people typed runs as no formula."""
    columns = (
        Col(_("Unit")), Col(_("Risk")), Col(_("Cause")), Col(_("Effect")), Col(_("Likelihood")), Col(_("Impact")),
        Col(pgettext("risk", "Level")), Col(_("Residual level")), Col(_("State")), Col(pgettext("risk", "Owner")), Col(_("In the hands of")),
        Col(_("Measures")), Col(_("Of these open")), Col(_("To be looked at again on")), Col(_("Changed")),
    )  # fmt: skip
    lines = (
        (
            str(row.unit), str(row.title), str(row.cause), str(row.effect), row.likelihood, row.impact,
            row.get_level_display(), row.get_left_display() if row.left else "", row.get_state_display(),
            row.owner.name if row.owner else "", str(row.holder), getattr(row, "n_measures", 0),
            getattr(row, "n_open", 0), row.review, row.changed,
        )
        for row in rows
    )  # fmt: skip
    return workbook([Sheet(_("Risk register"), columns, lines, zone)], written=written)
