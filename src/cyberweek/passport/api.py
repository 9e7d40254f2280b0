"""What a phone asks about its own passport, which it shows in a header: nothing is told to anybody else."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cyberweek.kernel.core.tokens import ForgedTokenError

from . import queries


@never_cache
@require_safe
def my_claims(request: HttpRequest) -> HttpResponse:
    """The prizes that wait for the passport in `Authorization: Bearer …`: what for, where, and whether a contact is left.

    401 without a passport of ours.
    """
    now = timezone.now()
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    try:
        passport = queries.passport_in(token if scheme.lower() == "bearer" else "", now=now)
    except ForgedTokenError:
        return JsonResponse(
            {"type": "urn:cyberweek:problem:no-passport"}, status=401, headers={"WWW-Authenticate": "Bearer"}
        )
    found = queries.claims_of(UUID(passport.participant), now=now)
    claims = [
        {
            "award": claim.award,
            "purpose": str(claim.purpose),
            "address": reverse("passport:claim", args=[claim.edition.slug, claim.pk]),
            "claimed": claim.claimed is not None,
        }
        for claim in found
    ]
    return JsonResponse({"claims": claims})
