"""An edition is handed over: what goes along, contacts, the archive."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.editions.queries import today_in
from cyberweek.editions.views.editions import edition_named, edition_run
from cyberweek.handover import actions, jobs, queries
from cyberweek.handover.core.archive import key_fingerprint
from cyberweek.handover.forms import ContactForm
from cyberweek.handover.rules import is_over, may_hand_over, may_receive
from cyberweek.kernel.views import once
from cyberweek.regions.queries import scope_of, units_changeable_by

ROUTE: Final = "handover:detail"


@organiser_required
@require_safe
def detail(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    """What stands ready to be handed over, and what was received."""
    shown = edition_named(edition)
    may, own = may_hand_over(scope_of(request.user), shown), queries.offer_of(shown, request.user)
    archives, heritage = list(queries.archives_of(shown)[:20]), queries.heritage_of(shown)
    # Who agreed to be asked agreed to be asked by a host; open risks are shown by their own scopes.
    offers = queries.offers_of(shown) if may else [own] if own else []
    context = {
        "edition": shown, "may": may, "is_over": is_over(shown), "archives": archives,
        "in_the_making": any(one.made is None for one in archives), "offers": offers, "own": own,
        "fingerprint": key_fingerprint(settings.SECRET_KEY), "made_of": queries.made_of(shown),
        "heritage": {kind: rows for kind, rows in heritage.items() if may or kind not in {"contacts", "risks"}},
        "may_receive": may_receive(request.user),
    }  # fmt: skip
    return render(request, "handover/detail.html", context)


@organiser_required
@require_POST
@once
def ask(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    """Have an archive made."""
    shown = edition_run(request, edition)
    if not is_over(shown):
        messages.warning(request, _("Close the edition first: its figures still move."))
        return redirect(ROUTE, shown.slug)
    now = timezone.now()
    archive = actions.ask_for_archive(edition=shown, by=request.user, now=now)
    jobs.make_archive.defer(archive=archive.pk, asked=int(now.timestamp()))
    messages.success(request, _("The archive is being made. It stands here when it is ready."))
    return redirect(ROUTE, shown.slug)


@organiser_required
@require_safe
def fetch(request: OrganiserRequest, edition: str, pk: int) -> HttpResponseBase:
    """The archive's bytes, as they were signed."""
    shown = edition_run(request, edition)
    archive = get_object_or_404(queries.archives_of(shown).defer(None), pk=pk, made__isnull=False)
    actions.record_download(archive=archive, by=request.user)
    name = f"hand-over-{shown.slug}-{archive.digest[:12]}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(bytes(archive.content), content_type="application/zip", headers=headers)


@organiser_required
def contact(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    """Agree to be asked by the next host, or say it in other words."""
    shown = edition_named(edition)
    units = units_changeable_by(request.user)
    if not units.exists():
        raise PermissionDenied
    offer = queries.offer_of(shown, request.user)
    form = ContactForm(request.POST or None, instance=offer, units=units)
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("unit", "contact", "about")}
        today = today_in(shown, now=timezone.now())
        actions.offer_contact(edition=shown, person=request.user, today=today, **said)
        messages.success(request, _("Thank you. The next host can ask you."))
        return redirect(ROUTE, shown.slug)
    return render(request, "handover/contact.html", {"edition": shown, "form": form, "offer": offer})


@organiser_required
@require_POST
def withdraw(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    shown = edition_named(edition)
    actions.withdraw_contact(edition=shown, person=request.user)
    messages.success(request, _("Taken back. Archives that were made before still hold it."))
    return redirect(ROUTE, shown.slug)
