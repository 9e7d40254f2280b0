"""Theme days by region: who has nothing on which day."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.editions.models import Edition
from cyberweek.editions.queries import editions_published, theme_days_of
from cyberweek.kernel.views import once
from cyberweek.planning import actions
from cyberweek.planning.queries.coverage import coverage_of, leading_units
from cyberweek.planning.rules import takes_plans
from cyberweek.programme.rules import may_register
from cyberweek.regions.models import Region
from cyberweek.regions.queries import path_to, regions_within, scope_of


@organiser_required
@once
def coverage(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    """Regions by theme day; posted, the leading units of those that have nothing on a day are asked for something."""
    the_edition = get_object_or_404(editions_published(), slug=edition)
    scope = scope_of(request.user)
    within = regions_within(the_edition.scope_id)
    root = within.filter(code=request.GET.get("region", "").replace("\0", "")).first() or the_edition.scope
    if request.method == "POST":
        return _ask(request, the_edition, root)
    found = coverage_of(the_edition, root, scope)
    chosen = next((day for day in found.days if str(day.theme_day.number) == request.GET.get("day")), None)
    chosen = chosen or next((day for day in found.days if day.empty), found.days[0] if found.days else None)
    leads = leading_units(list({region.code: region for day in found.days for region in day.empty}.values()), scope)
    context = {
        "edition": the_edition,
        "coverage": found,
        "chosen": chosen,
        "tiles": [(row, row.counts[chosen.place]) for row in found.rows if row.region.column] if chosen else [],
        "empty": [(day, sum(1 for region in day.empty if region.code in leads)) for day in found.days if day.empty],
        "path": [one for one in path_to(root) if the_edition.scope_id in one.ancestry],
        "may_register": may_register(scope, the_edition),
        "days": len(found.days) or 7,
    }
    return render(request, "planning/coverage.html", context)


def _ask(request: OrganiserRequest, edition: Edition, root: Region) -> HttpResponseBase:
    theme_day = get_object_or_404(theme_days_of(edition).select_related("edition"), number=_number(request))
    if not takes_plans(edition):
        raise PermissionDenied(_("This edition is closed: nothing more is registered."))
    scope = scope_of(request.user)
    found = coverage_of(edition, root, scope)
    day = next(day for day in found.days if day.theme_day == theme_day)
    units = list(leading_units(day.empty, scope).values())
    n = actions.ask_for_activities(theme_day=theme_day, units=units, by=request.user, now=timezone.now())
    if n:
        told = ngettext("%(n)d unit has a task now: to register an activity for %(day)s.",
                        "%(n)d units have a task now: to register an activity for %(day)s.", n)  # fmt: skip
        messages.success(request, told % {"n": n, "day": theme_day.name})
    else:
        messages.info(request, _("All of them have been asked already."))
    return HttpResponseRedirect(f"{reverse('planning:coverage', args=[edition.slug])}?{request.GET.urlencode()}")


def _number(request: OrganiserRequest) -> int:
    text = request.POST.get("day", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
