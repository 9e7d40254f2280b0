"""The wall and the tables behind every figure. Both read; the wall's script only keeps fresh what is drawn here."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from cyberweek.editions.models import Edition
from cyberweek.editions.queries import current_edition, editions_published, week_of
from cyberweek.programme.queries import on_today
from cyberweek.regions.queries import regions_within

from .core.curve import chart_of
from .core.withholding import SMALLEST_GROUP
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
    week, contest = week_of(shown, now=now), main_contest(shown)
    curves, local = curves_of(week, contest, now=now), now.astimezone(shown.tz)
    chart = chart_of(curves.today, [day.points for day in curves.earlier], until=local.hour * 60 + local.minute)
    play = reverse("knowledge:contest-list", args=[shown.slug])
    context = {
        "edition": shown,
        "week": week,
        "now": local,
        "figures": figures_at(shown, contest, now=now),
        "chart": chart,
        "earlier": list(zip(curves.earlier, chart.earlier, strict=True)),
        "head": head_of_ledger(contest),
        "today_count": on_today(shown, now=now).count(),
        "play_address": settings.PUBLIC_URL + play if settings.PUBLIC_URL else request.build_absolute_uri(play),
        "smallest": SMALLEST_GROUP,
        **_rows(shown),
    }
    return render(request, "insight/wall.html", context)


@require_safe
@cache_control(max_age=10)
def wall_rows(request: HttpRequest, edition: str) -> HttpResponse:
    """Leading cities and newest activities alone: what the wall fetches again every half minute."""
    shown = published_edition(edition)
    return render(request, "insight/_wall_rows.html", {"edition": shown, **_rows(shown)})


def _rows(edition: Edition) -> dict[str, Any]:
    return {
        "cities": leading(main_contest(edition)),
        "activities": newest_activities(edition, now=timezone.now()),
    }


@require_safe
def figures(request: HttpRequest, edition: str, region: str = "") -> HttpResponse:
    """The tables: of the whole edition, or of what lies right under one of its regions."""
    shown, now = published_edition(edition), timezone.now()
    contest, week = main_contest(shown), week_of(shown, now=now)
    context: dict[str, Any] = {
        "edition": shown,
        "week": week,
        "now": now.astimezone(shown.tz),
        "smallest": SMALLEST_GROUP,
    }
    if region:
        place = get_object_or_404(regions_within(shown.scope_id).select_related("parent"), code=region)
        return render(request, "insight/figures_region.html", {**context, "place": place, "below": beneath(contest, place)})
    figures = figures_at(shown, contest, now=now)
    days = curves_of(week, contest, now=now).by_date
    return render(
        request, "insight/figures.html", {**context, "figures": figures, "days": days, "head": head_of_ledger(contest)}
    )
