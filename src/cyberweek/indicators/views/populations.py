"""How many people live where: seen, corrected, and brought as a table."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.documents.formats.tables import NoTable, read_table
from cyberweek.editions.models import Edition
from cyberweek.indicators import actions, queries
from cyberweek.indicators.formats.populations import Checked, check_table, template_of
from cyberweek.indicators.forms import PopulationForm, PopulationTableForm
from cyberweek.indicators.models import PopulationTable
from cyberweek.kernel.views import once
from cyberweek.regions.models import Region, Unit
from cyberweek.regions.queries import scope_of

from .figures import chain_of, table_file, where_of
from .reports import edition_of, menu_of

SHOWN: Final = 200  # problems and rows on the page that shows what was found


@organiser_required
@once
def population_list(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    """A region's population over the years, and those of the regions right under it; a year is entered or corrected
    here by who keeps it."""
    the_edition, scope = edition_of(edition), scope_of(request.user)
    region, where = where_of(request, the_edition, scope)
    keeper = _keeper_of(region, queries.keepers_of_populations(scope))
    form = PopulationForm(request.POST or None, latest=timezone.now().year, initial={"year": the_edition.year})
    if request.method == "POST":
        if keeper is None:
            raise PermissionDenied(
                _("Populations are kept by those who coordinate the government office of the region.")
            )
        if form.is_valid():
            given = actions.Resident(region, **{name: form.cleaned_data[name] for name in ("people", "year", "source")})
            actions.enter_population(resident=given, keeper=keeper, by=request.user, now=timezone.now())
            messages.success(request, _("Saved. Rates follow it from now on; frozen summaries stay as they are."))
            return redirect(f"{reverse('indicators:population-list', args=[edition])}?region={region.pk}")
    context = {
        "edition": the_edition, "menu_path": menu_of(the_edition), "region": region, "where": where,
        "chain": chain_of(region, the_edition), "form": form, "may_keep": keeper is not None,
        "years": list(queries.populations_in(region)), "lines": queries.peopled_under(region, the_edition.year),
        "used": queries.population_of(region, the_edition.year),
    }  # fmt: skip
    return render(request, "indicators/population_list.html", context, status=422 if form.errors else 200)


def _keeper_of(region: Region, keepers: list[Unit]) -> Unit | None:
    """The office through which the person keeps the population of a region: the nearest one."""
    return next((one for one in reversed(keepers) if one.region_id in region.ancestry), None)


def _kept(request: OrganiserRequest, edition: str) -> tuple[Edition, list[Unit]]:
    keepers = queries.keepers_of_populations(scope_of(request.user))
    if not keepers:
        raise PermissionDenied(_("Populations are kept by those who coordinate the government office of the region."))
    return edition_of(edition), keepers


@organiser_required
@once
def bring(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    """Bring a table. It is kept until its owner confirms it, for a day at most."""
    the_edition, keepers = _kept(request, edition)
    now = timezone.now()
    form = PopulationTableForm(
        request.POST or None, request.FILES or None, latest=now.year, initial={"year": the_edition.year}
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        table = PopulationTable(content=given["file"].read(), year=given["year"], source=given["source"])
        try:
            _check(table, keepers)
        except NoTable as problem:
            form.add_error("file", str(problem))
        else:
            kept = actions.keep_table(
                edition=the_edition, name=given["file"].name, content=bytes(table.content), year=table.year,
                source=table.source, by=request.user, now=now,
            )  # fmt: skip
            return redirect("indicators:population-check", edition, kept.pk)
    context = {"edition": the_edition, "menu_path": menu_of(the_edition), "form": form}
    return render(request, "indicators/population_import.html", context, status=422 if form.errors else 200)


def _check(table: PopulationTable, keepers: list[Unit]) -> Checked:
    return check_table(
        read_table(bytes(table.content)), regions=queries.regions_kept(keepers), year=table.year, source=table.source,
        latest=timezone.now().year,
    )  # fmt: skip


@organiser_required
@once
def look_through(request: OrganiserRequest, edition: str, pk: int) -> HttpResponseBase:
    """What was found in the table: every problem with its row and column, or the rows beside what is there."""
    the_edition, keepers = _kept(request, edition)
    table = get_object_or_404(queries.table_of(request.user, the_edition, pk))
    checked = _check(table, keepers)
    if request.method == "POST" and checked.rows and not checked.problems:
        n = actions.import_table(
            table=table, residents=checked.residents, keeper=keepers[0], by=request.user, now=timezone.now()
        )
        told = ngettext("%(n)d population is taken in.", "%(n)d populations are taken in.", n)
        messages.success(request, told % {"n": n})
        return redirect("indicators:population-list", edition)
    context = {
        "edition": the_edition, "menu_path": menu_of(the_edition), "table": table, "checked": checked,
        "problems": checked.problems[:SHOWN], "rows": checked.rows[:SHOWN] if not checked.problems else [],
    }  # fmt: skip
    return render(request, "indicators/population_check.html", context, status=422 if request.method == "POST" else 200)


@require_safe
@organiser_required
def template(request: OrganiserRequest, edition: str, ending: str) -> HttpResponse:
    """The regions that the person keeps, with what is known of them: to be filled in and brought back."""
    the_edition, keepers = _kept(request, edition)
    regions = list(queries.regions_kept(keepers))
    known = queries.populations_of((one.pk for one in regions), the_edition.year)
    rows = template_of(regions, known, chinese=(get_language() or "").startswith("zh"))
    return table_file(rows, ending, f"{edition}-populations")
