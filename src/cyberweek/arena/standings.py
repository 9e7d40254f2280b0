"""The standings: one elected worker reads what is new in the ledger and keeps what boards are read from.

Elected means: it holds an advisory lock for as long as its session lives; when it dies another process has the lock
within seconds. Its progress commits together with what it counted, so nothing is counted twice. Batch numbers are given
under the chain's lock, so no batch appears below one that was already read.

A board is the first twenty of a region, or of a team, which stands at the end of a paper's ancestry as `team:<id>`. A
participant's region and team in a contest never change and a best paper only gets better, so nobody comes back onto a
board without being among the improved. Whoever is no worse than the last of the twenty were is put down (`entrant`); a
board on which many lie is cut back to its twenty (`CUT`); who reads it takes the first twenty (the view standing_top).
Who is excluded is taken out (`leaving`), and who is readmitted comes back by the statement that counts what is new, run
over all that they wrote. A regrade can make a best worse: then the contest is counted again from the start (`rebuild`).
"""

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

import psycopg

from cyberweek.arena.clock import Clock
from cyberweek.arena.config import Config
from cyberweek.arena.database import STANDINGS_CHANNEL, WORKER_LOCK, Connection, connect, patience
from cyberweek.arena.leaving import is_regraded, take_out
from cyberweek.arena.rebuild import AGAIN_AT_ONCE, AGAIN_SECONDS, CORRECTED, IS_RULED, clear, correct, follow_rulings
from cyberweek.arena.releases import Release, Releases

logger = logging.getLogger(__name__)

ROUND: Final = 1000
"""Entries that one round counts, and the rest of the batch it stops in: so short that answers hardly notice it."""
LATE_MS: Final = 10_000
"""Boards that lag this far behind are counted without a rest."""
CROWD: Final = 60
"""Entries that lie on a board before it is cut back to twenty."""
_ELECTION_SECONDS: Final = 1.0
_HUNG_SECONDS: Final = 60.0
"""A database that says nothing for so long is left: it may be a primary that was cut off and replaced."""

# New batches are found by the primary key, best papers one by one: with a plan for parameters unknown PostgreSQL reads
# the day's whole partition instead (a quarter of a second at half a million papers, every half second).
# A process that freezes loses its election after half a minute without a word.
SETTINGS: Final = {
    "jit": "off",
    "enable_seqscan": "off",
    "enable_bitmapscan": "off",
    "plan_cache_mode": "force_custom_plan",
    "idle_session_timeout": "30s",
    "idle_in_transaction_session_timeout": "10s",
}

