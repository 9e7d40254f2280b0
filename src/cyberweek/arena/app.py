"""The arena of one process: what its handlers share, its start and stop, and the dispatch of a request."""

import asyncio
import base64
import gc
import logging
from typing import TYPE_CHECKING, Any, Final

import psycopg
from psycopg.sql import SQL, Identifier
from psycopg_pool import PoolTimeout

from cyberweek.arena.boards import Boards
from cyberweek.arena.clock import Clock
from cyberweek.arena.config import Config
from cyberweek.arena.database import AWAY, RELEASE_CHANNEL, STANDINGS_CHANNEL, Pool, connect, patience
from cyberweek.arena.guesses import Guesses
from cyberweek.arena.http import ClientGoneError, Request, Response
from cyberweek.arena.ledger import Ledger
from cyberweek.arena.live import HEAD, Live
from cyberweek.arena.networks import Networks
from cyberweek.arena.problems import Problem
from cyberweek.arena.proofs import Prover
from cyberweek.arena.ranks import Ranks
from cyberweek.arena.regions import Regions
from cyberweek.arena.releases import Release, Releases
from cyberweek.arena.routes import LIVE, READINESS, find_handler, split
from cyberweek.arena.standings import StandingsWorker
from cyberweek.arena.tickets import Office
from cyberweek.knowledge.core.chain import Entry

if TYPE_CHECKING:
    from collections.abc import Coroutine

logger = logging.getLogger(__name__)

_FIRST_LOAD_SECONDS: Final = 5
_SILENCE_SECONDS: Final = 5
"""How long the listener waits for a notice before it asks whether the database is still there."""


class Arena:
    """Everything of one process: made at start-up, shared by all requests."""

    def __init__(self, config: Config, clock: Clock) -> None:
        self.config = config
        self.clock = clock
        self.office = Office(config.secret_key)
        self.prover = Prover(config.secret_key, config.proof_work, clock)
        self.networks = Networks(config, clock)
        self.guesses = Guesses()
        self.pool = Pool(config.database_url)
        self.releases = Releases()
        self.regions = Regions(clock)
        self.ledger = Ledger(config, clock)
        self.boards = Boards(self.pool, clock)
        self.live = Live(self)
        self.ranks = Ranks(self.pool)
        self._worker = StandingsWorker(config, clock)
        self._tasks: list[asyncio.Task[None]] = []
        self._loaded = asyncio.Event()

    async def start(self) -> None:
        """Returns when the arena can serve; without a database it serves /healthz, and keeps trying."""
        await self.pool.open(wait=False)
        jobs: list[Coroutine[Any, Any, None]] = [self.ledger.run(), self._follow(), self.live.run(), self._worker.run()]
        self._tasks = [asyncio.create_task(job) for job in jobs]
        try:
            await asyncio.wait_for(self._loaded.wait(), _FIRST_LOAD_SECONDS)
        except TimeoutError:
            logger.warning("the arena starts without its database")
        gc.collect()
        gc.freeze()  # the releases live as long as the process; the collector need not walk them again
        gc.set_threshold(50_000)

    async def stop(self) -> None:
        self.ledger.close()
        writer, *others = self._tasks
        for task in others:
            task.cancel()
        await asyncio.gather(writer, *others, return_exceptions=True)
        await self.pool.close()

    async def release(self, contest: str, number: int) -> Release:
        release = self.releases.get(contest, number)
        if release is None:  # another process heard of it first
            async with self.pool.connection() as connection:
                await self.releases.load(connection)
            release = self.releases.get(contest, number)
        if release is None:
            raise Problem("no-contest", contest=contest)
        return release

    def deadline_ms(self, start: Entry) -> int:
        """Until when a start holds; one of a release that we cannot read is over."""
        release = self.releases.get(start.contest, start.release)
        return release.deadline_ms(start.at_ms) if release else 0

    async def ledger_head(self) -> dict[str, object]:
        async with self.pool.connection() as connection:
            row = await (await connection.execute(HEAD)).fetchone()
        batch, head = row or (0, "")
        key = base64.b64encode(self.ledger.public_key.public_bytes_raw()).decode()
        return {"key": key, "batch": batch, "hash": head}

    async def check_ready(self) -> None:
        if not len(self.releases):
            raise Problem("not-ready", reason="no release is published")
        async with self.pool.connection() as connection:
            await connection.execute(READINESS)

    async def _follow(self) -> None:
        """Listens for new releases and standings; whatever was missed while not listening is read on return."""
        while True:
            try:
                connection = await connect(self.config.database_url, "listener")
                async with connection:
                    for channel in (RELEASE_CHANNEL, STANDINGS_CHANNEL):
                        await connection.execute(SQL("LISTEN {}").format(Identifier(channel)))
                    await self.releases.load(connection)
                    await self.regions.load(connection)
                    self.boards.outdate()
                    self._loaded.set()
                    while True:
                        async for notice in connection.notifies(timeout=_SILENCE_SECONDS):
                            if notice.channel == RELEASE_CHANNEL:
                                async with self.pool.connection() as reader:
                                    await self.releases.load(reader)
                            self.boards.outdate()
                        with patience(connection):  # a primary that hangs, or is cut off, sends no notices either
                            await connection.execute("SELECT 1")
            except (psycopg.Error, PoolTimeout, OSError) as error:
                logger.warning("not listening: %s", error)
                await asyncio.sleep(1)


async def answer(arena: Arena, request: Request) -> Response | None:
    """None when the response was streamed."""
    try:
        pattern, wild = split(request.path)
        if pattern == LIVE and request.method == "GET":
            await arena.live.listen(wild[0], request)
            return None
        return await find_handler(pattern, request.method)(arena, request, *wild)
    except Problem as problem:
        return _as_response(problem, request)
    except ClientGoneError:  # it may have closed its sending half only, and still listen
        return _as_response(Problem("incomplete"), request)
    except AWAY as error:
        logger.warning("the database does not answer: %s", error)
        return _as_response(Problem("not-ready", reason="the database does not answer"), request)


def _as_response(problem: Problem, request: Request) -> Response:
    headers = request.problem_headers() + problem.headers()
    return Response(problem.status, problem.body(request.language), headers)
