"""The front page, an edition's home, the list of editions, and what stands behind all of it."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cyberweek.editions.models import Edition
from cyberweek.editions.queries import current_edition, editions_published, today_in, week_of
from cyberweek.insight.queries import figures_at, main_contest
from cyberweek.kernel.core.withholding import SMALLEST_GROUP
from cyberweek.knowledge.models import Contest
from cyberweek.knowledge.views.play import cited
from cyberweek.programme.queries import activities_published, coverage, day_counts, places
from cyberweek.programme.views.public import line

from .queries import Question, chosen_region, nearest, question_of, today_of

NEAR: Final = "near"  # the cookie with the code of the region chosen, and nothing else
NEAR_AGE: Final = dt.timedelta(days=30)


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """`/`: the current edition's home; on a fresh installation what to do next."""
    edition = current_edition()
    return _home(request, edition) if edition else render(request, "public/empty.html")


@require_safe
def home(request: HttpRequest, edition: str) -> HttpResponse:
    """`/<edition>/`."""
    return _home(request, get_object_or_404(editions_published(), slug=edition))


def _home(request: HttpRequest, edition: Edition) -> HttpResponse:
    now = timezone.now()
    week, contest = week_of(edition, now=now), main_contest(edition, now=now)
    rows = activities_published(edition)
    today = today_in(edition, now=now)
    context: dict[str, Any] = {
        "edition": edition,
        "week": week,
        "menu_path": f"/{edition.slug}/",
        "now": now.astimezone(edition.tz),
        "phase": "before" if today < edition.starts else "after" if today > edition.ends else "during",
        "days_left": (edition.starts - today).days,
        "counts": day_counts(rows, [day.theme_day.date for day in week.days] or [today], edition.tz),
        "coverage": coverage(edition),
        "contest": contest,
        "contest_phase": contest.phase(now) if contest else "",
        "figures": figures_at(contest, now=now),
        "smallest": SMALLEST_GROUP,
        **_today(edition, now),
        **_question(request, edition, contest, now),
    }
    context["today_count"] = context["counts"].get(today, 0)
    return _near(request, edition, now, context)


def _today(edition: Edition, now: dt.datetime) -> dict[str, Any]:
    found = today_of(edition, now=now)
    groups = {"now": found.now, "soon": found.soon, "later": found.later, "coming": found.coming}
    return {
        "today": found,
        "groups": [(name, [line(one, now=now) for one in rows]) for name, rows in groups.items() if rows],
    }


def _question(request: HttpRequest, edition: Edition, contest: Contest | None, now: dt.datetime) -> dict[str, Any]:
    """The question of today; of yesterday when that was the one answered, a minute after midnight."""
    today = today_in(edition, now=now)
    yesterday = today - dt.timedelta(days=1)
    day = yesterday if request.GET.get("day") == yesterday.isoformat() else today
    question: Question | None = question_of(contest, day=day, answer=request.GET.get("answer", ""))
    return {"question": question, "cited": cited(question.item.reference) if question and question.chosen else ""}


def _near(request: HttpRequest, edition: Edition, now: dt.datetime, context: dict[str, Any]) -> HttpResponse:
    """What is near the region that the visitor chose: kept in this browser alone, and only when it was chosen."""
    asked = request.GET.get("where")
    region = chosen_region(edition, request.COOKIES.get(NEAR, "") if asked is None else asked)
    upcoming = activities_published(edition).filter(ends__gt=now)
    context |= {
        "region": region,
        "around": region or edition.host,
        "near": [line(one, now=now) for one in nearest(edition, region or edition.host, now=now)],
        "places": places(edition, upcoming, region.pk if region else ""),
    }
    response = render(request, "public/home.html", context)
    if asked is not None and region:
        response.set_cookie(
            NEAR, region.pk, max_age=NEAR_AGE, samesite="Lax", httponly=True, secure=request.is_secure()
        )
    elif asked is not None:
        response.delete_cookie(NEAR)
    return response


@require_safe
def editions(request: HttpRequest) -> HttpResponse:
    """`/editions/`: every year, newest first."""
    now = timezone.now()
    found = [(edition, week_of(edition, now=now)) for edition in editions_published()]
    return render(request, "public/editions.html", {"editions": found, **_frame()})


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """`/about/`: how figures are counted, privacy, accessibility, sources."""
    return render(
        request,
        "public/about.html",
        {"smallest": SMALLEST_GROUP, "near_days": NEAR_AGE.days, "forget_days": settings.FORGET_DAYS, **_frame()},
    )


def _frame() -> dict[str, Any]:
    """What the public frame wants on a page of no edition: the current one's name and colours, if there is one."""
    edition = current_edition()
    return {"edition": edition, "week": week_of(edition, now=timezone.now()) if edition else None}
