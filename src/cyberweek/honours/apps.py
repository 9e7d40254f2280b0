from __future__ import annotations

import datetime as dt
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from cyberweek.kernel.navigation import Entry, Section, register


class HonoursConfig(AppConfig):
    name = "cyberweek.honours"

    def ready(self) -> None:
        from cyberweek.editions.actions import edition_moved  # noqa: PLC0415 -- models are there only now

        edition_moved.connect(_follow, dispatch_uid="honours")
        register("public", Entry(60, "honours:case-list", _("Casebook")))
        register("desk", Entry(44, "honours:desk-list", _("Cases"), icon="case", section=Section.RESULTS))


def _follow(*, edition: Any, delta: dt.timedelta, **_signal: Any) -> None:
    from .actions import move_calls  # noqa: PLC0415 -- models are there only now

    move_calls(edition=edition, delta=delta)
