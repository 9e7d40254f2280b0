"""Freezing draws in time, whether or not somebody thinks of it."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from .actions import freeze_draw
from .queries import draws_to_freeze


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="freeze-draws", pass_context=False)
def freeze_draws(timestamp: int) -> None:  # noqa: ARG001 -- periodic tasks are told when they were due
    """Freeze every draw whose papers are all in."""
    now = timezone.now()
    for draw in draws_to_freeze(now):
        freeze_draw(draw=draw, by=None, now=now)
