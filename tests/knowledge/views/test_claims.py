"""Winners' contacts on the desk: listed for who sees the unit, opened by the unit alone, with a reason."""

from __future__ import annotations

import uuid

import pytest
from django.utils import timezone

from cyberweek.kernel.models import AuditEvent
from cyberweek.passport import actions
from tests.factories.accounts import sign_in
from tests.factories.knowledge import make_contest
from tests.passport.winners import DETAILS, invite, passport_of


@pytest.fixture
def contest(cast):
    return make_contest(slug="week", owner=cast.city_unit, edition=cast.edition)


@pytest.fixture
def claim(cast, contest):
    passport = passport_of()
    (claim,) = invite(cast, uuid.UUID(passport.participant))
    actions.leave_contact(claim=claim, passport=passport, details=DETAILS, now=timezone.now())
    return claim


def address(cast, claim=None):
    return f"/desk/{cast.edition.slug}/contests/week/claims/" + (f"{claim.pk}/" if claim else "")


@pytest.mark.parametrize("who", ["national", "provincial", "city_organiser"])
def test_claims_are_listed_for_the_unit_and_those_above(client, cast, claim, who):
    sign_in(client, getattr(cast, who))
    page = client.get(address(cast)).content.decode()
    assert str(claim.pk) in page
    assert "13800000000" not in page


@pytest.mark.parametrize("who", ["stranger"])
def test_elsewhere_nothing_of_it_is_found(client, cast, claim, who):
    sign_in(client, getattr(cast, who))
    assert str(claim.pk) not in client.get(address(cast)).content.decode()
    assert client.get(address(cast, claim)).status_code == 404
    assert client.post(address(cast, claim), {"reason": "x"}).status_code == 404


def test_the_list_costs_the_same_for_one_and_for_many(client, cast, claim, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    sign_in(client, cast.city_organiser)
    client.get(address(cast))
    with CaptureQueriesContext(connection) as one:
        client.get(address(cast))
    invite(cast, *[uuid.uuid4() for _ in range(40)])
    with django_assert_num_queries(len(one)):
        client.get(address(cast))


def test_without_a_reason_nothing_opens(client, cast, claim):
    sign_in(client, cast.city_organiser)
    assert "13800000000" not in client.get(address(cast, claim)).content.decode()
    for reason in ("", "  ", "x" * 201):
        answer = client.post(address(cast, claim), {"reason": reason})
        assert answer.status_code == 422
        assert "13800000000" not in answer.content.decode()
    assert not AuditEvent.objects.filter(verb="claim.open-contact").exists()


def test_with_a_reason_the_unit_reads_it_once_and_that_is_recorded(client, cast, claim):
    sign_in(client, cast.city_organiser)
    answer = client.post(address(cast, claim), {"reason": "寄送奖品"})
    assert "13800000000" in answer.content.decode()
    assert "no-store" in answer.headers["cache-control"]
    assert AuditEvent.objects.get(verb="claim.open-contact").reason == "寄送奖品"
    assert "13800000000" not in client.get(address(cast, claim)).content.decode()


def test_from_above_one_sees_the_claim_and_cannot_open_it(client, cast, claim):
    sign_in(client, cast.provincial)
    assert b'name="reason"' not in client.get(address(cast, claim)).content
    assert client.post(address(cast, claim), {"reason": "curious"}).status_code == 403
