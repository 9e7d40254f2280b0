"""What the views of readiness share."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from cyberweek.accounts.rules import OrganiserRequest
from cyberweek.documents.enums import MEDIA_TYPES
from cyberweek.editions.models import Edition
from cyberweek.editions.queries import editions_published
from cyberweek.regions.queries import Scope, scope_of


def at_desk(request: OrganiserRequest, edition: str) -> tuple[Edition, Scope]:
    """The edition of an address and what the person reaches."""
    return get_object_or_404(editions_published(), slug=edition), scope_of(request.user)


def page(request: HttpRequest, name: str, edition: Edition, tab: str, **context: Any) -> HttpResponse:
    """A page of readiness; 422 where its form has errors or met somebody else's change."""
    form = context.get("form")
    wrong = request.method == "POST" and form is not None and (form.errors or getattr(form, "met", ()))
    status = 422 if wrong else 200
    shown = {"edition": edition, "tab": tab, "menu_path": reverse("readiness:forecast-list", args=[edition.slug])}
    return render(request, f"readiness/{name}.html", {**shown, **context}, status=status)


def refused(request: HttpRequest, why: Exception) -> None:
    """Say on the next page why something was left as it is."""
    messages.error(request, str(why), "bad")


def as_file(body: bytes, name: str, ending: str) -> HttpResponse:
    """A file to keep: never shown in the page, never sniffed, never in a shared cache."""
    disposition = f"attachment; filename*=UTF-8''{quote(f'{name}.{ending}', safe='')}"
    media_type = MEDIA_TYPES.get(ending, "text/calendar; charset=utf-8")
    headers = {
        "Content-Disposition": disposition, "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store",
    }  # fmt: skip
    return HttpResponse(body, content_type=media_type, headers=headers)
