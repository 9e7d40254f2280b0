"""Archives take a while: the papers of the contests are read."""

from __future__ import annotations

import datetime as dt

from procrastinate.contrib.django import app

from . import actions


@app.task(queue="results", pass_context=False)
def make_archive(archive: int, asked: int) -> None:
    """Fill an archive; it is dated with the second at which it was asked for."""
    actions.make_archive(archive, now=dt.datetime.fromtimestamp(asked, dt.UTC))
