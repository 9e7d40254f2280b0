"""A winner's own page: leave a contact, confirm the name, take it back."""

from __future__ import annotations

import logging
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cyberweek.editions.queries import editions_published, week_of

from . import actions, queries
from .forms import ContactForm, PassportForm
from .models import Claim

logger = logging.getLogger(__name__)
ASKED: Final = "passport-asked"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, edition: str, token: UUID) -> HttpResponse:
    """What was won, and the form. The phone's passport says who is here; the address alone says nothing."""
    now = timezone.now()
    found = get_object_or_404(queries.claims(), pk=token, edition__in=editions_published().filter(slug=edition))
    then = request.POST.get("then", "leave")
    kind = ContactForm if then == "leave" else PassportForm
    form = kind(request.POST or None, now=now)
    if request.method != "POST" or not form.is_valid():
        return _page(request, found, form if isinstance(form, ContactForm) else _beside(form, request))
    try:
        return _ACTS.get(then, _leave)(request, found, form)
    except actions.NotYoursError:
        form.add_error(
            "passport", _("This passport is not the one that won. Open the page on the phone that you played with.")
        )
    except actions.ClaimClosedError:
        form.add_error(None, _("The time to leave a contact is over."))
    except actions.NameNotConfirmedError as error:
        logger.warning("a name was not confirmed: %s", error)
        form.add_error(None, _("The sign-in service does not answer. Your contact is kept; try again later."))
    return _page(request, found, form if isinstance(form, ContactForm) else _beside(form, request))


@never_cache
@require_safe
def confirmed(request: HttpRequest) -> HttpResponse:
    """Where the provider sends the winner back to. What was asked counts once, whatever the answer is."""
    kept = request.session.pop(ASKED, None)
    if not kept:
        raise Http404
    asked, now = actions.Asked(*kept["asked"]), timezone.now()
    found = get_object_or_404(queries.claims(), pk=kept["claim"])
    try:
        name = actions.read_name(answer=request.GET.dict(), asked=asked, redirect=_back(request), now=now)
        actions.confirm_name(claim=found, name=name, issuer=settings.OIDC_ISSUER, now=now)
    except (actions.NameNotConfirmedError, actions.ClaimClosedError, actions.ContactGoneError) as error:
        logger.warning("a name was not confirmed: %s", error)
        messages.error(request, _("Your name was not confirmed. Your contact is kept as you left it."), "bad")
    else:
        messages.success(request, _("Your name is confirmed: %(name)s.") % {"name": name})
    return redirect("passport:claim", found.edition.slug, found.pk)


def _leave(request: HttpRequest, found: Claim, form: Any) -> HttpResponse:
    passport = form.cleaned_data["passport"]
    actions.leave_contact(claim=found, passport=passport, details=form.details(), now=timezone.now())
    messages.success(request, _("Your contact is kept. Only the organiser of the prize can read it."))
    return redirect("passport:claim", found.edition.slug, found.pk)


def _withdraw(request: HttpRequest, found: Claim, form: Any) -> HttpResponse:
    actions.withdraw_contact(claim=found, passport=form.cleaned_data["passport"], now=timezone.now())
    messages.success(request, _("Your contact is deleted."))
    return redirect("passport:claim", found.edition.slug, found.pk)


def _confirm(request: HttpRequest, found: Claim, form: Any) -> HttpResponse:
    """A link to the provider, not a redirect: a form of ours may lead nowhere else (Content-Security-Policy)."""
    if not settings.OIDC_ISSUER:
        raise Http404
    if UUID(form.cleaned_data["passport"].participant) != found.participant:
        raise actions.NotYoursError
    url, asked = actions.ask_for_name(redirect=_back(request))
    request.session[ASKED] = {"claim": str(found.pk), "asked": list(asked)}
    return _page(request, found, form, name="confirm", provider=url)


_ACTS: Final = {"leave": _leave, "withdraw": _withdraw, "confirm": _confirm}


def _back(request: HttpRequest) -> str:
    address = reverse("passport:confirmed")
    return settings.PUBLIC_URL + address if settings.PUBLIC_URL else request.build_absolute_uri(address)


def _beside(form: PassportForm, request: HttpRequest) -> ContactForm:
    """The whole form again, with what was wrong with the passport alone."""
    whole = ContactForm(now=timezone.now(), initial={"passport": request.POST.get("passport", "")})
    vars(whole)["_errors"] = form.errors  # of its own field, shown beside it
    return whole


def _page(request: HttpRequest, found: Claim, form: Any, name: str = "claim", **context: Any) -> HttpResponse:
    now = timezone.now()
    status = 422 if form.errors else 200
    frame = {"edition": found.edition, "week": week_of(found.edition, now=now)}
    told = {
        "claim": found,
        "form": form,
        "open": now < found.closes and not found.forgotten,
        "issuer": settings.OIDC_ISSUER,
    }
    return render(request, f"passport/{name}.html", frame | told | context, status=status)
