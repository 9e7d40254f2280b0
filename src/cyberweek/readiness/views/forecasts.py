"""Readiness: the matrix of a region, the page of a unit, how it is computed, and asking for a new forecast."""

from __future__ import annotations

import datetime as dt
from math import exp
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.editions.models import Edition
from cyberweek.editions.queries import editions_published, today_in
from cyberweek.kernel.views import once, page_of
from cyberweek.readiness import jobs, queries, rules
from cyberweek.readiness.core.curve import drawn
from cyberweek.readiness.core.forecast import MOST_UNITS, RUNS
from cyberweek.readiness.enums import AT_RISK_FROM, SURE_FROM, Standing
from cyberweek.readiness.forms import ReadinessFilter
from cyberweek.readiness.models import Forecast, ForecastRow
from cyberweek.readiness.queries.causes import Named, ids_named, line_of, percent, state_in_words
from cyberweek.regions.models import Region
from cyberweek.regions.queries import Scope, path_to, scope_of, units_visible_to

COLUMNS: Final = 9


@require_safe
@organiser_required
def forecast_list(request: OrganiserRequest, edition: str) -> HttpResponse:
    """The matrix of the regions under one region, or of the units in it; `?open=` tells why of one row."""
    the_edition = get_object_or_404(editions_published(), slug=edition)
    scope = scope_of(request.user)
    forecast = queries.last_forecast(the_edition)
    base = {"edition": the_edition, "tab": "forecast", "forecast": forecast, "may_forecast": rules.may_forecast(scope)}
    region = _region(request, scope)
    if forecast is None or region is None:
        return render(request, "readiness/forecast_none.html", {**base, "region": region})
    visible = queries.rows_visible_to(request.user, forecast, scope)
    context = {
        **base, "region": region, "way": [one for one in path_to(region) if set(one.ancestry) & scope.regions],
        "forecast_at": forecast.at.astimezone(the_edition.tz), "sure_from": round(100 * SURE_FROM),
        "today": today_in(the_edition, now=timezone.now()), **_shown(request, visible, forecast, region),
    }  # fmt: skip
    return render(request, "readiness/forecast_list.html", context)


def _shown(
    request: OrganiserRequest, visible: QuerySet[ForecastRow], forecast: Forecast, region: Region
) -> dict[str, Any]:
    """The region's own figures, and the rows of the kind that is asked for."""
    head = visible.defer(None).filter(unit=None, region=region).first()
    form = ReadinessFilter(request.GET)
    asked = form.asked()
    kinds = queries.kinds_of(visible, region)
    kind = asked["kind"] if asked["kind"] and kinds[asked["kind"]] else ("regions" if kinds["regions"] else "units")
    rows = kinds[kind]
    counts = dict(rows.order_by().values_list("standing").annotate(n=Count("pk"))) if rows is not None else {}
    return {
        "head": head, "share": percent(head.chance) if head else 0, "most": percent(head.most or 0) if head else 0,
        "form": form, "asked": asked, "kind": kind, "kinds": {name: found is not None for name, found in kinds.items()},
        "standings": [(one, counts.get(one, 0), not asked["s"] or one in asked["s"]) for one in Standing],
        **_drawing(forecast, head), **_matrix(request, rows, asked, forecast, head),
    }  # fmt: skip


def _region(request: OrganiserRequest, scope: Scope) -> Region | None:
    """The region asked for, or the highest of the person's own."""
    readable = queries.regions_readable(request.user, scope)
    if code := request.GET.get("region"):
        return get_object_or_404(readable, pk=code.replace("\0", ""))
    return queries.first_region(request.user, scope)


def _matrix(
    request: OrganiserRequest, rows: QuerySet[ForecastRow] | None, asked: dict[str, Any], forecast: Forecast,
    head: ForecastRow | None,
) -> dict[str, Any]:  # fmt: skip
    """The page of rows as lines, its columns, and which line is open."""
    columns = queries.arrangements_shown(head.cells if head else (), most=COLUMNS)
    if rows is None:
        return {"lines": [], "columns": columns, "page": None, "opened": None}
    if asked["s"]:
        rows = rows.filter(standing__in=asked["s"])
    order = ["region_id", "unit__code"] if asked["sort"] == "code" else ["chance", "pk"]
    page = page_of(rows.order_by(*order), request)
    on_page = list(page.object_list)
    today = today_in(forecast.edition, now=timezone.now())
    named = _named(request, on_page)
    return {
        "lines": [line_of(row, columns, named, today) for row in on_page], "page": page,
        "columns": [(one, forecast.opening + dt.timedelta(days=one.due)) for one in columns],
        "span": len(columns) + 3, "opened": _opened(request, on_page),
        "more_columns": max(0, len(head.cells) - len(columns)) if head else 0,
    }  # fmt: skip


def _opened(request: OrganiserRequest, rows: list[ForecastRow]) -> int | None:
    """The row that tells why: the one that is asked for, else the first that is not sure."""
    wanted = request.GET.get("open", "")
    if wanted:
        return int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 18 else None
    return next((row.pk for row in rows if row.standing != Standing.SURE), None)


