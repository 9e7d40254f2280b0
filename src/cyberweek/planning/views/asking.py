"""What every page of tasks begins with: the edition, the person's scope, what is asked, and the tasks that fit."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from cyberweek.accounts.rules import OrganiserRequest
from cyberweek.editions.models import Edition
from cyberweek.editions.queries import editions_published, today_in
from cyberweek.planning.forms.filters import TaskFilter
from cyberweek.planning.models import Task
from cyberweek.planning.queries.plans import arrangements_to_filter
from cyberweek.planning.queries.tasks import Asked, tasks_asked, tasks_visible_to, whole
from cyberweek.regions.models import Region
from cyberweek.regions.queries import Scope, regions_named, regions_to_filter, scope_of, units_visible_to


@dataclass(frozen=True)
class Desk:
    """One page's reading of what was asked."""

    edition: Edition
    scope: Scope
    now: dt.datetime
    today: dt.date
    form: TaskFilter
    asked: Asked
    rows: QuerySet[Task]  # what fits, in any state

    def context(self, tab: str, **more: Any) -> dict[str, Any]:
        return {
            "edition": self.edition, "today": self.today, "form": self.form, "asked": self.asked, "tab": tab,
            "kept": self.form.kept(), **more,
        }  # fmt: skip


def desk_of(request: OrganiserRequest, edition: str, **over: str) -> Desk:
    """`over`: what is asked where the address asks nothing of the kind."""
    the_edition = get_object_or_404(editions_published(), slug=edition)
    user, scope, now = request.user, scope_of(request.user), timezone.now()
    today = today_in(the_edition, now=now)
    data = request.GET.copy()
    for name, value in over.items():
        data.setdefault(name, value)
    form = TaskFilter(
        data,
        edition=the_edition,
        regions=_regions(request, scope),
        units=units_visible_to(user, scope),
        arrangements=arrangements_to_filter(the_edition, user, scope),
    )
    asked = form.asked()
    return Desk(
        the_edition, scope, now, today, form, asked, tasks_asked(the_edition, user, scope, asked, today=today)
    )  # fmt: skip


def _regions(request: OrganiserRequest, scope: Scope) -> list[Region]:
    """What the filter offers, with the one that is asked for: drilling goes deeper than what is offered."""
    offered = list(regions_to_filter(request.user, scope))
    code = request.GET.get("region", "")[:12]
    if code and code not in {one.pk for one in offered}:
        offered += regions_named([code.replace("\0", "")]).values()
    return offered


def task_of(request: OrganiserRequest, edition: str, pk: int) -> tuple[Task, Scope]:
    """A task in sight, with its person's scope; 404 for any other."""
    scope = scope_of(request.user)
    task = whole(tasks_visible_to(request.user, scope)).filter(edition__slug=edition, pk=pk).first()
    if task is None:
        raise Http404
    return task, scope
