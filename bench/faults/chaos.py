"""The faults: what is done, in which order, and how long nobody's write was acknowledged because of it."""

import asyncio
import random
import signal
import time
from bisect import bisect_left
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import pairwise
from typing import Final, NamedTuple

import psycopg

from .crowd import Crowd
from .stage import Stage, send

STOPPED_SECONDS: Final = 5.0
SECONDS_TO_RECOVER: Final = 60.0
"""A fault after which nothing is acknowledged for so long counts as a loss."""


class Event(NamedTuple):
    kind: str
    what: str
    began: float
    """Monotonic seconds; the event's effects are looked for until the next one begins."""
    silence: float
    """The longest time without an acknowledged start, save or submit from then on."""


class Chaos:
    def __init__(
        self, stage: Stage, crowd: Crowd, dice: random.Random, *, stopped_seconds: float = STOPPED_SECONDS
    ) -> None:
        self._stage = stage
        self._crowd = crowd
        self._dice = dice
        self._stopped_seconds = stopped_seconds
        self.events: list[Event] = []
        self.faults: list[str] = []

    async def rage(self, kinds: list[str], until: float) -> None:
        """One fault after the other, at random moments, until the list or the time (monotonic seconds) is at its end."""
        for kind in kinds:
            if time.monotonic() > until:
                self.faults.append(f"only {len(self.events)} of {len(kinds)} faults in the time given")
                return
            await asyncio.sleep(self._dice.uniform(0.2, 2.5))
            began = time.monotonic()
            what = await KINDS[kind](self)
            await self._recovery(kind, what, began)

    async def _recovery(self, kind: str, what: str, began: float) -> None:
        """Until writes are acknowledged again, which begins at most a minute after the fault is over."""
        over = time.monotonic()
        known = self._crowd.acknowledged
        while not known or known[-1] <= over:
            if time.monotonic() > over + SECONDS_TO_RECOVER:
                self.faults.append(f"nothing was acknowledged for {SECONDS_TO_RECOVER:.0f} s after: {what}")
                break
            await asyncio.sleep(0.05)
        first = max(0, bisect_left(known, began) - 1)
        moments = known[first:]
        silence = max((b - a for a, b in pairwise(moments)), default=0.0)
        self.events.append(Event(kind, what, began, silence))

    # -- What is done ---------------------------------------------------------------------------------------------------

    async def _kill_arena(self) -> str:
        main, *workers = self._stage.arena(self._dice.randrange(len(self._stage.ports))) or [0]
        if not main:
            return "an arena that is not there"
        if workers and self._dice.random() < 0.5:
            send(workers, signal.SIGKILL)
            return "an arena's worker killed"
        send([main], signal.SIGKILL)
        return "an arena's main process killed"

    async def _kill_postgres(self) -> str:
        postmaster, *backends = self._stage.postgres() or [0]
        if not postmaster:
            return "a PostgreSQL that is not there"
        how = self._dice.randrange(3)
        if how == 0:
            send([postmaster], signal.SIGKILL)
            return "the postmaster killed"
        if how == 1 and backends:
            send([self._dice.choice(backends)], signal.SIGKILL)
            return "one of the postmaster's children killed"
        send([postmaster, *backends], signal.SIGKILL)
        return "all of PostgreSQL killed"

    async def _stop_arena(self) -> str:
        processes = self._stage.arena(self._dice.randrange(len(self._stage.ports)))
        await self._stopped(processes)
        return "an arena stopped"

    async def _stop_postgres(self) -> str:
        await self._stopped(self._stage.postgres())
        return "PostgreSQL stopped"

    async def _fill_volume(self) -> str:
        stage = self._stage
        await asyncio.to_thread(stage.volume.fill, stage.postgres())
        in_wal = self._dice.random() < 0.5
        if in_wal:
            await asyncio.to_thread(self._switch_wal)
        await asyncio.sleep(self._dice.uniform(1, 4))
        await asyncio.to_thread(stage.volume.empty, stage.postgres())
        return "no room on the volume, met in the WAL" if in_wal else "no room on the volume"

    async def _stopped(self, processes: list[int]) -> None:
        send(processes, signal.SIGSTOP)
        try:
            await asyncio.sleep(self._stopped_seconds)
        finally:
            send(processes, signal.SIGCONT)

    def _switch_wal(self) -> None:
        with (
            suppress(psycopg.Error),
            psycopg.connect(self._stage.url, autocommit=True, connect_timeout=3) as connection,
        ):
            connection.execute("SET statement_timeout = '3s'")
            for _ in range(4):
                connection.execute("SELECT pg_logical_emit_message(false, 'faults', 'x'), pg_switch_wal()")

    async def _cut_clients(self) -> str:
        self._crowd.cutting = 0.5
        await asyncio.sleep(3)
        self._crowd.cutting = 0.0
        return "every other connection cut for 3 s"

    async def _restart(self) -> str:
        if self._dice.random() < 0.5:
            await asyncio.to_thread(self._stage.kill)
            self._stage.start()
            return "everything killed at once, started again"
        await asyncio.to_thread(self._stage.stop)
        self._stage.start()
        return "everything stopped and started again"


KINDS: Final[dict[str, Callable[[Chaos], Awaitable[str]]]] = {
    "arena killed": Chaos._kill_arena,
    "PostgreSQL killed": Chaos._kill_postgres,
    "arena stopped": Chaos._stop_arena,
    "PostgreSQL stopped": Chaos._stop_postgres,
    "disk full": Chaos._fill_volume,
    "connections cut": Chaos._cut_clients,
    "restart": Chaos._restart,
}


def in_random_order(events: int, dice: random.Random) -> list[str]:
    """Every kind as often as every other, up to one; in an order that nobody planned."""
    kinds = list(KINDS)
    order = [kinds[number % len(kinds)] for number in range(events)]
    dice.shuffle(order)
    return order
