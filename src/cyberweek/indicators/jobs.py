"""What happens by itself: reports open, people are reminded, machines are read, totals are made."""

from __future__ import annotations

import datetime as dt

from procrastinate.contrib.django import app

from cyberweek.editions.enums import Stage
from cyberweek.editions.queries import editions_published
from cyberweek.indicators import actions


def _moment(timestamp: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(timestamp, dt.UTC)


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="open-reports-due", pass_context=False)
def open_reports_due(timestamp: int) -> None:
    """A report for every activity that is over."""
    actions.open_reports_due(now=_moment(timestamp))


@app.periodic(cron="5 * * * *")
@app.task(queueing_lock="remind-of-reports", pass_context=False)
def remind_of_reports(timestamp: int) -> None:
    """Mail to those who owe reports."""
    actions.remind_of_reports(now=_moment(timestamp))


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="read-machines", pass_context=False)
def read_machines(timestamp: int) -> None:
    """What contests and the programme have come to, in every edition that is under way."""
    for edition in editions_published().filter(stage=Stage.RUNNING):
        actions.read_machines(edition=edition, now=_moment(timestamp))


@app.periodic(cron="40 18 * * *")
@app.task(queueing_lock="roll-up-anew", pass_context=False)
def roll_up_anew(timestamp: int) -> None:
    """Once a night (in China) machines are read and all totals made anew, after the Week too: rulings on contests come
    then, and whatever was changed past the application."""
    for edition in editions_published().exclude(stage=Stage.ARCHIVED):
        actions.read_machines(edition=edition, now=_moment(timestamp))
        actions.mark_stale(edition=edition, now=_moment(timestamp))


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="roll-up", pass_context=False)
def roll_up(timestamp: int) -> None:
    """Totals of the editions where something has moved."""
    actions.roll_up_stale(now=_moment(timestamp))
