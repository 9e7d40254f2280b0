"""Forecasts, each night and when somebody asks; papers of meetings; reminders; telephones that are forgotten."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from procrastinate.contrib.django import app

from cyberweek.editions.models import Edition
from cyberweek.planning.models import Task

from .actions import make_forecast
from .actions.briefs import make_files, unfinished_briefs
from .actions.duty import forget_phones
from .actions.meetings import remind_reports

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


_SILENT = dt.timedelta(minutes=2)  # a file takes seconds


@app.task(queue="planning", pass_context=False)
def make_brief(brief: int) -> None:
    """Write the files of one agenda pack, from where it is."""
    make_files(brief)


@app.periodic(cron="* * * * *")
@app.task(queue="planning", queueing_lock="resume-briefs", pass_context=False)
def resume_briefs(timestamp: int) -> None:
    """Go on with every pack whose worker is gone."""
    for brief in unfinished_briefs(silent_since=dt.datetime.fromtimestamp(timestamp, dt.UTC) - _SILENT):
        make_files(brief)


@app.periodic(cron="15 * * * *")
@app.task(queueing_lock="remind-reports", pass_context=False)
def remind_units(timestamp: int) -> None:
    """Remind units that owe a meeting their page: once a day each, whatever the hour in their zone."""
    remind_reports(now=dt.datetime.fromtimestamp(timestamp, dt.UTC))


@app.periodic(cron="40 3 * * *")
@app.task(queueing_lock="forget-phones", pass_context=False)
def forget_telephones(timestamp: int) -> None:
    """Delete the telephones of editions that have been over for 30 days."""
    forget_phones(now=dt.datetime.fromtimestamp(timestamp, dt.UTC))
