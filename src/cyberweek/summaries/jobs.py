"""What happens by itself: people are reminded of the summary that they owe."""

from __future__ import annotations

import datetime as dt

from procrastinate.contrib.django import app

from cyberweek.summaries import actions


@app.periodic(cron="20 1 * * *")
@app.task(queueing_lock="remind-of-summaries", pass_context=False)
def remind_of_summaries(timestamp: int) -> None:
    """Mail to those who owe a summary, in the morning of China."""
    actions.remind_of_summaries(now=dt.datetime.fromtimestamp(timestamp, dt.UTC))
