"""One participant out of the standings: what an exclusion does, without counting the contest again.

What the participant's best and papers had added is taken away again. Papers are found by their starts, so this costs as
much as the participant wrote, whatever the size of the contest. A board that was cut back to its twenty (see `standings`)
and loses one of them is filled again from all bests, read once.

Two things cannot be told from what is kept, and are left to counting again: papers marked by the keys of a later release
(`is_regraded`), and a topic that nobody else answered (whether it still has a row depends on whose papers asked it).
"""

from collections.abc import Mapping
from typing import Final

from cyberweek.arena.database import Connection

TAKE_OUT: Final = """
WITH papers AS MATERIALIZED (
    SELECT e.release, e.at_ms, e.answered, e.correct, coalesce(r.ancestry::text[], ARRAY[e.region])
        || CASE WHEN e.team <> '' THEN ARRAY['team:' || e.team] ELSE '{}' END AS ancestry
    FROM ledger_entry s
    JOIN ledger_entry e ON (e.attempt, e.day) = (s.attempt, s.day) AND e.kind = 'submit' AND e.batch <= %(after)s
    JOIN unnest(%(contests)s::text[], %(numbers)s::int[]) AS ranked (contest, release)
        ON (ranked.contest, ranked.release) = (e.contest, e.release)
    LEFT JOIN regions_region r ON r.code = e.region
    WHERE s.kind = 'start' AND (s.participant, s.contest) = (%(participant)s::uuid, %(contest)s)
), gone AS (
    DELETE FROM standing_best WHERE (contest, participant) = (%(contest)s, %(participant)s::uuid)
    RETURNING ancestry, score, seconds
), keep_histogram AS (
    UPDATE standing_histogram h SET participants = h.participants - 1 FROM gone g
    WHERE h.contest = %(contest)s AND h.region = ANY(g.ancestry) AND (h.score, h.seconds) = (g.score, g.seconds)
), keep_score AS (
    UPDATE standing_score s SET participants = s.participants - 1 FROM gone g
    WHERE s.contest = %(contest)s AND s.region = ANY(g.ancestry) AND (s.score, s.half_minute) = (g.score, g.seconds / 30)
), off AS (
    DELETE FROM standing_entrant WHERE (contest, participant) = (%(contest)s, %(participant)s::uuid)
        AND region = ANY((SELECT ancestry FROM gone)::text[])
    RETURNING region
), keep_region AS (
    UPDATE standing_region r SET participants = r.participants - less.participants, papers = r.papers - less.papers
    FROM (
        SELECT region, sum(participants) AS participants, sum(papers) AS papers FROM (
            SELECT unnest(ancestry) AS region, 1 AS participants, 0 AS papers FROM gone
            UNION ALL SELECT unnest(ancestry), 0, 1 FROM papers
        ) AS counts GROUP BY region
    ) AS less WHERE (r.contest, r.region) = (%(contest)s, less.region)
), keep_minute AS (
    UPDATE standing_minute m SET papers = m.papers - less.papers
    FROM (SELECT at_ms / 60000 AS minute, count(*) AS papers FROM papers GROUP BY 1) AS less
    WHERE (m.contest, m.minute) = (%(contest)s, less.minute)
), keep_topic AS (
    UPDATE standing_topic t SET correct = t.correct - less.correct, answered = t.answered - less.answered
    FROM (
        SELECT topic, sum(bit_count((correct & mask)::bit(64))) AS correct,
            sum(bit_count((answered & mask)::bit(64))) AS answered
        FROM papers JOIN unnest(%(topic_contests)s::text[], %(topic_numbers)s::int[], %(topics)s::text[],
                                %(masks)s::bigint[]) AS asked (contest, release, topic, mask)
            ON (asked.contest, asked.release) = (%(contest)s, papers.release)
        GROUP BY topic
    ) AS less WHERE (t.contest, t.topic) = (%(contest)s, less.topic)
    RETURNING t.answered
)
SELECT (SELECT coalesce(min(answered), 1) FROM keep_topic) > 0,
    ARRAY(SELECT r.region FROM off JOIN standing_region r ON (r.contest, r.region) = (%(contest)s, off.region)
          WHERE r.last_score IS NOT NULL)
"""
IS_REGRADED: Final = "SELECT EXISTS (SELECT FROM standing_regrade WHERE contest = %s)"
SWEEP: Final = (
    "DELETE FROM standing_region WHERE contest = %s AND participants = 0 AND papers = 0",
    "DELETE FROM standing_minute WHERE contest = %s AND papers = 0",
)
FILL: Final = """
WITH placed AS MATERIALIZED (
    SELECT board.region, b.participant, b.score, b.seconds, b.at_ms, b.attempt, row_number() OVER (
        PARTITION BY board.region ORDER BY b.score DESC, b.seconds, b.at_ms, b.attempt) AS place
    FROM standing_best b JOIN unnest(%(boards)s::text[]) AS board (region) ON board.region = ANY(b.ancestry)
    WHERE b.contest = %(contest)s
), first AS MATERIALIZED (
    SELECT * FROM placed WHERE place <= 20
), filled AS (
    INSERT INTO standing_entrant AS t (contest, region, participant, score, seconds, at_ms, attempt)
    SELECT %(contest)s, region, participant, score, seconds, at_ms, attempt FROM first
    ON CONFLICT (contest, region, participant) DO NOTHING
), leave AS (
    DELETE FROM standing_entrant t WHERE t.contest = %(contest)s AND t.region = ANY(%(boards)s::text[])
        AND (t.region, t.participant) NOT IN (SELECT region, participant FROM first)
)
UPDATE standing_region r SET entrants = board.entrants, last_score = board.last_score, last_seconds = board.last_seconds
FROM (
    SELECT region, count(*) AS entrants, max(score) FILTER (WHERE place = 20) AS last_score,
        max(seconds) FILTER (WHERE place = 20) AS last_seconds
    FROM first GROUP BY region
) AS board WHERE (r.contest, r.region) = (%(contest)s, board.region)
"""


async def is_regraded(connection: Connection, contest: str) -> bool:
    """Whether its papers may count otherwise than their entries say."""
    return await (await connection.execute(IS_REGRADED, [contest])).fetchone() == (True,)


async def take_out(
    connection: Connection, contest: str, participant: str, after: int, what_counts: Mapping[str, list[object]]
) -> bool:
    """Takes away what was counted of the participant up to batch `after`; false where counting again is needed."""
    asked = {"contest": contest, "participant": participant, "after": after, **what_counts}
    row = await (await connection.execute(TAKE_OUT, asked)).fetchone()
    assert row is not None
    plain, boards = row
    if not plain:
        return False
    if boards:
        await connection.execute("SET LOCAL enable_seqscan = on")  # all bests are read, once
        await connection.execute(FILL, {"contest": contest, "boards": boards})
        await connection.execute("SET LOCAL enable_seqscan = off")
    for sweep in SWEEP:
        await connection.execute(sweep, [contest])
    return True
