"""Plans on their way to the units, and what each morning says of their tasks."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from procrastinate.contrib.django import app

from .actions import run_issue
from .actions.reminders import MORNING, editions_to_remind, mail_digests, remind
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


@app.periodic(cron="7 * * * *")
@app.task(queue="planning", queueing_lock="remind-of-tasks", pass_context=False)
def remind_of_tasks(timestamp: int) -> None:
    """Each hour: where it is morning or later in an edition's zone, leave the day's notices; mail is sent once a day."""
    now = dt.datetime.fromtimestamp(timestamp, dt.UTC)
    days = []
    for edition in editions_to_remind():
        if now.astimezone(edition.tz).hour >= MORNING:
            remind(edition=edition, now=now)
            days.append(now.astimezone(edition.tz).date())
    if days:
        mail_digests(now=now, day=max(days))
