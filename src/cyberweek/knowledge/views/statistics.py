"""How the items of a contest did: for those who may rule on it, since keys are shown."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.documents.enums import MEDIA_TYPES
from cyberweek.documents.formats.csv import csv_file
from cyberweek.documents.formats.xlsx import Col, Sheet, workbook
from cyberweek.kernel.views import page_of
from cyberweek.knowledge.core.statistics import FEWEST_FLAGGED
from cyberweek.knowledge.formats.statistics import figures_table
from cyberweek.knowledge.forms.statistics import ItemFiguresFilter
from cyberweek.knowledge.models import Contest
from cyberweek.knowledge.queries import statistics, topics

from .rulings import ruled_contest

PAGE: Final = 50


def _asked(request: OrganiserRequest, contest: Contest) -> ItemFiguresFilter:
    named = {topic.code: topic for topic in topics()}
    codes = statistics.topics_counted(contest)
    return ItemFiguresFilter(
        request.GET, releases=statistics.releases_counted(contest),
        topics=[(code, str(named.get(code, code))) for code in codes],
    )  # fmt: skip


@require_safe
@organiser_required
def item_figures(request: OrganiserRequest, edition: str, contest: str) -> HttpResponse:
    """Each item with its facility, discrimination, what was ticked instead of the key, and why to look at it."""
    found, shown = ruled_contest(request, edition, contest)
    form = _asked(request, shown)
    page = page_of(statistics.figures_of_items(shown, **form.asked()), request, size=PAGE)
    context: dict[str, Any] = {
        "edition": found, "contest": shown, "count": statistics.count_of(shown), "form": form, "page": page,
        "fewest": FEWEST_FLAGGED,
    }  # fmt: skip
    return render(request, "knowledge/desk_item_figures.html", context)


@require_safe
@organiser_required
def export(request: OrganiserRequest, edition: str, contest: str, ending: str) -> HttpResponse:
    """The same as a table, whole."""
    _found, shown = ruled_contest(request, edition, contest)
    if ending not in {"csv", "xlsx"}:
        raise Http404
    form = _asked(request, shown)
    rows = figures_table(statistics.figures_of_items(shown, **form.asked()))
    sheet = Sheet(_("Items"), tuple(Col(str(title)) for title in rows[0]), rows[1:])
    content = workbook([sheet], written=timezone.now()) if ending == "xlsx" else csv_file(rows)
    headers = {"Content-Disposition": f'attachment; filename="{shown.slug}-items-{form.number}.{ending}"'}
    return HttpResponse(content, content_type=MEDIA_TYPES[ending], headers=headers)
