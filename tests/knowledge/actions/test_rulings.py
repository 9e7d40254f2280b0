from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection, transaction

from cyberweek.arena.entries import COLUMNS
from cyberweek.knowledge.actions import ReasonRefusedError, append_ruling
from cyberweek.knowledge.core.chain import GENESIS, Batch, Entry, Tree, signing_key
from tests.factories.knowledge import NOW

PLAYER = "0b0c5bd0-6f8a-4bb3-8b44-8a4c4f1d9c11"


def rulings():
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, participant::text, release, answers FROM ledger_entry ORDER BY batch")
        return cursor.fetchall()


def chained():
    """Every batch as the verifier sees it: its fields, its head, its one entry's line."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, previous, size, at_ms, root, signature, head FROM ledger_batch ORDER BY number")
        batches = [(Batch(*map(plain, row[:-1])), bytes(row[-1])) for row in cursor.fetchall()]
        cursor.execute(f"SELECT {COLUMNS} FROM ledger_entry s ORDER BY batch")
        return [(*batch, Entry(*row).line()) for batch, row in zip(batches, cursor.fetchall(), strict=True)]


def plain(value):
    return bytes(value) if isinstance(value, memoryview) else value


@pytest.mark.django_db
def test_rulings_stand_in_the_chain_like_any_answer():
    append_ruling(kind="exclude", contest="week", participant=PLAYER, reason=" 作弊 ", now=NOW)
    append_ruling(kind="regrade", contest="week", release=2, reason="item laws-004 had the wrong key", now=NOW)
    assert rulings() == [
        ("exclude", PLAYER, 0, "作弊"),
        ("regrade", "00000000-0000-0000-0000-000000000000", 2, "item laws-004 had the wrong key"),
    ]
    head = GENESIS
    for batch, stored_head, line in chained():
        assert (batch.previous, batch.root, batch.head) == (head, Tree([line]).root, stored_head)
        signing_key(settings.SECRET_KEY).public_key().verify(batch.signature, stored_head)
        head = stored_head


@pytest.mark.django_db
def test_a_ruling_of_a_transaction_that_fails_was_never_made():
    with transaction.atomic():
        append_ruling(kind="exclude", contest="week", participant=PLAYER, reason="because", now=NOW)
        transaction.set_rollback(True)
    assert rulings() == []


@pytest.mark.django_db
@pytest.mark.parametrize("reason", ["", "two\nlines", "x" * 501])
def test_a_ruling_wants_a_reason_in_one_plain_line(reason):
    with pytest.raises(ReasonRefusedError):
        append_ruling(kind="exclude", contest="week", participant=PLAYER, reason=reason, now=NOW)
    assert rulings() == []
