"""The timeline."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.kernel.views import Keyed
from cyberweek.planning.core.weeks import span_of
from cyberweek.planning.queries.tasks import for_list, in_state
from cyberweek.planning.queries.timeline import WHOLE, Chain, bars_of, chain_of, links_of, rows_drawn

from .asking import desk_of

PAGE = 50
_ORDERS = {
    "unit": ("unit__code", "begins", "due", "pk"),
    "arrangement": ("arrangement__due", "arrangement__code", "arrangement_id", "due", "unit__code", "pk"),
}


@require_safe
@organiser_required
def timeline(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    """Bars by week, grouped by unit or arrangement; the decisive chain where the tasks are few enough to ask for one."""
    asks = {key for key in request.GET if key not in {"by", "page"}}
    desk = desk_of(request, edition, **({} if asks else {"whose": "own"}))
    by = "arrangement" if request.GET.get("by") == "arrangement" else "unit"
    rows = in_state(desk.rows, desk.asked.state) if desk.asked.state else desk.rows.exclude(state="dropped")
    paginator = Paginator(Keyed(for_list(rows).order_by(*_ORDERS[by])), PAGE)
    page = paginator.get_page(request.GET.get("page"))
    whole = paginator.count <= WHOLE
    chain = chain_of(rows, today=desk.today) if whole else Chain({}, [], {})
    tasks = list(page)
    days = [day for task in tasks for day in (task.begins, task.due)]
    span = span_of([*days, desk.edition.starts, desk.edition.ends])
    bars = bars_of(tasks, span, chain, by=by, today=desk.today)
    slack = min((chain.timing[pk].slack for pk in chain.path), default=0)
    context = desk.context(
        "timeline", page=page, by=by, span=span, bars=bars, links=links_of(bars, chain), n_rows=rows_drawn(bars),
        today_at=span.at(desk.today) if span.holds(desk.today) else None,
        week=(span.at(desk.edition.starts), span.at(desk.edition.ends)),
        path=[bar.task for pk in chain.path for bar in bars if bar.task.pk == pk], n_path=len(chain.path),
        slack=slack, late_by=-slack, whole=whole, limit=WHOLE,
    )  # fmt: skip
    return render(request, "planning/task_timeline.html", context)
