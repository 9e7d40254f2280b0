"""Draws for everybody: what was announced, who took part, who won, and how to draw again."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from cyberweek.draws import queries
from cyberweek.editions.models import Edition
from cyberweek.editions.queries import editions_published, week_of
from cyberweek.kernel.views import page_of
from cyberweek.knowledge.models import Contest
from cyberweek.knowledge.queries import contests_published


def draw_list(request: HttpRequest, edition: str, contest: str) -> HttpResponse:
    """A contest's draws, latest first."""
    found, played = _contest(edition, contest)
    page, now = page_of(queries.draws_of(played), request), timezone.now()
    rows = [(draw, draw.stage(now)) for draw in page]
    return render(request, "draws/draw_list.html", _frame(found, contest=played, page=page, rows=rows))


def draw_detail(request: HttpRequest, edition: str, contest: str, draw: UUID) -> HttpResponse:
    """One draw, step by step."""
    found, played = _contest(edition, contest)
    held, now = get_object_or_404(queries.draws_of(played), pk=draw), timezone.now()
    winners = queries.winners_of(held, now=now) if held.revealed_at else []
    page = page_of(winners, request, place=queries.place_of(winners, request.GET.get("of", "")))
    context = _frame(
        found, contest=played, draw=held, stage=held.stage(now), winners=page, settings={"contest": played.slug},
        words={
            "wins": _("%(nickname)s, you have won."),
            "reserve": _("%(nickname)s, you are on the reserve, place %(place)s."),
            "lapsed": _("%(nickname)s, you had won. The time to claim the prize is over."),
        },
    )  # fmt: skip
    return render(request, "draws/draw_detail.html", context)


def draw_entries(request: HttpRequest, edition: str, contest: str, draw: UUID) -> HttpResponse:  # noqa: ARG001 -- a view
    """The frozen list, byte for byte what was hashed."""
    _found, played = _contest(edition, contest)
    held = get_object_or_404(queries.draws_of(played).filter(frozen_at__isnull=False), pk=draw)
    headers = {"Content-Disposition": f'attachment; filename="draw-{held.pk}.txt"'}
    return HttpResponse(held.entries, content_type="text/plain; charset=utf-8", headers=headers)


def _contest(edition: str, slug: str) -> tuple[Edition, Contest]:
    found = get_object_or_404(editions_published(), slug=edition)
    return found, get_object_or_404(contests_published(found), slug=slug)


def _frame(edition: Edition, **context: object) -> dict[str, object]:
    return {"edition": edition, "week": week_of(edition, now=timezone.now()), **context}
