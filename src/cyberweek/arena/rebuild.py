"""Rulings: what exclusions, readmissions and regrades do to the standings.

Who is excluded is taken out (`leaving`), who is readmitted comes back (`standings`). By a regrade a best paper can get worse,
and what stood below it is not kept: the contest's projections are deleted and counted again from the whole ledger, with what
counts now, by the same SQL that counts what is new: one transaction, so boards show the old state until the new one is whole.
Which rulings hold is a projection too (`standing_excluded`, `standing_regrade`), kept in that same transaction.

Marks by the keys of a later release come from Python (`Marker`), since a paper has to be drawn again to know its items;
SQL is handed those that differ. The event loop gets its turn every few papers: answers go before boards.
"""

import asyncio
import logging
from collections.abc import Sequence
from typing import Final, NamedTuple

from psycopg.sql import SQL, Identifier

from cyberweek.arena.database import Connection
from cyberweek.arena.entries import COLUMNS
from cyberweek.arena.releases import Release, Releases
from cyberweek.knowledge.core.chain import Entry

logger = logging.getLogger(__name__)

PROJECTIONS: Final = (
    "standing_best", "standing_entrant", "standing_score", "standing_histogram", "standing_region", "standing_topic", "standing_minute"
)  # fmt: skip
RULED: Final = """
    SELECT kind, contest, participant, release, at_ms, answers FROM ledger_entry
    WHERE kind IN ('exclude', 'readmit', 'regrade') AND batch > %s AND batch <= %s ORDER BY batch, position
"""
EXCLUDE: Final = """
    INSERT INTO standing_excluded (contest, participant, at_ms, reason) VALUES (%s, %s, %s, %s)
    ON CONFLICT (contest, participant) DO UPDATE SET at_ms = excluded.at_ms, reason = excluded.reason
    RETURNING xmax = 0
"""
READMIT: Final = "DELETE FROM standing_excluded WHERE (contest, participant) = (%s, %s)"
REGRADE: Final = """
    INSERT INTO standing_regrade (contest, release) VALUES (%s, %s)
    ON CONFLICT (contest) DO UPDATE SET release = excluded.release
"""
REGRADES: Final = "SELECT contest, release FROM standing_regrade"
EARLIER_PAPERS: Final = f"""
    SELECT s.batch, s.position, {COLUMNS}
    FROM (SELECT * FROM ledger_entry WHERE batch > %s AND batch <= %s OFFSET 0) AS s
    JOIN unnest(%s::text[], %s::int[]) AS earlier (contest, release) USING (contest, release)
    WHERE s.kind IN ('submit', 'step')
"""  # noqa: S608 -- constants only
AGAIN_AT_ONCE: Final = 1000
"""Batches that one statement counts when a contest is counted again: larger sets are cheaper a paper."""
AGAIN_SECONDS: Final = 4 * 3600.0
"""How long counting again may take before the database counts as hung."""
_BATCHES_IN_MEMORY: Final = 20
_PAPERS_A_TURN: Final = 50
"""Papers marked before the event loop has its turn: some two milliseconds."""

IS_RULED: Final = """
    SELECT EXISTS (SELECT FROM ledger_entry WHERE kind IN ('exclude', 'readmit', 'regrade')
                   AND batch > (SELECT batch FROM standing_progress))
"""
# A table of the session's own: found by its key whatever the planner believes, which unnested arrays are not.
CORRECTED: Final = """
    CREATE TEMPORARY TABLE IF NOT EXISTS corrected (
        batch bigint, position integer, answered bigint, correct bigint, score integer, PRIMARY KEY (batch, position)
    ) ON COMMIT DELETE ROWS
"""
FORGET: Final = "DELETE FROM corrected"
COPY: Final = "COPY corrected (batch, position, answered, correct, score) FROM STDIN"


class Ruled(NamedTuple):
    """What rulings ask of the standings."""

    again: set[str]
    """Contests that have to be counted again."""
    leaving: set[tuple[str, str]]
    """(contest, participant) of who counted until now and does not any more."""
    coming: set[tuple[str, str]]
    """(contest, participant) of who did not count until now and does again."""


async def follow_rulings(connection: Connection, after: int, until: int) -> Ruled:
    """Notes the rulings of these batches."""
    again, leaving, coming = set[str](), set[tuple[str, str]](), set[tuple[str, str]]()
    ruled = await (await connection.execute(RULED, [after, until])).fetchall()
    for kind, contest, participant, release, at_ms, reason in ruled:
        if kind == "regrade":
            await connection.execute(REGRADE, [contest, release])
            again.add(contest)
            continue
        if kind == "exclude":
            added = await connection.execute(EXCLUDE, [contest, participant, at_ms, reason])
            is_new, went, back = await added.fetchone() == (True,), leaving, coming
        else:
            gone = await connection.execute(READMIT, [contest, participant])
            is_new, went, back = gone.rowcount == 1, coming, leaving
        if is_new:  # one that undoes another of these batches leaves things as they were
            who = (contest, str(participant))
            (back.remove if who in back else went.add)(who)
    return Ruled(again, leaving, coming)


async def clear(connection: Connection, contest: str) -> None:
    """Deletes what the standings hold of a contest."""
    for table in PROJECTIONS:
        await connection.execute(SQL("DELETE FROM {} WHERE contest = %s").format(Identifier(table)), [contest])


async def correct(
    connection: Connection, releases: Releases, ranked: Sequence[Release], after: int, until: int
) -> None:
    """Fills `corrected`: papers of these batches that a regrade marks otherwise than their entry says."""
    await connection.execute(CORRECTED)
    later = await _regrades(connection, releases)
    earlier = [
        release for release in ranked if release.contest in later and release.number < later[release.contest].number
    ]
    if not earlier:
        return
    await connection.execute(FORGET)
    markers = {(release.contest, release.number): release.marker for release in earlier}
    contests, numbers = [release.contest for release in earlier], [release.number for release in earlier]
    for first in range(after, until, _BATCHES_IN_MEMORY):
        last = min(first + _BATCHES_IN_MEMORY, until)
        rows = await (await connection.execute(EARLIER_PAPERS, [first, last, contests, numbers])).fetchall()
        found = []
        for turn, (batch, position, *fields) in enumerate(rows, 1):
            entry = Entry(*fields)
            marks = markers[entry.contest, entry.release].mark(entry, later[entry.contest].marker)
            if marks != (entry.answered, entry.correct, entry.score):
                found.append((batch, position, *marks))
            if turn % _PAPERS_A_TURN == 0:
                await asyncio.sleep(0)
        async with connection.cursor() as cursor, cursor.copy(COPY) as copy:
            for row in found:
                await copy.write_row(row)


async def _regrades(connection: Connection, releases: Releases) -> dict[str, Release]:
    """For each contest with a regrade, the release by whose keys earlier papers are marked."""
    held = {}
    for contest, number in await (await connection.execute(REGRADES)).fetchall():
        release = releases.get(contest, number)
        if release is None:
            logger.error("a regrade of %s names release %s, which is not there: it is passed over", contest, number)
        else:
            held[contest] = release
    return held
