"""The wall and the tables behind every figure. Both read; the wall's script only keeps fresh what is drawn here."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from cyberweek.editions.models import Edition
from cyberweek.editions.queries import current_edition, editions_published, week_of
from cyberweek.kernel.core.withholding import SMALLEST_GROUP
from cyberweek.knowledge.models import Contest
from cyberweek.programme.queries import activities_published, on_today, tile_map
from cyberweek.programme.views.addresses import site
from cyberweek.regions.queries import regions_within

from .core.curve import chart_of
from .queries import (
    beneath,
    curves_of,
    figures_at,
    head_of_ledger,
    leading,
    main_contest,
    newest_activities,
)


def published_edition(slug: str) -> Edition:
    """The edition that an address names; 404 when there is none."""
    return get_object_or_404(editions_published(), slug=slug)


@require_safe
def wall_current(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 -- a view
    edition = current_edition()
    if edition is None:
        raise Http404
    return redirect("insight:wall", edition.slug)


@require_safe
def wall(request: HttpRequest, edition: str) -> HttpResponse:
    shown, now = published_edition(edition), timezone.now()
    week, contest = week_of(shown, now=now), main_contest(shown, now=now)
    curves, local = curves_of(week, contest, now=now), now.astimezone(shown.tz)
    chart = chart_of(curves.today, [day.points for day in curves.earlier], until=local.hour * 60 + local.minute)
    target = reverse("knowledge:contest-list" if contest else "programme:activity-list", args=[shown.slug])
    context = {
        "edition": shown,
        "week": week,
        "now": local,
        "figures": figures_at(contest, now=now),
        "chart": chart,
        "earlier": list(zip(curves.earlier, chart.earlier, strict=True)),
        "head": head_of_ledger(contest),
        "activities_in_all": activities_published(shown).count(),
        "today_count": on_today(shown, now=now).count(),
        "scan_address": site(request) + target,
        "activity_map": None if contest else tile_map(shown, activities_published(shown)),
        "smallest": SMALLEST_GROUP,
        **_rows(shown, contest, now),
    }
    return render(request, "insight/wall.html", context)


@require_safe
@cache_control(max_age=10)
def wall_rows(request: HttpRequest, edition: str) -> HttpResponse:
    """Leading cities and newest activities alone: what the wall fetches again every half minute."""
    shown, now = published_edition(edition), timezone.now()
    rows = _rows(shown, main_contest(shown, now=now), now)
    return render(request, "insight/_wall_rows.html", {"edition": shown, **rows})


def _rows(edition: Edition, contest: Contest | None, now: dt.datetime) -> dict[str, Any]:
    return {"contest": contest, "cities": leading(contest), "activities": newest_activities(edition, now=now)}


@require_safe
def figures(request: HttpRequest, edition: str, region: str = "") -> HttpResponse:
    """The tables: of the whole edition, or of what lies right under one of its regions."""
    shown, now = published_edition(edition), timezone.now()
    contest, week = main_contest(shown, now=now), week_of(shown, now=now)
    context: dict[str, Any] = {
        "edition": shown,
        "week": week,
        "now": now.astimezone(shown.tz),
        "smallest": SMALLEST_GROUP,
    }
    if region:
        place = get_object_or_404(regions_within(shown.scope_id).select_related("parent"), code=region)
        context |= {"place": place, "below": beneath(contest, place)}
        return render(request, "insight/figures_region.html", context)
    context |= {
        "figures": figures_at(contest, now=now),
        "days": curves_of(week, contest, now=now).by_date,
        "head": head_of_ledger(contest),
    }
    return render(request, "insight/figures.html", context)
