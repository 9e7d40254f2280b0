"""What takes longer than a page may, or has its hour: exports of closed contests, published heads."""

from __future__ import annotations

import datetime as dt
import logging

from procrastinate.contrib.django import app

from . import actions
from .queries.exporting import NotYetError
from .queries.proofs import contests_ruled_since, contests_that_share_items, contests_without_export

logger = logging.getLogger(__name__)


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="make-exports", lock="make-exports", pass_context=False)
def make_exports(timestamp: int) -> None:
    """Export every contest that has closed, and again those of which a ruling has come since."""
    now = dt.datetime.fromtimestamp(timestamp, dt.UTC)
    due = {contest.pk: contest for contest in [*contests_without_export(now), *contests_ruled_since()]}
    for contest in due.values():
        if contests_that_share_items(contest, now):
            continue
        try:
            actions.make_export(contest=contest, now=now)
        except NotYetError as reason:
            logger.info("the export of %s waits: %s", contest.slug, reason)


@app.periodic(cron="0 * * * *")
@app.task(queueing_lock="publish-head", pass_context=False)
def publish_head(timestamp: int) -> None:
    """At the end of each hour the ledger's head, if anything was written in it."""
    actions.publish_head(now=dt.datetime.fromtimestamp(timestamp, dt.UTC))