PROGRESS: Final = "SELECT batch FROM standing_progress FOR UPDATE"
NEWEST: Final = "SELECT coalesce(max(number), 0) FROM ledger_batch"
# Where a round ends, and how many milliseconds of the ledger it leaves uncounted. No batch is empty, so ROUND batches are enough to read.
ROUND_ENDS: Final = """
    SELECT number, newest.at_ms - next.at_ms
    FROM (SELECT number, at_ms, sum(size) OVER (ORDER BY number) - size AS entries_before FROM ledger_batch
          WHERE number > %(after)s AND number <= %(after)s + %(round)s AND number <= %(newest)s) AS next,
         (SELECT at_ms FROM ledger_batch WHERE number = %(newest)s) AS newest
    WHERE entries_before < %(round)s ORDER BY number DESC LIMIT 1
"""
ADVANCE: Final = """
WITH papers AS MATERIALIZED (
    SELECT e.kind, contest, release, e.participant, e.attempt, e.at_ms, e.seconds,
        coalesce(c.answered, e.answered) AS answered, coalesce(c.correct, e.correct) AS correct,
        coalesce(c.score, e.score) AS score, coalesce(r.ancestry::text[], ARRAY[e.region])
        || CASE WHEN e.team <> '' THEN ARRAY['team:' || e.team] ELSE '{}' END AS ancestry
    FROM (SELECT * FROM ledger_entry WHERE batch > %(after)s AND batch <= %(until)s OFFSET 0) AS e
    JOIN unnest(%(contests)s::text[], %(numbers)s::int[]) AS ranked (contest, release) USING (contest, release)
    LEFT JOIN corrected c USING (batch, position)
    LEFT JOIN regions_region r ON r.code = e.region
    LEFT JOIN standing_excluded x USING (contest, participant)
    WHERE e.kind IN ('submit', 'step') AND x.participant IS NULL
), best AS (
    SELECT DISTINCT ON (contest, participant) * FROM papers
    ORDER BY contest, participant, score DESC, seconds, at_ms, attempt
), improved AS MATERIALIZED (
    SELECT n.*, o.score AS old_score, o.seconds AS old_seconds, o.ancestry AS old_ancestry
    FROM best n LEFT JOIN standing_best o USING (contest, participant)
    WHERE o.participant IS NULL
       OR (n.score, o.seconds, o.at_ms, o.attempt) > (o.score, n.seconds, n.at_ms, n.attempt)
), keep_best AS (
    INSERT INTO standing_best AS b (contest, participant, ancestry, score, seconds, at_ms, attempt)
    SELECT contest, participant, ancestry, score, seconds, at_ms, attempt FROM improved
    ON CONFLICT (contest, participant) DO UPDATE SET ancestry = excluded.ancestry, score = excluded.score,
        seconds = excluded.seconds, at_ms = excluded.at_ms, attempt = excluded.attempt
), keep_histogram AS (
    INSERT INTO standing_histogram AS h (contest, region, score, seconds, participants)
    SELECT contest, region, score, seconds, sum(change) FROM (
        SELECT contest, unnest(ancestry) AS region, score, seconds, 1 AS change FROM improved
        UNION ALL
        SELECT contest, unnest(old_ancestry), old_score, old_seconds, -1 FROM improved WHERE old_score IS NOT NULL
    ) AS moves GROUP BY contest, region, score, seconds HAVING sum(change) <> 0
    ON CONFLICT (contest, region, score, seconds) DO UPDATE SET participants = h.participants + excluded.participants
), keep_score AS (
    INSERT INTO standing_score AS s (contest, region, score, half_minute, participants)
    SELECT contest, region, score, half_minute, sum(change) FROM (
        SELECT contest, unnest(ancestry) AS region, score, seconds / 30 AS half_minute, 1 AS change FROM improved
        UNION ALL
        SELECT contest, unnest(old_ancestry), old_score, old_seconds / 30, -1 FROM improved WHERE old_score IS NOT NULL
    ) AS moves GROUP BY contest, region, score, half_minute HAVING sum(change) <> 0
    ON CONFLICT (contest, region, score, half_minute) DO UPDATE SET participants = s.participants + excluded.participants
), entrant AS MATERIALIZED (
    SELECT n.contest, home.code AS region, n.participant, n.score, n.seconds, n.at_ms, n.attempt
    FROM improved n CROSS JOIN LATERAL unnest(n.ancestry) AS home (code)
    LEFT JOIN standing_region r ON (r.contest, r.region) = (n.contest, home.code)
    WHERE r.last_score IS NULL OR (n.score, r.last_seconds) >= (r.last_score, n.seconds)
), keep_entrant AS (
    INSERT INTO standing_entrant AS t (contest, region, participant, score, seconds, at_ms, attempt)
    SELECT * FROM entrant
    ON CONFLICT (contest, region, participant) DO UPDATE SET score = excluded.score, seconds = excluded.seconds,
        at_ms = excluded.at_ms, attempt = excluded.attempt
), keep_region AS (
    INSERT INTO standing_region AS r (contest, region, participants, papers, entrants)
    SELECT contest, region, sum(participants), sum(papers), sum(entrants) FROM (
        SELECT contest, unnest(ancestry) AS region, 0 AS participants, count(*) AS papers, 0 AS entrants
        FROM papers WHERE kind = 'submit' GROUP BY contest, ancestry
        UNION ALL
        SELECT contest, unnest(ancestry), count(*), 0, 0
        FROM improved WHERE old_score IS NULL GROUP BY contest, ancestry
        UNION ALL
        SELECT contest, region, 0, 0, count(*) FROM entrant GROUP BY contest, region
    ) AS counts GROUP BY contest, region
    ON CONFLICT (contest, region) DO UPDATE SET participants = r.participants + excluded.participants,
        papers = r.papers + excluded.papers, entrants = r.entrants + excluded.entrants
    RETURNING contest, region, entrants
), keep_topic AS (
    INSERT INTO standing_topic AS t (contest, topic, correct, answered)
    SELECT contest, topic, sum(bit_count((correct & mask)::bit(64))), sum(bit_count((answered & mask)::bit(64)))
    FROM papers JOIN unnest(%(topic_contests)s::text[], %(topic_numbers)s::int[], %(topics)s::text[],
                            %(masks)s::bigint[]) AS asked (contest, release, topic, mask) USING (contest, release)
    WHERE kind = 'submit' GROUP BY contest, topic
    ON CONFLICT (contest, topic) DO UPDATE SET correct = t.correct + excluded.correct,
        answered = t.answered + excluded.answered
), keep_minute AS (
    INSERT INTO standing_minute AS m (contest, minute, papers)
    SELECT contest, at_ms / 60000, count(*) FROM papers WHERE kind = 'submit' GROUP BY contest, at_ms / 60000
    ON CONFLICT (contest, minute) DO UPDATE SET papers = m.papers + excluded.papers
), keep_progress AS (
    UPDATE standing_progress SET batch = %(until)s
)
SELECT contest, region FROM keep_region WHERE entrants > %(crowd)s
"""
# The same for all that one participant wrote up to a batch: nothing of it is counted while they are excluded.
NEW: Final = "(SELECT * FROM ledger_entry WHERE batch > %(after)s AND batch <= %(until)s OFFSET 0) AS e"
THEIRS: Final = """(
        SELECT e.* FROM ledger_entry s
        JOIN ledger_entry e ON (e.attempt, e.day) = (s.attempt, s.day) AND e.batch <= %(until)s
        WHERE s.kind = 'start' AND (s.participant, s.contest) = (%(participant)s::uuid, %(contest)s)
    ) AS e"""
