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


def _unread(request: HttpRequest) -> int:
    """How many notices of the edition at work the person has not read."""
    from .queries.notices import unread_at_work  # noqa: PLC0415 -- models are there only now

    match = request.resolver_match
    slug = (match.kwargs.get("edition") if match else None) or request.session.get("edition")
    return unread_at_work(request.user, slug)
