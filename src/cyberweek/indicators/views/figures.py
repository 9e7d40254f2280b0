"""Figures of regions: from the nation down to the figure and its evidence. Every figure opens."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.documents.formats.csv import csv_file
from cyberweek.documents.formats.xlsx import Col, Sheet, workbook
from cyberweek.editions.models import Edition
from cyberweek.indicators import queries
from cyberweek.indicators.formats import tables
from cyberweek.indicators.forms import RegionFilter
from cyberweek.indicators.models import Indicator
from cyberweek.kernel.views import page_of
from cyberweek.regions.models import Region
from cyberweek.regions.queries import Scope, path_to, scope_of

from .reports import edition_of, file_rows, menu_of

PAGE: Final = 50
SHOWN: Final = 2_000  # of more figures the rows stand on a page of their own, for counting them takes its time
EXPORTED: Final = 20_000
_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def where_of(request: OrganiserRequest, edition: Edition, scope: Scope) -> tuple[Region, RegionFilter]:
    """The region that is asked for; without one the edition's. One that the person does not read is 404."""
    readable = queries.regions_readable(scope).filter(ancestry__contains=[edition.scope_id])
    form = RegionFilter(request.GET, readable=readable)
    if request.GET.get("region"):
        if not form.is_valid():
            raise Http404
        return form.cleaned_data["region"], form
    return edition.scope, form


def chain_of(region: Region, edition: Edition) -> list[Region]:
    regions = path_to(region)
    return regions[region.ancestry.index(edition.scope_id) :] if edition.scope_id in region.ancestry else regions[-1:]


@require_safe
@organiser_required
def figure_list(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    """What every indicator comes to in one region."""
    the_edition, scope = edition_of(edition), scope_of(request.user)
    region, form = where_of(request, the_edition, scope)
    population = queries.population_of(region, the_edition.year)
    totals = list(queries.totals_of(the_edition, region))
    context = {
        "edition": the_edition,
        "menu_path": menu_of(the_edition),
        "region": region,
        "chain": chain_of(region, the_edition),
        "form": form,
        "population": population,
        "lines": [queries.Line(region, total, population) for total in totals],
        "fresh": queries.freshness(the_edition),
        "may_export": True,
    }
    return render(request, "indicators/figure_list.html", context)


@require_safe
@organiser_required
def indicator_figures(request: OrganiserRequest, edition: str, code: str) -> HttpResponseBase:
    """One indicator in one region: the regions beneath, the years, and the figures that it is made of."""
    the_edition, scope, indicator = _indicator(request, edition, code)
    region, form = where_of(request, the_edition, scope)
    total = queries.total_of(the_edition, code, region)
    shown = total is not None and (total.figures <= SHOWN or "rows" in request.GET)
    rows = queries.figures_visible_to(queries.rows_behind(total), scope) if total and shown else None
    page = page_of(rows, request, size=PAGE) if rows is not None else None
    context = {
        "edition": the_edition,
        "menu_path": menu_of(the_edition),
        "region": region,
        "chain": chain_of(region, the_edition),
        "form": form,
        "indicator": indicator,
        "line": queries.Line(region, total, queries.population_of(region, the_edition.year)),
        "lines": queries.lines_under(indicator, region, scope),
        "history": queries.history_of(indicator, region),
        "page": page,
        "folded": total is not None and not shown,
        "hidden": total.figures - page.paginator.count if total and page is not None else 0,
        "fresh": queries.freshness(the_edition),
    }
    return render(request, "indicators/indicator_figures.html", context)


def _indicator(request: OrganiserRequest, edition: str, code: str) -> tuple[Edition, Scope, Indicator]:
    the_edition = edition_of(edition)
    return the_edition, scope_of(request.user), get_object_or_404(queries.dictionary_of(the_edition), code=code)


@require_safe
@organiser_required
def figure_detail(request: OrganiserRequest, edition: str, pk: int) -> HttpResponseBase:
    """One figure with its pedigree: who counted it how, what was asked and answered, what shows it."""
    the_edition, scope = edition_of(edition), scope_of(request.user)
    figure = get_object_or_404(queries.figures_visible_to(queries.all_figures(the_edition), scope), pk=pk)
    report = figure.report
    region = report.region if report else figure.region
    assert region is not None, "a figure of neither a report nor a region"
    context = {
        "edition": the_edition,
        "menu_path": menu_of(the_edition),
        "figure": figure,
        "report": report,
        "activity": report.activity if report else None,
        "questions": list(figure.questions.select_related("answered_by")),
        "files": file_rows(report, queries.files_of(report, indicator=figure.indicator)) if report else [],
        "chain": chain_of(region, the_edition),
    }
    return render(request, "indicators/figure_detail.html", context)


@require_safe
@organiser_required
def export(request: OrganiserRequest, edition: str, ending: str) -> HttpResponseBase:
    """The totals of a region as a table."""
    the_edition, scope = edition_of(edition), scope_of(request.user)
    region, _form = where_of(request, the_edition, scope)
    rows = tables.totals_table(queries.totals_of(the_edition, region))
    return table_file(rows, ending, f"{edition}-{region.pk}-figures")


@require_safe
@organiser_required
def export_indicator(request: OrganiserRequest, edition: str, code: str, ending: str) -> HttpResponseBase:
    """One indicator as a table: by region, or with `?rows` the figures that it is made of."""
    the_edition, scope, indicator = _indicator(request, edition, code)
    region, _form = where_of(request, the_edition, scope)
    if "rows" not in request.GET:
        lines = tables.lines_table(queries.lines_under(indicator, region, scope))
        return table_file(lines, ending, f"{edition}-{region.pk}-{code}")
    total = queries.total_of(the_edition, code, region)
    figures = queries.figures_visible_to(queries.rows_behind(total), scope)[:EXPORTED] if total else []
    return table_file(tables.figures_table(figures), ending, f"{edition}-{region.pk}-{code}-rows")


def table_file(rows: list[list[Any]], ending: str, name: str) -> HttpResponse:
    if ending == "xlsx":
        head, *body = rows
        sheet = Sheet(_("Figures"), tuple(Col(str(title)) for title in head), body)
        content = workbook([sheet], written=timezone.now())
    else:
        content = csv_file(rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"'}
    return HttpResponse(content, content_type=_TYPES[ending], headers=headers)
