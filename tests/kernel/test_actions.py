"""The audit trail: what differs is kept, and nothing can be rewritten."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from cyberweek.kernel.actions import record, snapshot
from cyberweek.kernel.models import AuditEvent


@pytest.fixture
def event(cast):
    before = snapshot(cast.edition, ["slug", "year", "starts"])
    cast.edition.year = 2020
    after = snapshot(cast.edition, ["slug", "year", "starts"])
    return record(
        actor=cast.national,
        verb="edition.edit",
        thing=cast.edition,
        unit=cast.national_unit.pk,
        before=before,
        after=after,
    )


def test_only_what_differs_is_kept(event, cast):
    assert (event.before, event.after) == ({"year": 2019}, {"year": 2020})
    assert (event.noun, event.key) == ("editions.edition", str(cast.edition.pk))
    assert event.actor == cast.national


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE kernel_auditevent SET verb = 'nothing'",
        "DELETE FROM kernel_auditevent",
        "TRUNCATE kernel_auditevent",
    ],
)
def test_the_database_refuses_to_rewrite_the_trail(event, statement):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else TRUNCATE is refused already for pending foreign keys
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEvent.objects.filter(pk=event.pk, verb="edition.edit").exists()
