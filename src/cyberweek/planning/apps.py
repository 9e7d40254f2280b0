from __future__ import annotations

import datetime as dt
from typing import Any

from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "cyberweek.planning"

    def ready(self) -> None:
        from cyberweek.editions.actions import edition_moved  # noqa: PLC0415 -- models are there only now

        edition_moved.connect(_follow, dispatch_uid="planning")


def _follow(*, edition: Any, delta: dt.timedelta, **_signal: Any) -> None:
    from .actions import move_tasks  # noqa: PLC0415 -- models are there only now

    move_tasks(edition=edition, delta=delta)
