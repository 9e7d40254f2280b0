from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from cyberweek.editions.models import Edition
from cyberweek.handover.models import Archive, ContactOffer, Heritage, KnownHost, Reception
from cyberweek.kernel.core.localized import LANGUAGES, LocalizedText

if TYPE_CHECKING:
    from cyberweek.accounts.models import User


def archives_of(edition: Edition) -> QuerySet[Archive]:
    """The archives of an edition, newest first, without their bytes."""
    return Archive.objects.filter(edition=edition).select_related("by").defer("content")


def offers_of(edition: Edition) -> QuerySet[ContactOffer]:
    """Who agreed to be asked."""
    return ContactOffer.objects.filter(edition=edition).select_related("person", "unit")


def offer_of(edition: Edition, person: User) -> ContactOffer | None:
    return ContactOffer.objects.filter(edition=edition, person=person).first()


def is_known(key: str) -> KnownHost | None:
    """The host whose key it is, if a keeper has compared its fingerprint."""
    return KnownHost.objects.filter(key=key).first()


def receptions() -> QuerySet[Reception]:
    """What was brought, newest first, without the bytes."""
    return Reception.objects.select_related("by", "edition").defer("content")


def made_of(edition: Edition) -> Reception | None:
    """The archive that an edition was made of, if it was."""
    return Reception.objects.filter(edition=edition).defer("content").first()


def heritage_of(edition: Edition) -> dict[str, list[dict[str, Any]]]:
    """What came with the archive that the edition was made of, by kind, its texts in the language of the reader; empty
    where it was made of none."""
    found = Heritage.objects.filter(reception__edition=edition).exclude(kind__in=["history", "items"])
    return {kind: _readable(rows) for kind, rows in found.values_list("kind", "rows")}


def _readable(value: Any) -> Any:
    if isinstance(value, list):
        return [_readable(one) for one in value]
    if isinstance(value, dict) and not value.keys() <= set(LANGUAGES):
        return {name: _readable(one) for name, one in value.items()}
    return LocalizedText(value) if isinstance(value, dict) else value
