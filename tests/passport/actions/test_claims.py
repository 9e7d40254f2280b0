"""A winner's contact: left by the right passport alone, sealed, opened with a reason, deleted on its date."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from cyberweek.kernel.models import AuditEvent
from cyberweek.passport import actions
from cyberweek.passport.models import Claim, Contact
from tests.factories.regions import make_post, make_user
from tests.passport.winners import DETAILS, invite, passport_of


def left(cast, **also):
    passport = passport_of()
    (claim,) = invite(cast, uuid.UUID(passport.participant), **also)
    actions.leave_contact(claim=claim, passport=passport, details=DETAILS, now=timezone.now())
    return claim, passport


def test_an_invitation_is_given_once_however_often_it_is_sent(cast):
    people = [uuid.uuid4(), uuid.uuid4()]
    first = invite(cast, *people, people[0])
    again = invite(cast, *people, uuid.uuid4())
    assert (len(first), len(again), Claim.objects.count()) == (2, 3, 3)
    assert AuditEvent.objects.filter(verb="claim.invite").count() == 3


@pytest.mark.parametrize(("closes", "deletes"), [(7, 6), (-1, 30)])
def test_an_invitation_with_impossible_dates_is_refused(cast, closes, deletes):
    now = timezone.now()
    with pytest.raises(ValueError):
        actions.invite_to_claim(
            contest="week", edition=cast.edition, unit=cast.city_unit, participants=[uuid.uuid4()], award="x",
            purpose={"en": "x"}, closes=now + dt.timedelta(days=closes),
            delete_on=(now + dt.timedelta(days=deletes)).date(), by=None, now=now,
        )  # fmt: skip


def test_what_is_left_rests_sealed_and_opens_for_the_unit_with_a_reason(cast):
    claim, _ = left(cast)
    sealed = bytes(Contact.objects.get(claim=claim).sealed)
    assert "王小明".encode() not in sealed
    assert b"13800000000" not in sealed
    assert actions.open_contact(claim=claim, by=cast.city_organiser, reason="寄送奖品") == DETAILS
    event = AuditEvent.objects.get(verb="claim.open-contact")
    assert (event.actor_id, event.reason, event.unit) == (cast.city_organiser.pk, "寄送奖品", cast.city_unit.pk)
    assert "王小明" not in str(AuditEvent.objects.values())


@pytest.mark.parametrize("who", ["national", "provincial", "county_organiser", "stranger"])
def test_nobody_outside_the_unit_opens_a_contact_not_even_from_above(cast, who):
    claim, _ = left(cast)
    with pytest.raises(PermissionDenied):
        actions.open_contact(claim=claim, by=getattr(cast, who), reason="curious")
    assert not AuditEvent.objects.filter(verb="claim.open-contact").exists()


def test_an_editor_of_the_unit_does_not_open_contacts(cast):
    claim, _ = left(cast)
    editor = make_user("editor")
    make_post(editor, cast.city_unit, "editor")
    with pytest.raises(PermissionDenied):
        actions.open_contact(claim=claim, by=editor, reason="curious")


def test_another_passport_leaves_nothing_and_withdraws_nothing(cast):
    claim, _ = left(cast)
    for act in (
        lambda: actions.leave_contact(claim=claim, passport=passport_of(), details=DETAILS, now=timezone.now()),
        lambda: actions.withdraw_contact(claim=claim, passport=passport_of(), now=timezone.now()),
    ):
        with pytest.raises(actions.NotYoursError):
            act()
    assert Contact.objects.count() == 1


def test_after_the_time_is_over_a_contact_can_be_withdrawn_and_no_longer_left(cast):
    claim, passport = left(cast)
    late = timezone.now() + dt.timedelta(days=8)
    with pytest.raises(actions.ClaimClosedError):
        actions.leave_contact(claim=claim, passport=passport, details=DETAILS, now=late)
    actions.withdraw_contact(claim=claim, passport=passport, now=late)
    assert not Contact.objects.exists()
    claim.refresh_from_db()
    assert (claim.lapsed(late), claim.forgotten) == (False, late)


def test_what_is_withdrawn_in_time_counts_as_never_left(cast):
    claim, passport = left(cast)
    actions.withdraw_contact(claim=claim, passport=passport, now=timezone.now())
    claim.refresh_from_db()
    assert not claim.lapsed(timezone.now())
    assert claim.lapsed(claim.closes)


def test_a_contact_moved_to_another_claim_does_not_open(cast):
    claim, _ = left(cast)
    other, _ = left(cast, award="draw-2")
    Contact.objects.filter(claim=other).update(sealed=Contact.objects.get(claim=claim).sealed)
    with pytest.raises(actions.ContactGoneError):
        actions.open_contact(claim=other, by=cast.city_organiser, reason="x")


def test_with_another_key_a_contact_does_not_open_and_can_be_left_again(cast, settings):
    claim, passport = left(cast)
    actions.confirm_name(claim=claim, name="王小明", issuer="https://id.example", now=timezone.now())
    settings.CONTACT_KEY = "another"
    with pytest.raises(actions.ContactGoneError):
        actions.open_contact(claim=claim, by=cast.city_organiser, reason="x")
    actions.leave_contact(claim=claim, passport=passport, details=DETAILS, now=timezone.now())
    assert actions.open_contact(claim=claim, by=cast.city_organiser, reason="x").confirmed_name == ""


def test_a_confirmed_name_stays_when_the_contact_is_replaced(cast):
    claim, passport = left(cast)
    actions.confirm_name(claim=claim, name="王小明", issuer="https://id.example", now=timezone.now())
    actions.leave_contact(claim=claim, passport=passport, details=DETAILS, now=timezone.now())
    opened = actions.open_contact(claim=claim, by=cast.city_organiser, reason="x")
    assert (opened.confirmed_name, opened.confirmed_by) == ("王小明", "https://id.example")