def _named(request: OrganiserRequest, rows: list[ForecastRow]) -> Named:
    """What the causes of the rows name: three queries. Units out of scope stay unnamed."""
    tasks, units, arrangements = ids_named(rows)
    return Named(
        queries.tasks_named(tasks),
        units_visible_to(request.user).in_bulk(list(units)),
        queries.arrangements_named(arrangements),
    )


def _drawing(forecast: Forecast, head: ForecastRow | None) -> dict[str, Any]:
    drawing = drawn(head.curve, head.must) if head else None
    return {"drawing": drawing, "first_day": forecast.date_of(drawing.first) if drawing else None}


@require_safe
@organiser_required
def forecast_unit(request: OrganiserRequest, edition: str, unit: str) -> HttpResponse:
    """One unit: its chance, what holds it up, and when each of its open tasks is expected to be done."""
    the_edition = get_object_or_404(editions_published(), slug=edition)
    forecast = queries.last_forecast(the_edition)
    if forecast is None:
        raise Http404
    scope = scope_of(request.user)
    visible = queries.rows_visible_to(request.user, forecast, scope).defer("curve")
    row = get_object_or_404(visible, unit__code=unit)
    today = today_in(the_edition, now=timezone.now())
    context = {
        "edition": the_edition, "tab": "forecast", "forecast": forecast,
        "line": line_of(row, [], _named(request, [row]), today), "expected": _expected(row, forecast, today),
        "far": forecast.date_of(max(0, forecast.days_left) + 7), "sure_from": round(100 * SURE_FROM),
        "way": [one for one in path_to(row.region) if set(one.ancestry) & scope.regions],
    }  # fmt: skip
    return render(request, "readiness/forecast_unit.html", context)


def _expected(row: ForecastRow, forecast: Forecast, today: dt.date) -> list[dict[str, Any]]:
    """When each open task of a unit is expected to be done, the least certain first: one query."""
    told = sorted(row.tasks, key=lambda one: (one[1], one[0]))
    tasks = queries.tasks_named(one[0] for one in told)
    return [
        {
            "task": tasks[key], "percent": chance, "state": state_in_words(tasks[key], today),
            "half": forecast.date_of(max(0, half - 1)), "nine": forecast.date_of(max(0, nine - 1)),
            "counts": tasks[key].due < forecast.opening,
        }
        for key, chance, half, nine in told
        if key in tasks
    ]  # fmt: skip


@require_safe
@organiser_required
def forecast_method(request: OrganiserRequest, edition: str) -> HttpResponse:
    """How the forecast is computed, what it learnt, and how good it would have been."""
    the_edition = get_object_or_404(editions_published(), slug=edition)
    calibration = queries.last_calibration(the_edition)
    forecast = queries.last_forecast(the_edition)
    report = calibration.report if calibration else {}
    context = {
        "edition": the_edition, "tab": "method", "report": report, "forecast": forecast,
        "bins": [_in_hundredths(one) for one in report["tasks"]["bins"]] if report else [],
        "seconds": f"{forecast.milliseconds / 1000:.1f}" if forecast else "",
        "runs": forecast.runs if forecast else RUNS,
        "sure_from": round(100 * SURE_FROM), "risk_from": round(100 * AT_RISK_FROM),
        "most_units": round(100 * MOST_UNITS),
        "corrected": bool(calibration and calibration.of_tasks["said"]),
        "units_corrected": bool(calibration and calibration.of_units["said"]),
        **(_learnt(calibration.known) if calibration and calibration.known["tasks"] else {}),
    }  # fmt: skip
    return render(request, "readiness/forecast_method.html", context)


def _in_hundredths(one: dict[str, Any]) -> dict[str, int]:
    return {name: one[name] if name == "n" else round(100 * one[name]) for name in ("n", "low", "high", "said", "came")}


def _learnt(known: dict[str, Any]) -> dict[str, Any]:
    """What is known of how long tasks take, from logarithms into hundredths of the planned time."""
    mean, spread = known["mean"], known["rest_sd"]
    return {
        "known": known,
        "typical": round(100 * exp(mean)),
        "low": round(100 * exp(mean - spread)),
        "high": round(100 * exp(mean + spread)),
        "units_differ": round(100 * (exp(known["unit_sd"]) - 1)),
        "years_differ": round(100 * (exp(known["year_sd"]) - 1)),
    }


@require_POST
@organiser_required
@once
def forecast_make(request: OrganiserRequest, edition: str) -> HttpResponse:
    """Ask for a new forecast."""
    the_edition: Edition = get_object_or_404(editions_published(), slug=edition)
    if not rules.may_forecast(scope_of(request.user)):
        raise PermissionDenied
    jobs.forecast_now.defer(edition=the_edition.pk)
    messages.success(request, _("A new forecast is being made; this page shows it as soon as it is there."))
    return redirect("readiness:forecast-list", the_edition.slug)
