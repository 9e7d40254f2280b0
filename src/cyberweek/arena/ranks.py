"""One participant's exact rank in a region.

Ranks are read as the ledger is written: who asks while a statement is on its way waits for the next one, which reads all
that have gathered. Who comes alone never waits, and in a rush a rank costs a fraction of a statement of its own.
"""

import asyncio
from typing import Any, Final, NamedTuple

from cyberweek.arena.database import Pool
from cyberweek.arena.problems import Problem
from cyberweek.arena.times import as_instant

# Better are those with more points, and those with as many in less time: counted by half minutes, and by seconds in
# one's own half minute. OFFSET 0: found by the primary key, whatever the planner believes.
RANKS: Final = """
    SELECT b.score, b.seconds, (1
            + coalesce((SELECT sum(s.participants) FROM standing_score s
                WHERE (s.contest, s.region) = (asked.contest, asked.region) AND s.score > b.score), 0)
            + coalesce((SELECT sum(s.participants) FROM standing_score s
                WHERE (s.contest, s.region, s.score) = (asked.contest, asked.region, b.score)
                  AND s.half_minute < b.seconds / 30), 0)
            + coalesce((SELECT sum(h.participants) FROM standing_histogram h
                WHERE (h.contest, h.region, h.score) = (asked.contest, asked.region, b.score)
                  AND h.seconds >= b.seconds / 30 * 30 AND h.seconds < b.seconds), 0)
            )::bigint,
        (SELECT r.participants FROM standing_region r WHERE (r.contest, r.region) = (asked.contest, asked.region)),
        x.reason, x.at_ms
    FROM unnest(%s::text[], %s::text[], %s::text[]::uuid[]) WITH ORDINALITY
        AS asked (contest, region, participant, place)
    LEFT JOIN LATERAL (
        SELECT score, seconds FROM standing_best
        WHERE (contest, participant) = (asked.contest, asked.participant) AND asked.region = ANY(ancestry) OFFSET 0
    ) AS b ON true
    LEFT JOIN LATERAL (
        SELECT reason, at_ms FROM standing_excluded
        WHERE (contest, participant) = (asked.contest, asked.participant) OFFSET 0
    ) AS x ON true
    ORDER BY asked.place
"""
AT_ONCE: Final = 50
"""Ranks that one statement reads: some ten milliseconds."""
MOST_WAITING: Final = 500
"""Above it 503: to say so early costs little."""


class Mine(NamedTuple):
    ranked: int | None
    """How many have a rank in the region; None for who has none."""
    me: dict[str, Any] | None
    """Rank and best paper; or why and since when this participant's papers do not count; None for who has none there."""


class Ranks:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._waiting: list[tuple[tuple[str, str, str], asyncio.Future[Mine]]] = []
        self._reading: asyncio.Task[None] | None = None

    async def of(self, contest: str, region: str, participant: str) -> Mine:
        if len(self._waiting) >= MOST_WAITING:
            raise Problem("overloaded")
        future: asyncio.Future[Mine] = asyncio.get_running_loop().create_future()
        self._waiting.append(((contest, region, participant), future))
        if self._reading is None:
            self._reading = asyncio.create_task(self._read())
        return await future

    async def _read(self) -> None:
        while self._waiting:
            asked, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
            try:
                columns = [list(column) for column in zip(*(what for what, _ in asked), strict=True)]
                async with self._pool.connection() as connection:
                    rows = await (await connection.execute(RANKS, columns)).fetchall()
            except Exception as error:  # noqa: BLE001 -- it is told to each who asked
                waiting, self._waiting = asked + self._waiting, []  # who came later would wait just as long
                for _, future in waiting:
                    if not future.done():
                        future.set_exception(error)
                continue
            for (_, future), row in zip(asked, rows, strict=True):
                if not future.done():
                    future.set_result(_mine(*row))
        self._reading = None


def _mine(score: int | None, seconds: int, rank: int, count: int | None, reason: str | None, at_ms: int) -> Mine:
    if score is not None:
        return Mine(count, {"rank": rank, "score": score, "seconds": seconds})
    return Mine(None, None if reason is None else {"excluded": {"reason": reason, "since": as_instant(at_ms)}})
