"""A ledger that many have written in before us: made in SQL, by the million, as the arena would have left it.

Attempt a is by player a mod `players`, who lives in a county that follows from the number; attempts fill the days one
after another up to today. Each is a start and a submit of a paper of twenty, in batches of five hundred entries whose
heads follow one another (root and signature are noise: nobody verifies them here). The standings' tables are computed
from these entries by SQL, except topics and minutes, which no figure of the bench reads.
"""

import math
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Final, LiteralString

import psycopg
from psycopg.sql import SQL, Identifier, Literal

DAYS: Final = 7
BATCH: Final = 250
"""Attempts of a batch; twice as many entries."""

SETTINGS: Final = ("work_mem = '512MB'", "maintenance_work_mem = '1GB'", "synchronous_commit = off", "jit = off")
HELPERS: Final[tuple[LiteralString, ...]] = (
    "CREATE FUNCTION bench_player(n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT md5(n::text)::uuid $$",
    """CREATE TABLE bench_county AS
       SELECT code, row_number() OVER (ORDER BY code) - 1 AS place FROM regions_region WHERE level = 'county'""",
)
ENTRIES: Final = """
INSERT INTO {partition} (batch, position, kind, day, attempt, contest, participant, region, ordinal, release, at_ms,
                         answers, answered, correct, score, seconds, team)
SELECT a / {size} + 1, 2 * (a %% {size}) + (kind = 'submit')::int, kind, {day}, md5('attempt' || a)::uuid, 'bench',
       bench_player(a %% {players}), c.code, 1, 1, {began} + (a - {first}) * 3 + CASE kind WHEN 'start' THEN 0 ELSE 1 END,
       CASE kind WHEN 'start' THEN '' ELSE 'a,b,a,a,c,a,a,b,a,a,a,b,a,a,c,a,a,b,a,a' END,
       CASE kind WHEN 'start' THEN 0 ELSE 1048575 END,
       CASE kind WHEN 'start' THEN 0 ELSE correct END,
       CASE kind WHEN 'start' THEN 0 ELSE 5 * bit_count(correct::bit(64)) END,
       CASE kind WHEN 'start' THEN 0 ELSE 60 + abs(hashint8(a + 3) %% 540) END, ''
FROM (SELECT a, (hashint8(a) | hashint8(a + 1)) & 1048575::bigint AS correct
      FROM generate_series({first}::bigint, {last}::bigint) AS a) AS paper
JOIN bench_county c ON c.place = abs(hashint8(a %% {players}) %% {counties})
CROSS JOIN (VALUES ('start'), ('submit')) AS two (kind)
"""
BATCHES: Final = """
INSERT INTO ledger_batch (number, previous, size, at_ms, root, head, signature)
SELECT n, CASE n WHEN 1 THEN decode(repeat('00', 32), 'hex') ELSE sha256((n - 1)::text::bytea) END, %s, n,
       sha256(('root' || n)::bytea), sha256(n::text::bytea), decode(repeat('ab', 64), 'hex')
FROM generate_series(1, %s) AS n
"""
STANDINGS: Final[tuple[LiteralString, ...]] = (
    """INSERT INTO standing_best (contest, participant, ancestry, score, seconds, at_ms, attempt)
       SELECT DISTINCT ON (participant) contest, participant, r.ancestry::text[], score, seconds, at_ms, attempt
       FROM ledger_entry JOIN regions_region r ON r.code = region WHERE kind = 'submit'
       ORDER BY participant, score DESC, seconds, at_ms, attempt""",
    """INSERT INTO standing_histogram (contest, region, score, seconds, participants)
       SELECT contest, home, score, seconds, count(*) FROM standing_best, unnest(ancestry) AS home
       GROUP BY contest, home, score, seconds""",
    """INSERT INTO standing_entrant (contest, region, participant, score, seconds, at_ms, attempt)
       SELECT contest, home, participant, score, seconds, at_ms, attempt FROM (
           SELECT b.*, home, row_number() OVER (
               PARTITION BY home ORDER BY b.score DESC, b.seconds, b.at_ms, b.attempt) AS place
           FROM standing_best b CROSS JOIN LATERAL unnest(ancestry) AS home
           JOIN (SELECT region, score, seconds FROM (
               SELECT *, row_number() OVER (PARTITION BY region ORDER BY score DESC, seconds) AS cell
               FROM standing_histogram) AS cells WHERE cell = 20) AS worst ON worst.region = home
           WHERE (b.score, worst.seconds) >= (worst.score, b.seconds)) AS placed
       WHERE place <= 20""",
    """INSERT INTO standing_region (contest, region, participants, papers, entrants)
       SELECT contest, region, sum(h.participants), 2 * sum(h.participants), (
           SELECT count(*) FROM standing_entrant e WHERE (e.contest, e.region) = (h.contest, h.region))
       FROM standing_histogram h GROUP BY contest, region""",
    """UPDATE standing_region r SET last_score = t.score, last_seconds = t.seconds
       FROM (SELECT *, row_number() OVER (
           PARTITION BY region ORDER BY score DESC, seconds, at_ms, attempt) AS place FROM standing_entrant) AS t
       WHERE t.place = 20 AND t.region = r.region""",
    """INSERT INTO standing_score (contest, region, score, half_minute, participants)
       SELECT contest, region, score, seconds / 30, sum(participants) FROM standing_histogram
       GROUP BY contest, region, score, seconds / 30""",
    "UPDATE standing_progress SET batch = (SELECT max(number) FROM ledger_batch)",
)


