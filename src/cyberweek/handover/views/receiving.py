"""An archive is received: brought, looked through, believed, taken over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.handover import actions, queries
from cyberweek.handover.actions import Choice, Refused
from cyberweek.handover.core.archive import ArchiveError
from cyberweek.handover.core.matching import How
from cyberweek.handover.forms import ArchiveForm, HostForm, TakeForm, name_of
from cyberweek.handover.models import Reception
from cyberweek.handover.queries.receiving import look_through as looked_through
from cyberweek.handover.rules import may_receive
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.kernel.views import once, page_of
from cyberweek.regions.queries import units_visible_to

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

HOW: Final[dict[How, _StrPromise]] = {
    How.CODE: gettext_lazy("the same unit"),
    How.PLACE: gettext_lazy("the one of the same kind there"),
    How.SEVERAL: gettext_lazy("several fit: choose"),
    How.NONE: gettext_lazy("none fits: choose, or leave it out"),
}


def keeper(request: OrganiserRequest) -> None:
    if not may_receive(request.user):
        raise PermissionDenied


@organiser_required
@once
def bring(request: OrganiserRequest) -> HttpResponseBase:
    """What was received, and a form for another archive."""
    keeper(request)
    form = ArchiveForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            reception = actions.receive(content=form.cleaned_data["file"], by=request.user, now=timezone.now())
        except ArchiveError as error:
            form.add_error("file", actions.refuse(error))
        else:
            return redirect("handover:look-through", reception.pk)
    context = {"form": form, "page": page_of(queries.receptions(), request)}
    return render(request, "handover/bring.html", context, status=422 if form.errors else 200)


@organiser_required
@once
def look_through(request: OrganiserRequest, pk: int) -> HttpResponseBase:
    """What is in it and what would be made; then it is made."""
    keeper(request)
    reception = get_object_or_404(queries.receptions().defer(None), pk=pk)
    found = looked_through(reception, host=request.POST.get("host") or request.GET.get("host", ""))
    units = units_visible_to(request.user)
    form = TakeForm(request.POST or None, contents=found.contents, matches=found.matches, units=units)
    if request.method == "POST" and form.is_valid() and (answer := _taken(request, reception, form, found.matches)):
        return answer
    context = {
        "reception": reception, "found": found, "form": form, "known": queries.is_known(reception.key),
        "host_form": HostForm(), "rows": [
            (match, LocalizedText(match.source.name), HOW[match.how], form[name_of(match)]) for match in found.matches
        ],
        "main": [form[name] for name in TakeForm.field_order],
    }  # fmt: skip
    return render(request, "handover/look_through.html", context, status=422 if form.errors else 200)


def _taken(
    request: OrganiserRequest, reception: Reception, form: TakeForm, matches: list[Any]
) -> HttpResponseBase | None:
    said = {name: form.cleaned_data[name] for name in TakeForm.field_order}
    try:
        edition = actions.take_over(
            reception=reception, choice=Choice(**said, units=form.chosen(matches)), by=request.user, now=timezone.now()
        )
    except Refused as refused:
        form.add_error(refused.field or None, str(refused))
        return None
    messages.success(request, _("The edition is there. Look through its plan, then issue it."))
    return redirect("editions:edition-detail", edition.slug)


@organiser_required
@require_POST
def believe(request: OrganiserRequest, pk: int) -> HttpResponseBase:
    """The fingerprint was compared."""
    keeper(request)
    reception = get_object_or_404(queries.receptions(), pk=pk)
    form = HostForm(request.POST)
    if form.is_valid():
        name = form.cleaned_data["name"]
        actions.believe_host(key=reception.key, name=name, by=request.user, now=timezone.now())
        messages.success(request, _("Archives that are signed with this key are believed from now on."))
    else:
        messages.warning(request, _("Say whose key it is, and that you have compared the fingerprint."))
    return redirect("handover:look-through", reception.pk)
