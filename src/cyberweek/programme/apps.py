from __future__ import annotations

import datetime as dt
from typing import Any

from django.apps import AppConfig
from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cyberweek.kernel.navigation import Entry, Section, register


class ProgrammeConfig(AppConfig):
    name = "cyberweek.programme"

    def ready(self) -> None:
        from cyberweek.editions.actions import edition_moved  # noqa: PLC0415 -- models are there only now

        edition_moved.connect(_follow, dispatch_uid="programme")
        register("public", Entry(10, "programme:activity-list", _("Programme")))
        register(
            "desk", Entry(20, "programme:desk-list", _("Activities"), icon="list", section=Section.PREPARE, waiting=_waiting)
        )  # fmt: skip


def _follow(*, edition: Any, delta: dt.timedelta, **_signal: Any) -> None:
    from .actions import move_activities  # noqa: PLC0415 -- models are there only now

    move_activities(edition=edition, delta=delta)


def _waiting(request: HttpRequest, edition: str) -> int:
    from .queries import waiting_for  # noqa: PLC0415 -- models are there only now

    if not isinstance(request.user, get_user_model()):
        return 0
    return waiting_for(request.user).filter(edition__slug=edition).count()
