from __future__ import annotations

import datetime as dt
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from cyberweek.kernel.navigation import Entry, Section, register


class ReadinessConfig(AppConfig):
    name = "cyberweek.readiness"

    def ready(self) -> None:
        from cyberweek.editions.actions import edition_moved  # noqa: PLC0415 -- models are there only now

        edition_moved.connect(_follow, dispatch_uid="readiness")
        register("desk", Entry(14, "readiness:forecast-list", _("Readiness"), icon="tick", section=Section.PREPARE))


def _follow(*, edition: Any, delta: dt.timedelta, **_signal: Any) -> None:
    from .actions.duty import move_dates  # noqa: PLC0415 -- models are there only now

    move_dates(edition=edition, delta=delta)