COME_BACK: Final = ADVANCE.replace(NEW, THEIRS)
# Cuts boards back to their twenty, and notes what the last of them has: with less nobody enters any more.
CUT: Final = """
WITH placed AS MATERIALIZED (
    SELECT e.*, row_number() OVER (
        PARTITION BY contest, region ORDER BY e.score DESC, e.seconds, e.at_ms, e.attempt) AS place
    FROM unnest(%s::text[], %s::text[]) AS full_board (contest, region) JOIN standing_entrant e USING (contest, region)
), leave AS (
    DELETE FROM standing_entrant e USING placed p
    WHERE p.place > 20 AND (p.contest, p.region, p.participant) = (e.contest, e.region, e.participant)
)
UPDATE standing_region r SET entrants = 20, last_score = p.score, last_seconds = p.seconds
FROM placed p WHERE p.place = 20 AND (p.contest, p.region) = (r.contest, r.region)
"""


class StandingsWorker:
    def __init__(self, config: Config, clock: Clock) -> None:
        self._config = config
        self._clock = clock
        self._releases = Releases()
        self._open_days: set[date] = set()

    async def run(self) -> None:
        while True:
            try:
                connection = await connect(self._config.database_url, "standings", **SETTINGS)
                async with connection:
                    await self._stand_for_election(connection)
                    logger.info("this process keeps the standings")
                    while True:
                        await self._open_days_ahead(connection)
                        began = time.monotonic()
                        behind_ms = await self._advance(connection)
                        worked = time.monotonic() - began
                        # As long at rest as at work: in a rush answers go before boards, up to a point.
                        if behind_ms is None:
                            await asyncio.sleep(max(self._config.standings_seconds, worked))
                        elif behind_ms < LATE_MS:
                            await asyncio.sleep(worked)
            except (psycopg.Error, OSError) as error:
                logger.warning("the standings wait: %s", error)
                await asyncio.sleep(_ELECTION_SECONDS)

    async def _advance(self, connection: Connection) -> int | None:
        with patience(connection):
            (ruled,) = await _one(connection, IS_RULED)
        with patience(connection, AGAIN_SECONDS if ruled else _HUNG_SECONDS):
            return await advance(connection, self._releases)

    async def _stand_for_election(self, connection: Connection) -> None:
        while True:
            with patience(connection):
                row = await (await connection.execute("SELECT pg_try_advisory_lock(%s)", [WORKER_LOCK])).fetchone()
            if row == (True,):
                return
            await asyncio.sleep(_ELECTION_SECONDS)

    async def _open_days_ahead(self, connection: Connection) -> None:
        """Today's and tomorrow's partitions; the ledger opens a day on demand too, this only spares it the wait."""
        now = self._clock.now_ms()
        todays = {date.fromisoformat(release.local_day(now)) for release in self._releases}
        wanted = todays | {today + timedelta(days=1) for today in todays}
        for day in wanted - self._open_days:
            await connection.execute("SELECT ledger_open_day(%s)", [day])
            self._open_days.add(day)


