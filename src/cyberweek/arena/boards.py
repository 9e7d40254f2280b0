"""Boards: the first twenty of a region, told with one participant's rank in it."""

import asyncio
import math
import time
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from cyberweek.arena.clock import Clock
from cyberweek.arena.database import Pool
from cyberweek.arena.http import Request, Response
from cyberweek.arena.regions import Region
from cyberweek.arena.times import as_instant

if TYPE_CHECKING:
    from cyberweek.arena.app import Arena

NOBODY: Final = "—"  # a nickname that was deleted on its date
COUNT: Final = "SELECT participants FROM standing_region WHERE contest = %s AND region = %s"
TOP: Final = """
    SELECT p.nickname, t.score, t.seconds FROM standing_top t
    LEFT JOIN passport_participant p ON p.id = t.participant
    WHERE t.contest = %s AND t.region = %s ORDER BY t.score DESC, t.seconds, t.at_ms, t.attempt
"""
SECOND: Final = 1.0
"""So long a board is shown before it is read again, and for another while it is being read."""


class Board(NamedTuple):
    """A board as it was read."""

    participants: int
    at: str
    top: bytes
    """As JSON: it is sent many times for each time it is read."""
    read: float
    passed: int


class Boards:
    """The boards that are asked for, in memory: who asks waits for the database only if nobody asked a moment before."""

    def __init__(self, pool: Pool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock
        self._passed = 0
        self._boards: dict[tuple[str, str], Board] = {}
        self._readings: dict[tuple[str, str], asyncio.Task[Board]] = {}

    def outdate(self) -> None:
        """The standings have passed what was read until now; what is too old to be shown is forgotten."""
        self._passed += 1
        oldest = time.monotonic() - 2 * SECOND
        self._boards = {key: board for key, board in self._boards.items() if board.read > oldest}

    async def board(self, contest: str, region: Region) -> Board:
        """The board as the standings have it, or had it two seconds ago at most; `at` tells."""
        board = self._boards.get((contest, region.code))
        age = time.monotonic() - board.read if board else math.inf
        if board and (board.passed == self._passed or age < SECOND):
            return board
        reading = self._readings.get((contest, region.code))
        if reading is None:
            reading = self._readings[contest, region.code] = asyncio.create_task(self._read(contest, region.code))
            reading.add_done_callback(lambda done: done.cancelled() or done.exception())  # nobody may be waiting for it
        return board if board and age < 2 * SECOND else await asyncio.shield(reading)

    async def _read(self, contest: str, region: str) -> Board:
        read, passed, at = time.monotonic(), self._passed, as_instant(self._clock.now_ms())
        try:
            async with self._pool.connection() as connection:
                async with connection.pipeline():
                    count = await connection.execute(COUNT, [contest, region])
                    top = await connection.execute(TOP, [contest, region])
                (participants,) = await count.fetchone() or (0,)
                rows = await top.fetchall()
            board = Board(participants, at, msgspec.json.encode(_ranked(rows)), read, passed)
            self._boards[contest, region] = board
            return board
        finally:
            del self._readings[contest, region]


async def standing(arena: "Arena", request: Request, contest: str) -> Response:
    arena.releases.newest(contest)
    code = request.query("region")
    region = arena.regions.root() if code is None else await arena.regions.find(code, arena.pool)
    authorization = request.header("authorization")
    board = await arena.boards.board(contest, region)
    count, me = board.participants, None
    if authorization:
        passport = arena.office.passport(authorization, arena.clock.now_ms())
        ranked, me = await arena.ranks.of(contest, region.code, passport.participant)
        count = ranked or count  # so that a rank and the number of the ranked are of one moment
    body = b'{"region":"%b","count":%d,"at":"%b","top":%b,"me":%b}' % (
        region.code.encode(),
        count,
        board.at.encode(),
        board.top,
        msgspec.json.encode(me),
    )
    return Response(200, body)


def _ranked(rows: list[Any]) -> list[dict[str, Any]]:
    """Places 1, 2, 2, 4: a rank is shared only when score and seconds are equal."""
    top: list[dict[str, Any]] = []
    for place, (nickname, score, seconds) in enumerate(rows, 1):
        shared = top and (top[-1]["score"], top[-1]["seconds"]) == (score, seconds)
        rank = top[-1]["rank"] if shared else place
        top.append({"rank": rank, "nickname": nickname or NOBODY, "score": score, "seconds": seconds})
    return top
