"""Housekeeping of the kernel."""

from __future__ import annotations

from django.contrib.sessions.backends.db import SessionStore
from procrastinate.contrib.django import app


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="clear-expired-sessions", pass_context=False)
def clear_expired_sessions(timestamp: int) -> None:  # noqa: ARG001 -- periodic tasks are told when they were due
    """Delete sessions that nobody can use any more."""
    SessionStore.clear_expired()