def fill(url: str, attempts: int, players: int, today: date, began_ms: int) -> None:
    """`players` have made `attempts` in the week up to today, whose contest's day began at `began_ms`."""
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in HELPERS:
            connection.execute(statement)
        row = connection.execute("SELECT count(*) FROM bench_county").fetchone()
        assert row is not None
        connection.execute(BATCHES, [2 * BATCH, math.ceil(attempts / BATCH)])
    share = math.ceil(attempts / DAYS)
    with ThreadPoolExecutor(2) as pool:
        jobs = [
            pool.submit(
                _fill_day,
                url,
                today - timedelta(days=DAYS - 1 - number),
                began_ms - (DAYS - 1 - number) * 86_400_000,
                (number * share, min((number + 1) * share, attempts) - 1),
                (players, row[0]),
            )
            for number in range(DAYS)
        ]
        for job in jobs:
            job.result()


def _fill_day(url: str, day: date, began_ms: int, span: tuple[int, int], people: tuple[int, int]) -> None:
    name = f"ledger_entry_{day:%Y%m%d}"
    partition = Identifier(name)
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in SETTINGS:
            connection.execute(SQL("SET " + setting))
        with connection.transaction():  # a table made in the same transaction needs no log
            connection.execute(
                SQL("CREATE TABLE {} (LIKE ledger_entry INCLUDING CONSTRAINTS, CHECK (day = {}))").format(
                    partition, Literal(day)
                )
            )
            connection.execute(
                SQL(ENTRIES.replace("%%", "%")).format(
                    partition=partition,
                    size=Literal(BATCH),
                    day=Literal(day),
                    players=Literal(people[0]),
                    began=Literal(began_ms),
                    first=Literal(span[0]),
                    last=Literal(span[1]),
                    counties=Literal(people[1]),
                )
            )
        connection.execute(
            SQL("ALTER TABLE ledger_entry ATTACH PARTITION {} FOR VALUES IN ({})").format(partition, Literal(day))
        )
        connection.execute(
            SQL(
                "CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {} "
                "FOR EACH STATEMENT EXECUTE FUNCTION knowledge_refuse_change()"
            ).format(partition)
        )


def settle(url: str) -> None:
    """The standings of what was filled in, and everything vacuumed, as a server of some days would have it."""
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in SETTINGS:
            connection.execute(SQL("SET " + setting))
        for statement in STANDINGS:
            connection.execute(statement)
        connection.execute("VACUUM (FREEZE, ANALYZE) ledger_entry, ledger_batch, standing_best, standing_histogram")
        connection.execute("VACUUM (FREEZE, ANALYZE) standing_entrant, standing_region, standing_score")
        connection.execute("CHECKPOINT")


def some_players(url: str, count: int, players: int) -> list[tuple[str, str]]:
    """(participant, county) of players spread over all."""
    query = """
        SELECT bench_player(n)::text, c.code FROM generate_series(0::bigint, %(players)s - 1, %(step)s) AS n
        JOIN bench_county c ON c.place = abs(hashint8(n) %% (SELECT count(*) FROM bench_county)) LIMIT %(count)s
    """
    with psycopg.connect(url) as connection:
        step = max(1, players // count)
        return connection.execute(query, {"players": players, "step": step, "count": count}).fetchall()


def sizes(url: str) -> dict[str, int]:
    """Bytes of the ledger and of the standings, indexes and all."""
    query = """
        SELECT CASE WHEN relname LIKE 'ledger%' THEN 'ledger' ELSE relname END, sum(pg_total_relation_size(oid))::bigint
        FROM pg_class WHERE relkind = 'r' AND (relname LIKE 'ledger%' OR relname LIKE 'standing%') GROUP BY 1
    """
    with psycopg.connect(url) as connection:
        return dict(connection.execute(query).fetchall())
