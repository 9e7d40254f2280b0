"""Winners of a contest on the desk: who was invited, who left a contact, and opening one with a reason."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.kernel.views import page_of
from cyberweek.passport import actions, queries, rules
from cyberweek.passport.forms import ReasonForm

from .contests import find_contest


@organiser_required
def claim_list(request: OrganiserRequest, edition: str, contest: str) -> HttpResponse:
    """The claims of a contest that the person sees, without a word of what was left."""
    found, shown = find_contest(request, edition, contest)
    page = page_of(queries.claims_visible_to(request.user).filter(edition=found, contest=shown.slug), request)
    context = {"edition": found, "contest": shown, "page": page, "now": timezone.now()}
    return render(request, "knowledge/desk_claim_list.html", context)


@never_cache
@organiser_required
def claim_detail(request: OrganiserRequest, edition: str, contest: str, claim: UUID) -> HttpResponse:
    """One claim; with a reason, its contact: shown once, on the answer to this request."""
    found, shown = find_contest(request, edition, contest)
    visible = queries.claims_visible_to(request.user).filter(edition=found, contest=shown.slug)
    opened = get_object_or_404(visible, pk=claim)
    form, details = ReasonForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            details = actions.open_contact(claim=opened, by=request.user, reason=form.cleaned_data["reason"])
        except actions.ContactGoneError:
            form.add_error(
                None, _("There is no contact to open: it was withdrawn, deleted, or sealed with another key.")
            )
    context = {
        "edition": found, "contest": shown, "claim": opened, "form": form, "details": details, "now": timezone.now(),
        "may_open": rules.may_open_contacts(request.user, opened), "has_contact": hasattr(opened, "contact"),
    }  # fmt: skip
    return render(request, "knowledge/desk_claim_detail.html", context, status=422 if form.errors else 200)
