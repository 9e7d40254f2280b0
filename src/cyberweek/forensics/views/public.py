"""The rules, for everybody: what is looked for, with which statistic, and how often it errs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from cyberweek.editions.queries import editions_published, week_of
from cyberweek.forensics.core import bursts, devices, patterns, rates, reading


def rules(request: HttpRequest, edition: str) -> HttpResponse:
    """How results are checked."""
    found = get_object_or_404(editions_published(), slug=edition)
    context = {
        "edition": found, "week": week_of(found, now=timezone.now()), "rates": rates.MEASURED, "reading": reading,
        "patterns": patterns, "bursts": bursts, "devices": devices,
    }  # fmt: skip
    return render(request, "forensics/rules.html", context)
