"""Boards: the first twenty of a region, and one participant's exact rank in it."""

import asyncio
from typing import TYPE_CHECKING, Any, Final

import msgspec

from cyberweek.arena.database import Connection, Pool
from cyberweek.arena.http import Request, Response
from cyberweek.arena.regions import Region
from cyberweek.arena.times import as_instant

if TYPE_CHECKING:
    from cyberweek.arena.app import Arena

NOBODY: Final = "—"  # a nickname that was deleted on its date
TOP: Final = """
    SELECT p.nickname, t.score, t.seconds FROM standing_top t
    LEFT JOIN passport_participant p ON p.id = t.participant
    WHERE t.contest = %s AND t.region = %s ORDER BY t.score DESC, t.seconds, t.at_ms, t.attempt
"""
COUNT: Final = "SELECT participants FROM standing_region WHERE contest = %s AND region = %s"
# Better are those with more points, and those with as many in less time: counted by half minutes, and by seconds in
# one's own half minute.
MINE: Final = """
    SELECT b.score, b.seconds, (1
        + coalesce((SELECT sum(s.participants) FROM standing_score s
            WHERE s.contest = b.contest AND s.region = %(region)s AND s.score > b.score), 0)
        + coalesce((SELECT sum(s.participants) FROM standing_score s
            WHERE s.contest = b.contest AND s.region = %(region)s
              AND s.score = b.score AND s.half_minute < b.seconds / 30), 0)
        + coalesce((SELECT sum(h.participants) FROM standing_histogram h
            WHERE h.contest = b.contest AND h.region = %(region)s
              AND h.score = b.score AND h.seconds >= b.seconds / 30 * 30 AND h.seconds < b.seconds), 0)
        )::bigint
    FROM standing_best b
    WHERE b.contest = %(contest)s AND b.participant = %(participant)s AND %(region)s = ANY(b.ancestry)
"""
EXCLUDED: Final = "SELECT reason, at_ms FROM standing_excluded WHERE contest = %s AND participant = %s"


class Boards:
    """Boards as last read; one that the standings have passed is read again when next asked for, once."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._boards: dict[tuple[str, str], asyncio.Task[dict[str, Any]]] = {}

    def outdate(self) -> None:
        self._boards = {}

    async def board(self, contest: str, region: Region) -> dict[str, Any]:
        task = self._boards.get((contest, region.code))
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            task = self._boards[contest, region.code] = asyncio.create_task(self._read(contest, region))
        return await asyncio.shield(task)

    async def _read(self, contest: str, region: Region) -> dict[str, Any]:
        async with self._pool.connection() as connection:
            count = await (await connection.execute(COUNT, [contest, region.code])).fetchone()
            rows = await (await connection.execute(TOP, [contest, region.code])).fetchall()
        return {"region": region.code, "count": count[0] if count else 0, "top": _ranked(rows)}


async def standing(arena: "Arena", request: Request, contest: str) -> Response:
    arena.releases.newest(contest)
    code = request.query("region")
    region = arena.regions.root() if code is None else await arena.regions.find(code, arena.pool)
    authorization = request.header("authorization")
    me = None
    if authorization:
        passport = arena.office.passport(authorization, arena.clock.now_ms())
        async with arena.pool.connection() as connection:
            me = await _mine(connection, contest, region.code, passport.participant)
    return Response(200, msgspec.json.encode({**await arena.boards.board(contest, region), "me": me}))


async def _mine(connection: Connection, contest: str, region: str, participant: str) -> dict[str, Any] | None:
    """Rank and best paper in the region; or that, why and since when this participant's papers do not count."""
    parameters = {"contest": contest, "region": region, "participant": participant}
    row = await (await connection.execute(MINE, parameters)).fetchone()
    if row is not None:
        return {"rank": row[2], "score": row[0], "seconds": row[1]}
    excluded = await (await connection.execute(EXCLUDED, [contest, participant])).fetchone()
    return None if excluded is None else {"excluded": {"reason": excluded[0], "since": as_instant(excluded[1])}}


def _ranked(rows: list[Any]) -> list[dict[str, Any]]:
    """Places 1, 2, 2, 4: a rank is shared only when score and seconds are equal."""
    top: list[dict[str, Any]] = []
    for place, (nickname, score, seconds) in enumerate(rows, 1):
        shared = top and (top[-1]["score"], top[-1]["seconds"]) == (score, seconds)
        rank = top[-1]["rank"] if shared else place
        top.append({"rank": rank, "nickname": nickname or NOBODY, "score": score, "seconds": seconds})
    return top