async def advance(connection: Connection, releases: Releases) -> int | None:
    """Counts the next batches; how many milliseconds of the ledger are still to be counted, None when it is all counted.

    One transaction: counted and noted, or neither.
    """
    async with connection.transaction():
        (after,) = await _one(connection, PROGRESS)
        (newest,) = await _one(connection, NEWEST)
        if newest <= after:
            await releases.load(connection)
            return None
        await releases.load(connection)  # after NEWEST, so that every entry's release is known
        until, behind_ms = await _one(connection, ROUND_ENDS, {"after": after, "newest": newest, "round": ROUND})
        again, leaving, coming = await follow_rulings(connection, after, until)
        ranked = [release for release in releases.all() if not release.pack.practice]
        for contest, participant in sorted(leaving | coming):
            its = _what_counts([release for release in ranked if release.contest == contest])
            if contest in again or await is_regraded(connection, contest):
                again.add(contest)
            elif (contest, participant) in coming:
                await _take_in(connection, contest, participant, after, its)
            elif not await take_out(connection, contest, participant, after, its):
                again.add(contest)
        await _count(
            connection, releases, [release for release in ranked if release.contest not in again], after, until
        )
        for contest in sorted(again):
            await _count_again(connection, releases, [r for r in ranked if r.contest == contest], contest, until)
        await connection.execute("SELECT pg_notify(%s, %s)", [STANDINGS_CHANNEL, str(until)])
        return behind_ms if until < newest else None


async def _one(connection: Connection, query: str, parameters: dict[str, int] | None = None) -> tuple[int, ...]:
    row = await (await connection.execute(query, parameters)).fetchone()
    assert row is not None
    return row


async def _count(connection: Connection, releases: Releases, ranked: Sequence[Release], after: int, until: int) -> None:
    """Counts the papers of these releases in these batches, as rulings would have them."""
    await correct(connection, releases, ranked, after, until)
    await _add(connection, ADVANCE, {"after": after, "until": until, **_what_counts(ranked)})


async def _take_in(
    connection: Connection, contest: str, participant: str, until: int, what_counts: Mapping[str, list[object]]
) -> None:
    """Counts what a readmitted participant wrote up to batch `until`, by the keys of the releases it was written on."""
    await connection.execute(CORRECTED)
    await _add(connection, COME_BACK, {"contest": contest, "participant": participant, "until": until, **what_counts})


async def _add(connection: Connection, statement: str, what: Mapping[str, object]) -> None:
    crowded = await (await connection.execute(statement, {"crowd": CROWD, **what})).fetchall()
    if crowded:
        await connection.execute(CUT, [[board[0] for board in crowded], [board[1] for board in crowded]])


async def _count_again(
    connection: Connection, releases: Releases, ranked: Sequence[Release], contest: str, until: int
) -> None:
    """Counts one contest from the ledger's first batch on (see `rebuild`)."""
    began = time.monotonic()
    await clear(connection, contest)
    for after in range(0, until, AGAIN_AT_ONCE):
        await _count(connection, releases, ranked, after, min(after + AGAIN_AT_ONCE, until))
    logger.info("the standings of %s were counted again in %.1f s", contest, time.monotonic() - began)


def _what_counts(ranked: Sequence[Release]) -> dict[str, list[object]]:
    asked = [(r.contest, r.number, topic, mask) for r in ranked for topic, mask in r.topics.items()]
    return {
        "contests": [release.contest for release in ranked],
        "numbers": [release.number for release in ranked],
        "topic_contests": [row[0] for row in asked],
        "topic_numbers": [row[1] for row in asked],
        "topics": [row[2] for row in asked],
        "masks": [row[3] for row in asked],
    }
