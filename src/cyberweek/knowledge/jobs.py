"""What takes longer than a page may, or has its hour: exports, published heads, previews of regrades, hashes of results."""

from __future__ import annotations

import datetime as dt
import logging

from procrastinate.contrib.django import app

from . import actions
from .models import RegradePreview, ResultVersion
from .queries.exporting import NotYetError
from .queries.proofs import contests_ruled_since, contests_that_share_items, contests_without_export
from .queries.statistics import contests_to_count

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


@app.periodic(cron="25 * * * *")
@app.task(queue="results", queueing_lock="count-items", pass_context=False)
def count_items(timestamp: int) -> None:
    """How the items did, of every contest where papers or rulings have come since they were counted."""
    for contest, batch in contests_to_count():
        actions.count_items(contest=contest, batch=batch, now=dt.datetime.fromtimestamp(timestamp, dt.UTC))


@app.task(queue="results", pass_context=False)
def count_preview(preview: int) -> None:
    """Fill the preview of a regrade; one that was counted is left as it is."""
    actions.count_preview(RegradePreview.objects.select_related("contest").get(pk=preview))


@app.periodic(cron="* * * * *")
@app.task(queue="results", queueing_lock="hash-versions", pass_context=False)
def hash_versions(timestamp: int) -> None:  # noqa: ARG001 -- periodic tasks are told when they were due
    """Compute the hash of the boards of each earlier result that has none yet."""
    for version in ResultVersion.objects.filter(boards="").select_related("contest").order_by("pk"):
        actions.hash_version(version)
