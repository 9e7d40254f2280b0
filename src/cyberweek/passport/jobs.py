"""Forgetting, on its date."""

from __future__ import annotations

import datetime as dt

from procrastinate.contrib.django import app

from cyberweek.passport import actions


@app.periodic(cron="41 3 * * *")
@app.task(queueing_lock="forget-what-is-due", pass_context=False)
def forget_what_is_due(timestamp: int) -> None:
    """Networks and devices, nicknames and contacts whose date has come."""
    actions.forget_due(now=dt.datetime.fromtimestamp(timestamp, dt.UTC))


@app.periodic(cron="23 * * * *")
@app.task(queueing_lock="sweep-challenges", pass_context=False)
def sweep_challenges(timestamp: int) -> None:
    """Proofs of work that are too old to count, networks' counts of days gone by."""
    actions.sweep_challenges(now=dt.datetime.fromtimestamp(timestamp, dt.UTC))
