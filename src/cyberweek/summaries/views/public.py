"""What everybody reads: published summaries, their data, and one figure by its short link."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cyberweek.accounts.models import User
from cyberweek.accounts.rules import step_before_desk
from cyberweek.editions.models import Edition
from cyberweek.editions.queries import editions_published, week_of
from cyberweek.kernel.views import page_of
from cyberweek.regions.queries import scope_of
from cyberweek.summaries.core.links import read_code
from cyberweek.summaries.enums import Table
from cyberweek.summaries.formats.open_data import COLUMNS
from cyberweek.summaries.formats.pages import page_sections
from cyberweek.summaries.formats.words import code_in_two, evidence, moment, said, unit_of_count, value_in_words
from cyberweek.summaries.models import Version
from cyberweek.summaries.queries import links
from cyberweek.summaries.queries import summaries as queries

from .shared import language_of, rows_at, short_links


def version_published(edition: str, unit: str, number: int | None = None) -> Version:
    """A version that the public may read, the newest where no number is given; else 404."""
    rows = queries.versions_public(edition, unit)
    found = (rows.filter(number=number) if number else rows.order_by("-number")).first()
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, name: str, edition: Edition, **context: Any) -> HttpResponse:
    found = {"edition": edition, "week": week_of(edition, now=timezone.now()), **context}
    return render(request, f"summaries/{name}.html", found)


def _edition(slug: str) -> Edition:
    return get_object_or_404(editions_published(), slug=slug)


@require_safe
def summary_list(request: HttpRequest, edition: str) -> HttpResponseBase:
    """The summaries that were published, from the nation down."""
    found = _edition(edition)
    rows = queries.published_versions(found).defer("content")
    return _page(request, "public_list", found, page=page_of(rows, request))


@require_safe
def summary_detail(request: HttpRequest, edition: str, unit: str, number: int | None = None) -> HttpResponseBase:
    """A published version; without a number the newest."""
    version = version_published(edition, unit, number)
    sections = page_sections(version.content, language_of(), where=short_links(version.content))
    return _page(
        request, "public_detail", _edition(edition), version=version, sections=sections, unit=version.summary.unit
    )


@require_safe
def data(request: HttpRequest, edition: str, unit: str, number: int) -> HttpResponseBase:
    """The open data of a published version, and what its columns mean."""
    version = version_published(edition, unit, number)
    tables = [(Table(name), COLUMNS[name]) for name in Table.values]
    return _page(request, "public_data", _edition(edition), version=version, tables=tables, unit=version.summary.unit)


@require_safe
def figure(request: HttpRequest, code: str) -> HttpResponseBase:
    """One figure as it was frozen, beside what it is now. Of a version that is not published only organisers who see
    the unit learn that the code exists."""
    plain = read_code(code)
    found = queries.link_of(plain) if plain else None
    if found is None or plain is None:
        raise Http404
    if code != plain:
        return redirect("summaries:figure-short", plain)
    version = found.version
    edition, unit = version.summary.edition, version.summary.unit
    sees = _sees(request, edition, unit.pk)
    public = queries.is_public(version)
    if not (public or sees):
        raise Http404
    context = {
        "version": version, "unit": unit, "link": found, "printed": code_in_two(plain), "public": public,
        "rows": rows_at(edition, version.content)(found.key) if sees else "",
        "report": _report_at(edition, unit.code, version, public=public), **_then_and_now(version, found.key, sees=sees),
    }  # fmt: skip
    return _page(request, "figure", edition, **context)


def _then_and_now(version: Version, key: str, *, sees: bool) -> dict[str, Any]:
    """A figure as it was frozen, beside what it is now."""
    edition, frozen = version.summary.edition, version.content["figures"][key]
    current = links.figure_now(edition, version.summary.unit, key, everything=sees, now=timezone.now())
    rate = key.startswith("rate:")
    return {
        "label": said(frozen["label"], language_of()), "rate": rate, "count": unit_of_count(frozen["count"]),
        "frozen": value_in_words(frozen, rate=rate), "evidence": evidence(frozen), "digest": frozen["digest"],
        "frozen_at": moment(version.content["at"], edition.zone), "as_of": moment(frozen["as_of"], edition.zone),
        "current": value_in_words(current, rate=rate) if current else None,
        "current_evidence": evidence(current) if current else "",
        "moved": current is not None and current["value"] != frozen["value"],
        "parts": _parts(version.content, key.partition(":")[2]) if not rate else [],
        "query": sorted(frozen["query"].items()),
    }  # fmt: skip


def _parts(content: dict[str, Any], indicator: str) -> list[dict[str, Any]]:
    """What an indicator comes to region by region, as it was frozen."""
    return [
        {**row, "shown": said(row["name"], language_of()), "number": value_in_words(row)}
        for row in content["totals"]
        if row["indicator"] == indicator
    ]


def _sees(request: HttpRequest, edition: Edition, unit: int) -> bool:
    user = request.user
    if not isinstance(user, User) or step_before_desk(user) is not None:
        return False
    return queries.units_with_a_summary(user, scope_of(user), edition).filter(pk=unit).exists()


def _report_at(edition: Edition, unit: str, version: Version, *, public: bool) -> str:
    name = "summaries:public-version" if public else "summaries:version"
    return reverse(name, args=[edition.slug, unit, version.number])
