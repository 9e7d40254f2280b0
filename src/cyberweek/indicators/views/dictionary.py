"""The indicator dictionary: what is counted, and how."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.editions.models import Edition
from cyberweek.indicators import actions, queries, rules
from cyberweek.indicators.forms import IndicatorForm
from cyberweek.indicators.models import Indicator
from cyberweek.kernel.views import once
from cyberweek.regions.queries import scope_of

from .reports import edition_of, menu_of


@require_safe
@organiser_required
def dictionary(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    """All indicators of an edition."""
    the_edition = edition_of(edition)
    context = {
        "edition": the_edition,
        "menu_path": menu_of(the_edition),
        "indicators": list(queries.dictionary_of(the_edition)),
        "may_keep": rules.keeps_dictionary(scope_of(request.user), the_edition),
    }
    return render(request, "indicators/dictionary.html", context)


@require_safe
@organiser_required
def indicator_detail(request: OrganiserRequest, edition: str, code: str) -> HttpResponseBase:
    """One entry, with every wording that it has had."""
    the_edition = edition_of(edition)
    indicator = get_object_or_404(queries.dictionary_of(the_edition), code=code)
    context = {
        "edition": the_edition,
        "menu_path": menu_of(the_edition),
        "indicator": indicator,
        "wordings": list(queries.wordings_of(indicator)),
        "may_keep": rules.keeps_dictionary(scope_of(request.user), the_edition),
    }
    return render(request, "indicators/indicator_detail.html", context)


def _kept_edition(request: OrganiserRequest, slug: str) -> Edition:
    the_edition = edition_of(slug)
    if not rules.keeps_dictionary(scope_of(request.user), the_edition):
        raise PermissionDenied(_("The dictionary is kept by those who run the edition."))
    return the_edition


@require_POST
@organiser_required
@once
def load(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    """Give an edition without a dictionary the shipped one."""
    the_edition = _kept_edition(request, edition)
    n = actions.load_dictionary(edition=the_edition, by=request.user, now=timezone.now())
    told = ngettext("%(n)d indicator is loaded.", "%(n)d indicators are loaded.", n)
    messages.success(request, told % {"n": n})
    return redirect("indicators:dictionary", edition)


@organiser_required
@once
def create(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    """A new entry."""
    the_edition = _kept_edition(request, edition)
    form = IndicatorForm(request.POST or None, instance=Indicator(edition=the_edition))
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        if queries.indicator_named(the_edition, code) is None:
            actions.define_indicator(
                edition=the_edition, code=code, fields=form.cleaned_data, by=request.user, now=timezone.now()
            )
            messages.success(request, _("“%(name)s” is in the dictionary.") % {"name": form.cleaned_data["name"]})
            return redirect("indicators:indicator", edition, code)
        form.add_error("code", _("There is an indicator with this code."))
    return _page(request, the_edition, form, _("New indicator"), reverse("indicators:dictionary", args=[edition]))


@organiser_required
def edit(request: OrganiserRequest, edition: str, code: str) -> HttpResponseBase:
    """Change an entry. Where there are figures its meaning stays; another wording is kept beside the one before."""
    the_edition = _kept_edition(request, edition)
    indicator = get_object_or_404(queries.dictionary_of(the_edition), code=code)
    form = IndicatorForm(request.POST or None, instance=indicator, has_figures=indicator.figures.exists())
    if request.method == "POST" and form.is_valid():
        try:
            actions.redefine_indicator(
                indicator=indicator, fields=form.cleaned_data, by=request.user, now=timezone.now()
            )
        except actions.MeaningKept:
            form.add_error(None, _("There are figures by now: unit of count and way of adding stay as they are."))
        else:
            messages.success(request, _("Saved."))
            return redirect("indicators:indicator", edition, code)
    back = reverse("indicators:indicator", args=[edition, code])
    return _page(
        request, the_edition, form, _("Edit “%(name)s”") % {"name": queries.indicator_named(the_edition, code)}, back
    )


def _page(
    request: OrganiserRequest, edition: Edition, form: IndicatorForm, heading: str, back: str
) -> HttpResponseBase:
    context = {
        "edition": edition,
        "menu_path": menu_of(edition),
        "form": form,
        "heading": heading,
        "submit": _("Save"),
        "back": back,
    }
    return render(request, "kernel/desk_form.html", context, status=422 if form.errors else 200)
