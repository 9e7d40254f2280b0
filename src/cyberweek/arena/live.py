"""Live: one snapshot a second, encoded once, sent to everyone who listens.

A listener waits for the next frame and sends it. Who cannot take a frame within the time limit is let go (the browser
comes back by itself); nothing is kept for the slow.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import msgspec
import psycopg
from psycopg_pool import PoolTimeout

from cyberweek.arena.database import Connection
from cyberweek.arena.http import Request
from cyberweek.arena.problems import Problem
from cyberweek.arena.releases import Release
from cyberweek.arena.times import as_instant
from cyberweek.kernel.core.withholding import SMALLEST_GROUP, withhold

if TYPE_CHECKING:
    from cyberweek.arena.app import Arena

logger = logging.getLogger(__name__)

_PATIENCE_SECONDS: Final = 5.0
_HEADERS: Final = (
    ("content-type", "text/event-stream; charset=utf-8"),
    ("cache-control", "no-store"),
    ("x-accel-buffering", "no"),
)
REGIONS: Final = "SELECT region, participants, papers FROM standing_region WHERE contest = %s AND region = ANY(%s)"
CITIES: Final = REGIONS + " ORDER BY participants DESC, papers DESC, region LIMIT 10"
TOPICS: Final = "SELECT topic, correct, answered FROM standing_topic WHERE contest = %s ORDER BY topic"
MINUTES: Final = "SELECT minute, papers FROM standing_minute WHERE contest = %s AND minute >= %s ORDER BY minute"
HEAD: Final = "SELECT number, encode(head, 'hex') FROM ledger_batch ORDER BY number DESC LIMIT 1"


class Channel:
    """The listeners of one contest in this process, and the frame that they share."""

    def __init__(self) -> None:
        self.listeners = 0
        self.frame = b""
        self._first: asyncio.Task[bytes] | None = None
        self._next: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def first_frame(self, read: Callable[[], Coroutine[Any, Any, bytes]]) -> bytes:
        """What is shown before the first snapshot is due: read once, however many come at the same moment."""
        if self._first is None or (self._first.done() and (self._first.cancelled() or self._first.exception())):
            self._first = asyncio.create_task(read())
        return await asyncio.shield(self._first)

    async def next_frame(self) -> bytes:
        await asyncio.shield(self._next)
        return self.frame

    def publish(self, frame: bytes) -> None:
        self.frame = frame
        waiting, self._next = self._next, asyncio.get_running_loop().create_future()
        waiting.set_result(None)


class Live:
    def __init__(self, arena: "Arena") -> None:
        self._arena = arena
        self._channels: dict[str, Channel] = {}

    async def run(self) -> None:
        while True:
            await asyncio.sleep(1)
            for contest, channel in list(self._channels.items()):
                if not channel.listeners:
                    del self._channels[contest]
                    continue
                try:
                    channel.publish(await self._frame(contest))
                except (psycopg.Error, PoolTimeout, OSError, Problem) as error:
                    logger.warning("no snapshot of %s: %s", contest, error)

    async def listen(self, contest: str, request: Request) -> None:
        self._arena.releases.newest(contest)
        if sum(channel.listeners for channel in self._channels.values()) >= self._arena.config.live_limit:
            raise Problem("overloaded")
        channel = self._channels.setdefault(contest, Channel())
        channel.listeners += 1
        gone = asyncio.create_task(request.disconnected())
        try:
            frame = channel.frame or await channel.first_frame(lambda: self._frame(contest))
            send = await request.stream(_HEADERS)
            while not gone.done():
                async with asyncio.timeout(_PATIENCE_SECONDS):
                    await send(frame)
                frame = await channel.next_frame()
        except TimeoutError:
            logger.info("a slow listener of %s was let go", contest)
        finally:
            channel.listeners -= 1
            gone.cancel()

    async def _frame(self, contest: str) -> bytes:
        async with self._arena.pool.connection() as connection:
            body = await snapshot(connection, self._arena, self._arena.releases.newest(contest))
        return b"event: snapshot\ndata: %b\n\n" % msgspec.json.encode(body)


async def snapshot(connection: Connection, arena: "Arena", release: Release) -> dict[str, Any]:
    contest, now = release.contest, arena.clock.now_ms()
    regions = arena.regions
    async with connection.pipeline():
        nations = await connection.execute(REGIONS, [contest, regions.at_level("nation")])
        provinces = await connection.execute(REGIONS, [contest, regions.at_level("province")])
        cities = await connection.execute(CITIES, [contest, regions.at_level("city")])
        topics = await connection.execute(TOPICS, [contest])
        minutes = await connection.execute(MINUTES, [contest, _midnight_minute(release, now)])
        head = await connection.execute(HEAD)
    totals = await nations.fetchall()
    parts, leading = await provinces.fetchall(), await cities.fetchall()
    shown = withhold({row[0]: row[1] for row in parts})
    batch, head_hash = await head.fetchone() or (0, "")
    return {
        "contest": contest,
        "at": as_instant(now),
        "participants": sum(row[1] for row in totals),
        "papers": sum(row[2] for row in totals),
        "topics": {row[0]: {"right": row[1], "answered": row[2]} for row in await topics.fetchall()},
        "regions": {code: _counts(shown[code], papers) for code, _people, papers in parts},
        "cities": [{"region": row[0], **_counts(row[1], row[2])} for row in leading if row[1] >= SMALLEST_GROUP],
        "minutes": await minutes.fetchall(),
        "head": {"batch": batch, "hash": head_hash},
    }


def _counts(participants: int | None, papers: int) -> dict[str, int | None]:
    """Of a group too small to be told of neither people nor papers."""
    return {"participants": participants, "papers": None if participants is None else papers}


def _midnight_minute(release: Release, now_ms: int) -> int:
    """The minute at which today began where the contest is held."""
    zone = ZoneInfo(release.pack.zone)
    today = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(zone).date()
    return int(datetime.combine(today, time(), zone).timestamp()) // 60
