from __future__ import annotations

import datetime as dt
from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cyberweek.kernel.navigation import Entry, Section, register


class PlanningConfig(AppConfig):
    name = "cyberweek.planning"

    def ready(self) -> None:
        from cyberweek.editions.actions import edition_moved  # noqa: PLC0415 -- models are there only now

        edition_moved.connect(_follow, dispatch_uid="planning")
        register(
            "desk", Entry(12, "planning:my-week", _("Tasks"), icon="task", section=Section.PREPARE, waiting=_unread)
        )


def _follow(*, edition: Any, delta: dt.timedelta, **_signal: Any) -> None:
    from .actions import move_tasks  # noqa: PLC0415 -- models are there only now

    move_tasks(edition=edition, delta=delta)


def _unread(request: HttpRequest, edition: str) -> int:
    """How many notices of the edition the person has not read."""
    from .queries.notices import unread_in  # noqa: PLC0415 -- models are there only now

    return unread_in(request.user, edition)
