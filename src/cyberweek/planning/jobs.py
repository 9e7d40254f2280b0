"""Plans on their way to the units."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from procrastinate.contrib.django import app

from .actions import run_issue
from .enums import IssueState
from .models import Issue

_SILENT = dt.timedelta(minutes=1)  # a batch takes seconds


@app.task(queue="planning", pass_context=False)
def issue_plan(issue: int) -> None:
    """Bring one issue of a plan to its units, from where it is."""
    run_issue(issue)


@app.periodic(cron="* * * * *")
@app.task(queue="planning", queueing_lock="resume-issues", pass_context=False)
def resume_issues(timestamp: int) -> None:
    """Go on with every issue whose worker is gone, or whose press found none."""
    silent = dt.datetime.fromtimestamp(timestamp, dt.UTC) - _SILENT
    left = Q(state__in=[IssueState.WAITING, IssueState.RUNNING], finished=None, touched__lt=silent)
    for issue in Issue.objects.filter(left).order_by("at"):
        run_issue(issue.pk)
