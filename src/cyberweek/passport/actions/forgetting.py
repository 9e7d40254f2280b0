"""What is deleted because its date has come. Each deletion leaves a receipt: when, what, of how many."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import DateField, DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast

from cyberweek.editions.models import Edition
from cyberweek.kernel.actions import record
from cyberweek.passport.core.passports import PASSPORT_MS
from cyberweek.passport.enums import Forgotten
from cyberweek.passport.models import Claim, Contact, Forgetting, NetworkDay, Participant, UsedChallenge

NICKNAME_LASTS: Final = dt.timedelta(milliseconds=PASSPORT_MS)
EARLY: Final = dt.timedelta(days=60)
"""A passport taken this long before an edition is taken for it."""
AT_ONCE: Final = 20_000


def forget_due(*, now: dt.datetime) -> dict[str, int]:
    """Delete all that is due: networks and devices, nicknames, contacts. Gives how many of each."""
    counts = {
        Forgotten.ORIGINS: _empty(_origins_due(now), network=None, device=None),
        Forgotten.NICKNAMES: _empty(
            Participant.objects.filter(created__lt=now - NICKNAME_LASTS).exclude(nickname=""), nickname=""
        ),
        Forgotten.CONTACTS: _forget_contacts(now),
    }
    Forgetting.objects.bulk_create(
        [Forgetting(at=now, what=what, count=count) for what, count in counts.items() if count]
    )
    return {str(what): count for what, count in counts.items()}


def sweep_challenges(*, now: dt.datetime) -> int:
    """Delete proofs of work that are too old to be sent again, and counts of days gone by."""
    spent, _ = UsedChallenge.objects.filter(expires__lt=now - dt.timedelta(hours=1)).delete()
    counted, _ = NetworkDay.objects.filter(day__lt=now.date() - dt.timedelta(days=1)).delete()
    return spent + counted


def _origins_due(now: dt.datetime) -> QuerySet[Participant]:
    """Participants whose edition ended FORGET_DAYS ago; without an edition it is FORGET_DAYS after the passport was taken."""
    keep = dt.timedelta(days=settings.FORGET_DAYS)
    taken = Cast(OuterRef("created"), DateField())
    begins = ExpressionWrapper(F("starts") - Value(EARLY, output_field=DurationField()), output_field=DateField())
    still_held = Edition.objects.annotate(begins=begins).filter(
        Q(begins__lte=taken), Q(ends__gte=taken), Q(ends__gte=(now - keep).date())
    )
    kept = Q(network__isnull=False) | Q(device__isnull=False)
    return Participant.objects.filter(kept, ~Exists(still_held), created__lt=now - keep)


def _empty(due: QuerySet[Participant], **values: Any) -> int:
    """Set these fields for all of them, some at a time, so that no long lock stands in anybody's way."""
    count = 0
    while keys := list(due.order_by().values_list("pk", flat=True)[:AT_ONCE]):
        count += Participant.objects.filter(pk__in=keys).update(**values)
    return count


def _forget_contacts(now: dt.datetime) -> int:
    count = 0
    for claim in Claim.objects.filter(forgotten=None, delete_on__lte=now.date()).order_by("pk"):
        with transaction.atomic():
            had, _ = Contact.objects.filter(claim=claim).delete()
            Claim.objects.filter(pk=claim.pk, forgotten=None).update(forgotten=now)
            if had:
                record(actor=None, verb="claim.forget-contact", thing=claim, unit=claim.unit_id)
        count += had
    return count
