"""Years side by side."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.documents.enums import MEDIA_TYPES
from cyberweek.documents.formats.xlsx import Col, Sheet, workbook
from cyberweek.editions.models import Edition
from cyberweek.editions.views.editions import edition_named
from cyberweek.handover.core.years import Comparison
from cyberweek.handover.queries.years import years_of
from cyberweek.indicators.enums import Adding, Count
from cyberweek.indicators.forms import RegionFilter
from cyberweek.indicators.queries import population_of, regions_readable
from cyberweek.regions.models import Region
from cyberweek.regions.queries import scope_of


def region_asked(request: OrganiserRequest, edition: Edition) -> tuple[Region, RegionFilter]:
    """The region that is asked for by code or name; without one the edition's, else the first that the person reads.
    404 for one that they do not read."""
    readable = regions_readable(scope_of(request.user))
    form = RegionFilter(request.GET, readable=readable)
    if request.GET.get("region"):
        if not form.is_valid():
            raise Http404
        return form.cleaned_data["region"], form
    region = readable.filter(pk=edition.scope_id).first() or readable.order_by("ancestry__len", "pk").first()
    if region is None:
        raise Http404
    return region, form


@organiser_required
@require_safe
def years(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    """What each indicator came to, year by year."""
    shown = edition_named(edition)
    region, form = region_asked(request, shown)
    context = {
        "edition": shown, "region": region, "years": years_of(shown, region),
        "form": form, "menu_path": reverse("handover:detail", args=[shown.slug]), "population": population_of(region, shown.year), "counts": dict(Count.choices),
    }  # fmt: skip
    return render(request, "handover/years.html", context)


@organiser_required
@require_safe
def table(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    """The same as a spreadsheet."""
    shown = edition_named(edition)
    region, _form = region_asked(request, shown)
    content = workbook([_sheet(years_of(shown, region), str(region))], written=timezone.now())
    headers = {"Content-Disposition": f'attachment; filename="years-{region.pk}.xlsx"'}
    return HttpResponse(content, content_type=MEDIA_TYPES["xlsx"], headers=headers)


def _sheet(found: Comparison, title: str) -> Sheet:
    heads = [Col(_("Indicator")), Col(_("Unit of count")), Col(_("How it adds up"))]
    heads += [Col(str(year)) for _slug, year in found.editions]
    rows = [
        [line.name, str(Count(line.count).label), str(Adding(line.adding).label)]
        + [cell.point.value if cell.point else None for cell in line.cells]
        for line in found.lines
    ]
    return Sheet(title, tuple(heads), rows)
