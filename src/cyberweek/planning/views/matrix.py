"""The matrix of regions and arrangements."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.planning.queries.matrix import (
    COLUMNS,
    Row,
    areas_in,
    columns_of,
    focus_of,
    plans_to_show,
    units_in,
)
from cyberweek.planning.queries.tasks import units_asked
from cyberweek.regions.models import Region
from cyberweek.regions.queries import path_to

from .asking import Desk, desk_of

PAGE = 50


@require_safe
@organiser_required
def matrix(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    """Regions down, arrangements across; each cell opens the tasks behind it, each region what lies in it."""
    desk = desk_of(request, edition)
    plans = plans_to_show(desk.edition, request.user, desk.scope)
    asked = request.GET.get("plan", "")
    plan = next((one for one in plans if str(one.pk) == asked), plans[0] if plans else None)
    focus = focus_of(desk.scope, desk.asked.region)
    if not plan or not focus:
        return render(request, "planning/task_matrix.html", desk.context("matrix", plans=plans, plan=None))
    columns = columns_of(plan)
    if desk.asked.arrangement:
        columns = columns.filter(pk=desk.asked.arrangement)
    across = Paginator(columns, COLUMNS).get_page(request.GET.get("cols"))
    arrangements = list(across)
    rows, page = _rows(request, desk, focus, arrangements)
    context = desk.context(
        "matrix", plans=plans, plan=plan, across=across, arrangements=arrangements,
        rows=[(row, [(one, row.cells.get(one.pk)) for one in arrangements]) for row in rows], page=page, focus=focus,
        path=path_to(focus)[:-1], by_unit=page is not None, totals=_totals(rows),
        bare=desk.form.kept(without=("region", "within", "arrangement")),
    )  # fmt: skip
    return render(request, "planning/task_matrix.html", context)


def _rows(request: OrganiserRequest, desk: Desk, focus: Region, arrangements: list[Any]) -> tuple[list[Row], Any]:
    """Regions right below; where there is none, or the units of one region are asked for, these, paged."""
    by_unit = desk.asked.within == "itself" or desk.asked.unit or desk.asked.whose == "own"
    if not by_unit:
        rows = areas_in(desk.rows, focus, arrangements, today=desk.today)
        if any(row.kind == "region" for row in rows):
            return rows, None
    units = units_asked(desk.scope, desk.asked).select_related(None).order_by("ancestry__len", "code")
    page = Paginator(units, PAGE).get_page(request.GET.get("page"))
    return units_in(desk.rows, page, arrangements, today=desk.today), page


def _totals(rows: list[Row]) -> dict[str, int]:
    names = ("n", "done", "late", "blocked")
    return {name: sum(getattr(row.total, name) for row in rows) for name in names}
