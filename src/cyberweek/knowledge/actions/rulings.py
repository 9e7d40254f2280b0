from __future__ import annotations

import datetime as dt
import uuid
from typing import Final

import msgspec
from django.conf import settings
from django.db import connection, transaction

from cyberweek.knowledge.core.chain import CHAIN_LOCK, GENESIS, NOBODY, Batch, Entry, Tree, chain_head, signing_key
from cyberweek.knowledge.core.rulings import Ruling, is_plain_reason

from .refusals import ReasonRefusedError

_ADD_ENTRY: Final = """
    INSERT INTO ledger_entry (batch, position, kind, day, attempt, contest, participant, region, ordinal, release, at_ms,
                              answers, answered, correct, score, seconds, team)
    VALUES (%s, 0, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


@transaction.atomic
def append_ruling(
    *,
    kind: Ruling,
    contest: str,
    reason: str,
    now: dt.datetime,
    participant: str = NOBODY,
    release: int = 0,
    ruling: uuid.UUID | None = None,
) -> Entry:
    """Write one ruling into the ledger; the boards follow. `ruling` is its own id, a new one where none is given.

    Raises ReasonRefusedError as `append_entry` does.
    """
    day, at_ms = now.astimezone(dt.UTC).date().isoformat(), int(now.timestamp() * 1000)
    entry = Entry(kind, day, str(ruling or uuid.uuid4()), contest, participant, "", 0, release, at_ms, reason.strip())
    append_entry(entry=entry)
    return entry


@transaction.atomic
def append_entry(*, entry: Entry) -> int:
    """Write one entry of an organiser's into the ledger, as a batch of its own, and give that batch's number.

    The chain is locked until the caller's transaction ends: do whatever takes long before. Raises ReasonRefusedError
    when the text in `answers` is not one plain line (see `core.rulings`).
    """
    if not is_plain_reason(entry.answers):
        raise ReasonRefusedError(entry.answers)
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_open_day(%s)", [entry.day])
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
        cursor.execute("SELECT number, head FROM ledger_batch ORDER BY number DESC LIMIT 1")
        last, head = cursor.fetchone() or (0, GENESIS)
        batch = _sealed(last + 1, bytes(head), entry)
        cursor.execute(
            "INSERT INTO ledger_batch (number, previous, size, at_ms, root, head, signature)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            [batch.number, batch.previous, batch.size, batch.at_ms, batch.root, batch.head, batch.signature],
        )
        cursor.execute(_ADD_ENTRY, [batch.number, *msgspec.structs.astuple(entry)])
    return batch.number


def _sealed(number: int, previous: bytes, entry: Entry) -> Batch:
    root = Tree([entry.line()]).root
    signature = signing_key(settings.SECRET_KEY).sign(chain_head(previous, number, 1, entry.at_ms, root))
    return Batch(number, previous, 1, entry.at_ms, root, signature)
