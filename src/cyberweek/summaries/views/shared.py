"""What the views of summaries share: the unit of an address as one person meets it, and where figures open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language

from cyberweek.accounts.rules import OrganiserRequest
from cyberweek.editions.models import Edition
from cyberweek.editions.queries import editions_published
from cyberweek.kernel.core.localized import LANGUAGES
from cyberweek.regions.models import Unit
from cyberweek.regions.queries import Scope, scope_of
from cyberweek.summaries import rules
from cyberweek.summaries.formats.documents import Where
from cyberweek.summaries.models import Summary, Version
from cyberweek.summaries.queries import summaries as queries


@dataclass(frozen=True)
class At:
    """A unit's summary as one person meets it."""

    edition: Edition
    unit: Unit
    scope: Scope
    summary: Summary | None
    may_write: bool
    may_freeze: bool
    may_take: bool


def at_unit(request: OrganiserRequest, edition: str, unit: str) -> At:
    """The unit of an address where the person may open its summary; else 404."""
    found = get_object_or_404(editions_published(), slug=edition)
    scope = scope_of(request.user)
    shown = get_object_or_404(queries.units_with_a_summary(request.user, scope, found), code=unit)
    return At(
        found, shown, scope, queries.summary_of(found, shown), rules.may_write(scope, shown, found),
        rules.may_freeze(scope, shown, found), rules.may_take(scope, shown, found),
    )  # fmt: skip


def version_at(at: At, number: int) -> Version:
    """A version of the unit; 404 where there is none."""
    return get_object_or_404(
        queries.versions_of(at.summary)
        .defer(None)
        .select_related("summary__unit", "summary__edition", "by", "publication"),
        number=number,
    )


def page(request: HttpRequest, name: str, at: At, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    found = {"edition": at.edition, "unit": at.unit, "summary": at.summary, "at": at, **context}
    return render(request, f"summaries/{name}.html", found, status=status)


def base_of(request: HttpRequest) -> str:
    """Scheme and host that people type: PUBLIC_URL, else those of the request."""
    return settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")


def language_of() -> str:
    """The tag of the active language."""
    return next((tag for tag in LANGUAGES if tag.lower() == (get_language() or "").lower()), "en")


_RECORDS = {
    "activities-published": ("programme:desk-list", "state=published&{among}"),
    "units-active": ("programme:desk-list", "state=published&{among}"),
    "regions-active": ("programme:desk-list", "state=published&{among}"),
    "days-covered": ("planning:coverage", ""),
    "tasks-all": ("planning:task-list", "unit={unit}"),
    "tasks-done": ("planning:task-list", "unit={unit}&state=done"),
    "reports-due": ("indicators:report-list", "tab=all"),
    "reports-in": ("indicators:report-list", "tab=sent"),
    "cases-published": ("honours:case-list", ""),
}


def rows_at(edition: Edition, content: dict[str, Any]) -> Where:
    """Where at the desk the rows behind a figure are."""
    slug, place, region = edition.slug, content["unit"]["place"], content["unit"]["region"]["code"]
    among = f"region={region}" if place else "unit=own"

    def where(key: str) -> str:
        code = key.partition(":")[2]
        if code in _RECORDS:
            name, asked = _RECORDS[code]
            query = asked.format(unit=content["unit"]["code"], among=among)
            return reverse(name, args=[slug]) + (f"?{query}" if query else "")
        if key not in content["figures"]:
            return ""
        if not place:
            return reverse("indicators:report-list", args=[slug])
        return reverse("indicators:figures-of", args=[slug, code]) + f"?region={region}"

    return where


def short_links(content: dict[str, Any]) -> Where:
    """The short link of a frozen figure."""

    def where(key: str) -> str:
        code = content["figures"].get(key, {}).get("link", "")
        return f"/f/{code}" if code else ""

    return where
