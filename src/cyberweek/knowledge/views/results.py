"""The public page of a contest's results once it has closed, in sections that apps of the result add to."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cyberweek.editions.queries import editions_published, week_of
from cyberweek.knowledge import queries

from .addresses import host
from .proofs import proof_context
from .versions import rulings_on


@require_safe
def results(request: HttpRequest, edition: str, contest: str) -> HttpResponse:
    """The final board, what proves it, and the file from which anybody recomputes it."""
    found = get_object_or_404(editions_published(), slug=edition)
    shown = get_object_or_404(queries.contests_published(found), slug=contest)
    now = timezone.now()
    proof = proof_context(shown, now)
    if proof["exports"]:
        address = reverse("knowledge:export", args=[edition, contest, proof["exports"][0].last])
        proof["address"] = host(request) + address
    frame = {
        "edition": found,
        "week": week_of(found, now=now),
        "contest": shown,
        "board": queries.board_of(shown, found.scope),
    }
    return render(request, "knowledge/results.html", frame | proof | rulings_on(request, shown))
