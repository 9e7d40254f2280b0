"""Forecasts: each night for every edition whose opening is ahead, and when somebody asks for one."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from procrastinate.contrib.django import app

from cyberweek.editions.models import Edition
from cyberweek.planning.models import Task

from .actions import make_forecast

_AHEAD = dt.timedelta(days=200)


@app.periodic(cron="20 2 * * *")
@app.task(queue="results", queueing_lock="make-forecasts", pass_context=False)
def make_forecasts(timestamp: int) -> None:
    """Every edition with tasks that opens within some months; until the end of its opening day."""
    now = dt.datetime.fromtimestamp(timestamp, dt.UTC)
    near = Edition.objects.filter(starts__gte=now.date(), starts__lte=now.date() + _AHEAD)
    for edition in near:
        if Task.objects.filter(edition=edition).exists():
            make_forecast(edition=edition, now=now)


@app.task(queue="results", pass_context=False)
def forecast_now(edition: int) -> None:
    """One edition, because somebody asked."""
    make_forecast(edition=Edition.objects.get(pk=edition), now=timezone.now())
