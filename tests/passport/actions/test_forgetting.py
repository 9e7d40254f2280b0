"""What is deleted on its date, and not before."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from cyberweek.kernel.models import AuditEvent
from cyberweek.passport import actions
from cyberweek.passport.models import Contact, Forgetting, NetworkDay, Participant, UsedChallenge
from tests.passport.winners import DETAILS, invite, passport_of

NOW = timezone.now()


def took(cast, created, **fields):
    return Participant.objects.create(
        id=uuid.uuid4(), region=cast.county, band="12-17", sector="education", created=created,
        **{"nickname": "小明", "network": b"n" * 16, "device": b"d" * 16} | fields,
    )  # fmt: skip


def held(cast, *, starts, ends):
    cast.edition.starts, cast.edition.ends = (
        (NOW + dt.timedelta(days=starts)).date(),
        (NOW + dt.timedelta(days=ends)).date(),
    )
    cast.edition.save()


@pytest.mark.parametrize(
    ("starts", "ends", "taken", "kept"),
    [
        (-3, 3, -2, True),  # the week is on
        (-40, -33, -35, False),  # over for more than 30 days
        (-36, -29, -35, True),  # not yet 30
        (-33, -28, -60, True),  # taken early, for this week
        (-33, -28, -100, False),  # taken for no week that we know
        (10, 17, -31, True),  # taken for the week to come
        (400, 407, -31, False),  # the next week is a year away
    ],
)
def test_networks_and_devices_are_forgotten_thirty_days_after_the_edition(cast, starts, ends, taken, kept):
    held(cast, starts=starts, ends=ends)
    one = took(cast, NOW + dt.timedelta(days=taken))
    actions.forget_due(now=NOW)
    one.refresh_from_db()
    assert (one.network is not None, one.device is not None, one.nickname) == (kept, kept, "小明")


def test_a_nickname_is_forgotten_when_its_passport_has_expired(cast):
    old, new = took(cast, NOW - dt.timedelta(days=401)), took(cast, NOW - dt.timedelta(days=399))
    actions.forget_due(now=NOW)
    old.refresh_from_db(), new.refresh_from_db()
    assert (old.nickname, new.nickname, str(old)) == ("", "小明", "—")


def test_a_contact_is_deleted_on_its_date_and_the_claim_says_so(cast):
    passport = passport_of()
    (claim,) = invite(cast, uuid.UUID(passport.participant), now=NOW)
    invite(cast, award="never-left", now=NOW)
    actions.leave_contact(claim=claim, passport=passport, details=DETAILS, now=NOW)
    actions.forget_due(now=NOW + dt.timedelta(days=36))
    assert Contact.objects.count() == 1
    actions.forget_due(now=NOW + dt.timedelta(days=38))
    assert Contact.objects.count() == 0
    claim.refresh_from_db()
    assert claim.forgotten
    assert AuditEvent.objects.filter(verb="claim.forget-contact").count() == 1
    with pytest.raises(actions.ClaimClosedError):
        actions.withdraw_contact(claim=claim, passport=passport, now=NOW)


def test_each_deletion_leaves_a_receipt_and_nothing_to_delete_leaves_none(cast):
    held(cast, starts=-400, ends=-393)
    took(cast, NOW - dt.timedelta(days=401))
    took(cast, NOW - dt.timedelta(days=50))
    assert actions.forget_due(now=NOW) == {"origins": 2, "nicknames": 1, "contacts": 0}
    assert actions.forget_due(now=NOW) == {"origins": 0, "nicknames": 0, "contacts": 0}
    assert set(Forgetting.objects.values_list("what", "count")) == {("origins", 2), ("nicknames", 1)}


def test_spent_proofs_and_counts_of_days_gone_by_are_swept(db):
    UsedChallenge.objects.create(nonce=b"a" * 16, expires=NOW - dt.timedelta(hours=2))
    UsedChallenge.objects.create(nonce=b"b" * 16, expires=NOW)
    for days in (0, 1, 2):
        NetworkDay.objects.create(day=NOW.date() - dt.timedelta(days=days), network=b"n", issued=1)
    assert actions.sweep_challenges(now=NOW) == 2
    assert (UsedChallenge.objects.count(), NetworkDay.objects.count()) == (1, 2)
