"""Winners: who is invited to leave a contact, what they leave, who reads it and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction

from cyberweek.editions.models import Edition
from cyberweek.kernel.actions import record
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.kernel.core.sealing import Sealer, UnreadableError
from cyberweek.passport import rules
from cyberweek.passport.core.contacts import ContactDetails, from_bytes, to_bytes
from cyberweek.passport.core.passports import Passport
from cyberweek.passport.models import Claim, Contact
from cyberweek.regions.models import Unit

if TYPE_CHECKING:
    from cyberweek.accounts.models import User


class NotYoursError(Exception):
    """The passport is not the one that won."""


class ClaimClosedError(Exception):
    """The time to leave a contact is over."""


class ContactGoneError(Exception):
    """There is no contact to read: none was left, it was deleted, or it was sealed with another key."""


def invite_to_claim(
    *,
    contest: str,
    edition: Edition,
    unit: Unit,
    participants: Iterable[UUID],
    award: str,
    purpose: LocalizedText | dict[str, str],
    closes: dt.datetime,
    delete_on: dt.date,
    by: User | None,
    now: dt.datetime,
) -> list[Claim]:
    """Let each of these participants leave a contact for what they won. Asked again for the same award: nothing changes.

    `award` is the caller's own name of what was won, `purpose` says it to people. Raises ValueError when the contact
    would be deleted before it may be left. Gives all claims of the award among these participants.
    """
    if delete_on < closes.date() or closes <= now:
        raise ValueError("a contact is deleted after it may be left, and may be left after now")
    wanted = list(dict.fromkeys(participants))
    with transaction.atomic():
        Claim.objects.bulk_create(
            [
                Claim(
                    edition=edition, contest=contest, unit=unit, participant=one, award=award, purpose=purpose,
                    invited=now, closes=closes, delete_on=delete_on,
                )
                for one in wanted
            ],
            ignore_conflicts=True,
        )  # fmt: skip
        found = list(Claim.objects.filter(contest=contest, award=award, participant__in=wanted))
        for claim in found:
            if claim.invited == now:
                record(
                    actor=by, verb="claim.invite", thing=claim, unit=unit.pk, after={"contest": contest, "award": award}
                )
    return found


@transaction.atomic
def leave_contact(*, claim: Claim, passport: Passport, details: ContactDetails, now: dt.datetime) -> None:
    """Keep the winner's contact, sealed; left again it replaces the old one. A name that was confirmed stays confirmed.

    Raises NotYoursError, ClaimClosedError.
    """
    locked = _of_winner(claim, passport, now)
    before = Contact.objects.filter(claim=locked).first()
    if before and before.confirmed:
        with suppress(ContactGoneError):  # sealed with a key that is no more: the name can be confirmed again
            old = _read(locked, before)
            details = msgspec.structs.replace(details, confirmed_name=old.confirmed_name, confirmed_by=old.confirmed_by)
    _keep(locked, details, confirmed=bool(details.confirmed_name))
    locked.claimed = now
    locked.save(update_fields=["claimed"])
    record(actor=None, verb="claim.leave-contact", thing=locked, unit=locked.unit_id)


@transaction.atomic
def withdraw_contact(*, claim: Claim, passport: Passport, now: dt.datetime) -> None:
    """The winner deletes what they left, before its date. Raises NotYoursError, ClaimClosedError when it is deleted already.

    While there is time that gives the prize back, or lets them leave another contact. Later they have had the prize: what
    they claimed stays claimed, and the contact is forgotten early.
    """
    locked = _of_winner(claim, passport, now, even_late=True)
    Contact.objects.filter(claim=locked).delete()
    if now < locked.closes:
        locked.claimed = None
    else:
        locked.forgotten = now
    locked.save(update_fields=["claimed", "forgotten"])
    record(actor=None, verb="claim.withdraw-contact", thing=locked, unit=locked.unit_id)


@transaction.atomic
def confirm_name(*, claim: Claim, name: str, issuer: str, now: dt.datetime) -> None:
    """Keep with the contact the name that a provider gave. Raises ClaimClosedError, ContactGoneError."""
    locked = _locked(claim, now)
    contact = Contact.objects.filter(claim=locked).first()
    if contact is None:
        raise ContactGoneError
    details = msgspec.structs.replace(_read(locked, contact), confirmed_name=name, confirmed_by=issuer)
    _keep(locked, details, confirmed=True)
    record(actor=None, verb="claim.confirm-name", thing=locked, unit=locked.unit_id)


@transaction.atomic
def open_contact(*, claim: Claim, by: User, reason: str) -> ContactDetails:
    """Read a winner's contact; that it was read, by whom and why, is in the audit trail before anybody sees it.

    Raises PermissionDenied, ContactGoneError.
    """
    if not rules.may_open_contacts(by, claim):
        raise PermissionDenied
    contact = Contact.objects.filter(claim=claim).first()
    if contact is None:
        raise ContactGoneError
    details = _read(claim, contact)
    record(actor=by, verb="claim.open-contact", thing=claim, unit=claim.unit_id, reason=reason)
    return details


def _of_winner(claim: Claim, passport: Passport, now: dt.datetime, *, even_late: bool = False) -> Claim:
    if UUID(passport.participant) != claim.participant:
        raise NotYoursError
    return _locked(claim, now, even_late=even_late)


def _locked(claim: Claim, now: dt.datetime, *, even_late: bool = False) -> Claim:
    locked = Claim.objects.select_for_update().get(pk=claim.pk)
    if locked.forgotten or (now >= locked.closes and not even_late):
        raise ClaimClosedError
    return locked


def _sealer() -> Sealer:
    return Sealer(settings.CONTACT_KEY, "winners' contacts")


def _keep(claim: Claim, details: ContactDetails, *, confirmed: bool) -> None:
    sealed = _sealer().seal(to_bytes(details), str(claim.pk))
    kept: dict[str, Any] = {"sealed": sealed, "confirmed": confirmed}
    Contact.objects.update_or_create(claim=claim, defaults=kept)


def _read(claim: Claim, contact: Contact) -> ContactDetails:
    try:
        return from_bytes(_sealer().open(bytes(contact.sealed), str(claim.pk)))
    except (UnreadableError, ValueError) as error:
        raise ContactGoneError from error
