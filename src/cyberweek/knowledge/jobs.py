"""What takes longer than a page may: counting what a regrade would change, hashing an earlier result."""

from __future__ import annotations

from procrastinate.contrib.django import app

from . import actions
from .models import RegradePreview, ResultVersion


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
