"""Entries of the ledger read back: by whose attempt, by batch, and with what a receipt needs."""

from collections.abc import Sequence
from typing import Final

from psycopg.rows import TupleRow

from cyberweek.arena.database import Connection
from cyberweek.arena.wishes import Stored
from cyberweek.knowledge.core.chain import Batch, Entry, Tree

COLUMNS: Final = (
    "s.kind, s.day::text, s.attempt::text, s.contest, s.participant::text, s.region, s.ordinal, s.release, s.at_ms, "
    "s.answers, s.answered, s.correct, s.score, s.seconds, s.team"
)
EARLIER_STARTS: Final = f"""
    SELECT {COLUMNS}, s.batch, s.position, submit.attempt IS NOT NULL
    FROM unnest(%s::text[]::uuid[], %s::text[], %s::text[]::date[]) AS wish (participant, contest, day)
    CROSS JOIN LATERAL (
        SELECT * FROM ledger_entry
        WHERE kind = 'start' AND (participant, contest, day) = (wish.participant, wish.contest, wish.day) OFFSET 0
    ) AS s
    LEFT JOIN LATERAL (
        SELECT attempt FROM ledger_entry WHERE kind = 'submit' AND (attempt, day) = (s.attempt, s.day) LIMIT 1
    ) AS submit ON true
"""  # noqa: S608 -- constants only
EARLIER_SUBMITS: Final = f"""
    SELECT {COLUMNS}, s.batch, s.position
    FROM unnest(%s::text[]::uuid[], %s::text[]::date[]) AS wish (attempt, day)
    CROSS JOIN LATERAL (
        SELECT * FROM ledger_entry WHERE kind = 'submit' AND (attempt, day) = (wish.attempt, wish.day) LIMIT 1
    ) AS s
"""  # noqa: S608 -- constants only
LATEST_OF_RUN: Final = f"""
    SELECT {COLUMNS}, s.batch, s.position
    FROM unnest(%s::text[]::uuid[], %s::text[]::date[]) AS wish (attempt, day)
    CROSS JOIN LATERAL (
        (SELECT * FROM ledger_entry WHERE kind = 'submit' AND (attempt, day) = (wish.attempt, wish.day) LIMIT 1)
        UNION ALL
        (SELECT * FROM ledger_entry WHERE kind = 'step' AND (attempt, day) = (wish.attempt, wish.day)
         ORDER BY answered DESC LIMIT 1)
        ORDER BY kind DESC LIMIT 1
    ) AS s
"""  # noqa: S608 -- constants only
EARLIER_SAVES: Final = f"""
    SELECT {COLUMNS}, s.batch, s.position
    FROM unnest(%s::text[]::uuid[], %s::text[]::date[], %s::int[]) AS wish (attempt, day, seconds)
    CROSS JOIN LATERAL (
        SELECT * FROM ledger_entry
        WHERE kind = 'save' AND seconds <> 0 AND (attempt, day, seconds) = (wish.attempt, wish.day, wish.seconds) LIMIT 1
    ) AS s
"""  # noqa: S608 -- constants only
BATCH: Final = "SELECT number, previous, size, at_ms, root, signature FROM ledger_batch WHERE number = %s"
ENTRIES: Final = f"SELECT {COLUMNS} FROM ledger_entry s WHERE batch = %s ORDER BY position"  # noqa: S608 -- as above


async def with_proof(connection: Connection, stored: Stored) -> Stored:
    """The same with what its receipt needs, read back; the receipt is the one given first, byte for byte."""
    if stored.proof is not None:
        return stored
    row = await (await connection.execute(BATCH, [stored.batch])).fetchone()
    assert row is not None
    entries = await (await connection.execute(ENTRIES, [stored.batch])).fetchall()
    return stored._replace(proof=(Batch(*row), Tree([Entry(*entry).line() for entry in entries])))


async def find_submit(connection: Connection, attempt: str, day: str) -> Stored | None:
    row = await (await connection.execute(EARLIER_SUBMITS, [[attempt], [day]])).fetchone()
    return None if row is None else stored_of(list(row))


def stored_of(row: Sequence[object] | TupleRow) -> Stored:
    """A row of COLUMNS, batch and position."""
    *fields, batch, position = row
    return Stored(Entry(*fields), batch, position, fresh=False)  # type: ignore[arg-type]  # as COLUMNS are


async def find_run(connection: Connection, attempt: str, day: str) -> Stored | None:
    """The newest entry of an endless run, if any answer of it has arrived."""
    row = await (await connection.execute(LATEST_OF_RUN, [[attempt], [day]])).fetchone()
    return None if row is None else stored_of(list(row))
