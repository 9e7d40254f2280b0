from __future__ import annotations

import datetime as dt
from typing import Any

from django.apps import AppConfig
from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cyberweek.kernel.navigation import Entry, Section, register


class IndicatorsConfig(AppConfig):
    name = "cyberweek.indicators"

    def ready(self) -> None:
        from cyberweek.editions.actions import edition_moved  # noqa: PLC0415 -- models are there only now
        from cyberweek.programme.actions import activity_called_off  # noqa: PLC0415 -- the same

        edition_moved.connect(_follow, dispatch_uid="indicators")
        activity_called_off.connect(_let_go, dispatch_uid="indicators")
        register(
            "desk",
            Entry(40, "indicators:report-list", _("Reports"), icon="chart", section=Section.RESULTS, waiting=_waiting),
        )


def _follow(*, edition: Any, delta: dt.timedelta, **_signal: Any) -> None:
    from .actions import move_reports  # noqa: PLC0415 -- models are there only now

    move_reports(edition=edition, delta=delta)


def _let_go(*, activity: Any, now: dt.datetime, **_signal: Any) -> None:
    from .actions import let_go_of  # noqa: PLC0415 -- models are there only now

    let_go_of(activity=activity, now=now)


def _waiting(request: HttpRequest, edition: str) -> int:
    from .queries import waiting_for  # noqa: PLC0415 -- models are there only now

    if not isinstance(request.user, get_user_model()):
        return 0
    return waiting_for(request.user).filter(edition__slug=edition).count()
