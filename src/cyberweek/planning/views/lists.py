"""My week, the list of all tasks, and the board."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.kernel.views import Keyed
from cyberweek.planning import rules
from cyberweek.planning.core.deadlines import standing
from cyberweek.planning.models import Task
from cyberweek.planning.queries.board import AHEAD, columns_of, week_of_tasks
from cyberweek.planning.queries.notices import notices_of, unread_of
from cyberweek.planning.queries.tasks import counts_of, for_list, in_state, people_to_set, plan_changed

from .asking import Desk, desk_of

PAGE = 50
NEWS = 6  # notices on my week


@require_safe
@organiser_required
def my_week(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    """What is late, what is due, what is stuck, what needs me below, and what I was told."""
    desk = desk_of(request, edition)
    unread = unread_of(request.user, desk.edition)
    parts = week_of_tasks(desk.edition, request.user, desk.scope, today=desk.today)
    tasks = [task for part in parts for task in part.rows]
    changed = plan_changed(tasks)
    lines = {part.key: [_line(task, desk, changed) for task in part.rows] for part in parts}
    context = desk.context(
        "my-week",
        parts={part.key: part for part in parts},
        lines=lines,
        days=_by_day(lines["ahead"]),
        notices=list(notices_of(request.user, desk.edition).filter(read_at=None)[:NEWS]),
        n_unread=unread.count(),
        ahead=AHEAD,
        may_add=bool(desk.scope.editing) and rules.takes_work(desk.edition),
    )
    return render(request, "planning/my_week.html", context)


def _by_day(lines: list[dict[str, Any]]) -> list[tuple[Any, list[dict[str, Any]]]]:
    days: dict[Any, list[dict[str, Any]]] = {}
    for line in lines:
        days.setdefault(line["task"].due, []).append(line)
    return list(days.items())


def _line(task: Task, desk: Desk, changed: set[int]) -> dict[str, Any]:
    return {
        "task": task,
        "standing": standing(task.state, task.due, desk.today),
        "plan_changed": task.pk in changed,
        "mine": bool(desk.scope.coordinating & set(task.unit.ancestry)),
    }


@require_safe
@organiser_required
def task_list(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    """All tasks in sight that fit, by due day, with what can be done to many at once."""
    desk = desk_of(request, edition)
    counts = counts_of(desk.rows)
    n = counts[desk.asked.state] if desk.asked.state else sum(counts[state] for state in counts if state != "open")
    paginator = Paginator(Keyed(for_list(in_state(desk.rows, desk.asked.state))), PAGE)
    paginator.count = n  # counted by state already
    page = paginator.get_page(request.GET.get("page"))
    tasks = list(page)
    changed = plan_changed(tasks)
    context = desk.context(
        "list",
        page=page,
        lines=[_line(task, desk, changed) for task in tasks],
        n=n,
        people=people_to_set(desk.scope)[:300] if desk.scope.coordinating else [],
        may_add=bool(desk.scope.editing) and rules.takes_work(desk.edition),
    )
    return render(request, "planning/task_list.html", context)


@require_safe
@organiser_required
def board(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    """A column a state."""
    desk = desk_of(request, edition, **({} if request.GET else {"whose": "own"}))
    counts = counts_of(desk.rows)
    columns = columns_of(desk.rows, counts)
    context = desk.context(
        "board",
        columns=[
            {
                "column": column,
                "cards": [
                    _line(task, desk, set()) | {"may_move": bool(desk.scope.editing & set(task.unit.ancestry))}
                    for task in column.cards
                ],
            }
            for column in columns
        ],
        n=sum(column.n for column in columns),
    )
    return render(request, "planning/task_board.html", context)
