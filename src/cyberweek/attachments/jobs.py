"""Forgetting files that nothing needs."""

from __future__ import annotations

import datetime as dt

from procrastinate.contrib.django import app

from . import actions


@app.periodic(cron="49 2 * * *")
@app.task(queueing_lock="forget-unused-attachments", pass_context=False)
def forget_unused_attachments(timestamp: int) -> None:
    """Attachments that nothing has pointed at for a day."""
    actions.forget_unused(now=dt.datetime.fromtimestamp(timestamp, dt.UTC))
