"""Inspections: each night while a contest runs and for a week after, and when a reviewer asks for one."""

from __future__ import annotations

import datetime as dt

from procrastinate.contrib.django import app

from cyberweek.knowledge.enums import ContestState
from cyberweek.knowledge.models import Contest

from .actions import inspect_contest

_AFTER = dt.timedelta(days=7)


@app.periodic(cron="40 2 * * *")
@app.task(queue="results", queueing_lock="inspect-contests", pass_context=False)
def inspect_contests(timestamp: int) -> None:
    """Every contest that is open or closed a week ago at most."""
    now = dt.datetime.fromtimestamp(timestamp, dt.UTC)
    running = Contest.objects.filter(state=ContestState.PUBLISHED, opens__lte=now, closes__gte=now - _AFTER)
    for contest in running:
        inspect_contest(contest=contest, now=now)


@app.task(queue="results", pass_context=False)
def inspect_now(contest: int, asked: int) -> None:
    """One contest, because a reviewer asked for it at that second."""
    inspect_contest(contest=Contest.objects.get(pk=contest), now=dt.datetime.fromtimestamp(asked, dt.UTC))
