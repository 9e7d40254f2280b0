"""What the views of typical cases share: the call of an address, and a file as it leaves the house."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from cyberweek.accounts.rules import OrganiserRequest
from cyberweek.editions.models import Edition
from cyberweek.editions.queries import editions_published
from cyberweek.honours import queries
from cyberweek.honours.models import Call
from cyberweek.honours.rules import Part
from cyberweek.regions.queries import Scope, scope_of


@dataclass(frozen=True)
class AtCall:
    """One call as one person meets it."""

    edition: Edition
    call: Call
    scope: Scope
    part: Part


def at_call(request: OrganiserRequest, edition: str, call: int) -> AtCall:
    """The call of an address where the person sees it; else 404."""
    found = get_object_or_404(editions_published(), slug=edition)
    scope = scope_of(request.user)
    shown = get_object_or_404(queries.calls_visible_to(request.user, scope).filter(edition=found), pk=call)
    return AtCall(found, shown, scope, queries.part_of(request.user, shown, scope))


def page(request: HttpRequest, name: str, edition: Edition, **context: Any) -> HttpResponse:
    form = context.get("form")
    status = 422 if request.method == "POST" and form is not None and form.errors else 200
    return render(request, f"honours/{name}.html", {"edition": edition, **context}, status=status)


def refused(request: HttpRequest, why: Exception) -> None:
    """Say on the next page why something was left as it is."""
    messages.error(request, str(why), "bad")
