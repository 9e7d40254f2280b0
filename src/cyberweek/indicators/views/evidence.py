"""Files of a report, and sketches of the people whom a unit reached."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.attachments.views import send, send_thumbnail
from cyberweek.indicators import actions, queries, rules
from cyberweek.indicators.core.sketches import LG_K, edition_key, estimate
from cyberweek.indicators.enums import Adding, State
from cyberweek.indicators.forms import SketchForm
from cyberweek.indicators.models import Figure
from cyberweek.kernel.views import once

from .reports import found_report


@require_safe
@organiser_required
def show(request: OrganiserRequest, edition: str, pk: int, file: int) -> HttpResponseBase:
    """The file itself; with `?small` its thumbnail."""
    report, _scope = found_report(request, edition, pk)
    evidence = get_object_or_404(queries.evidence_of(report), pk=file)
    if "small" in request.GET:
        return send_thumbnail(evidence.attachment, request=request)
    return send(evidence.attachment, download=False, request=request)


@require_POST
@organiser_required
def remove(request: OrganiserRequest, edition: str, pk: int, file: int) -> HttpResponseBase:
    """Take a file away from a report that is open."""
    report, scope = found_report(request, edition, pk)
    evidence = get_object_or_404(queries.evidence_of(report), pk=file)
    if not rules.may_report(scope, report) or not rules.is_open(report):
        raise PermissionDenied(_("The report is not open to you."))
    try:
        actions.remove_evidence(evidence=evidence, by=request.user)
    except actions.NotOpen:
        messages.error(request, _("This report is not open any more; nothing was changed."))
    else:
        messages.success(request, _("The file is taken away."))
    return redirect("indicators:report", edition, pk)


def _told(figure: Figure) -> str:
    found = estimate(bytes(figure.sketch or b""))
    return _(
        "About %(n)d different people, between %(low)d and %(high)d with 95 %%. They count once you send the report."
    ) % {"n": found.value, "low": found.low, "high": found.high}


@organiser_required
@once
def bring_sketch(request: OrganiserRequest, edition: str, pk: int, code: str) -> HttpResponseBase:
    """Bring a sketch of unique people, or a list of hashes; the page tells the key with which identities are hashed."""
    report, scope = found_report(request, edition, pk)
    indicator = get_object_or_404(
        queries.asked_of(report.edition, activity=report.activity_id is not None), code=code, adding=Adding.UNION
    )
    if not rules.may_report(scope, report) or report.state != State.DRAFT:
        raise PermissionDenied(_("The report is not open to you."))
    form = SketchForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        figure = actions.add_sketch(
            report=report, indicator=indicator, sketch=form.cleaned_data["file"], basis=form.cleaned_data["basis"],
            by=request.user, now=timezone.now(),
        )  # fmt: skip
        messages.success(request, _told(figure))
        return redirect("indicators:report", edition, pk)
    context = {
        "edition": report.edition, "report": report, "indicator": indicator, "form": form, "lg_k": LG_K,
        "key": edition_key(settings.SECRET_KEY, report.edition.slug).hex(),
    }  # fmt: skip
    return render(request, "indicators/sketch_form.html", context, status=422 if form.errors else 200)
