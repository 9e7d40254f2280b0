"""The ledger's writer: many requests, one transaction, answers only after COMMIT.

Requests gather in a queue while the transaction before is on its way to the disk; then all that has gathered is written
at once. Under one lock (`CHAIN_LOCK`, so that the chain stays a line whoever writes) a batch

    1. reads the chain's tip and what the ledger already holds of these attempts,
    2. decides for each request: write it, or answer with what was written before,
    3. COPYs the new entries, adds the batch with its signed head, and COMMITs.

A submit is nearly always the first of its attempt, a save the first of its number, so step 1 does not look for earlier
ones until a unique index has said that there is one; then the batch is done again, and for a while every batch looks first (`LOOK_FIRST`).
If COMMIT's answer is lost, the client's retry finds what was written.
"""

import asyncio
import logging
import time
from collections.abc import Sequence
from typing import Final

import msgspec
import psycopg

from cyberweek.arena.clock import Clock
from cyberweek.arena.config import Config
from cyberweek.arena.database import AWAY, Connection, connect, patience
from cyberweek.arena.entries import EARLIER_SAVES, EARLIER_STARTS, EARLIER_SUBMITS, LATEST_OF_RUN, stored_of
from cyberweek.arena.problems import Problem
from cyberweek.arena.wishes import EarlierStart, Start, Step, Stored, Wish, day_of, player
from cyberweek.knowledge.core.chain import CHAIN_LOCK, GENESIS, Batch, Entry, Tree, chain_head, signing_key

logger = logging.getLogger(__name__)

LOCK: Final = f"SELECT pg_advisory_xact_lock({CHAIN_LOCK})"
# Who holds the lock and has let the database wait for two seconds is frozen: in the middle of a COPY no timeout of the
# server's applies.
FREE_LOCK: Final = f"""
    SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE datname = current_database() AND datid = database AND locktype = 'advisory' AND granted
      AND (classid::bigint << 32 | objid::bigint) = {CHAIN_LOCK}
      AND wait_event_type = 'Client' AND state_change < now() - interval '2 seconds'
"""  # noqa: S608 -- constants only
TIP: Final = "SELECT number, head FROM ledger_batch ORDER BY number DESC LIMIT 1"
COPY: Final = """
    COPY ledger_entry (batch, position, kind, day, attempt, contest, participant, region, ordinal, release, at_ms,
                       answers, answered, correct, score, seconds, team) FROM STDIN
"""
ADD_BATCH: Final = """
    INSERT INTO ledger_batch (number, previous, size, at_ms, root, head, signature) VALUES (%s, %s, %s, %s, %s, %s, %s)
"""

# A partition filled this minute has no statistics yet: these reads are index probes whatever the planner believes.
# And a process that freezes between two statements must not keep the chain's lock from all the others.
SETTINGS: Final = {
    "enable_seqscan": "off",
    "enable_bitmapscan": "off",
    "plan_cache_mode": "force_generic_plan",
    "idle_in_transaction_session_timeout": "2s",
}


Waiting = tuple[Wish, "asyncio.Future[Stored]"]


LOOK_FIRST: Final = 100
"""Batches that look for earlier submits after one was met: retries come in swarms."""


GATHER_SECONDS: Final = 0.008
"""From one batch's begin to the next one's: in a rush a batch is worth its transaction, and who comes alone never waits."""

ANSWERS_A_TURN: Final = 16
"""Who waits for a batch is woken in turns of a millisecond or two, not by the hundred."""


class Ledger:
    def __init__(self, config: Config, clock: Clock) -> None:
        self._config = config
        self._clock = clock
        self._key = signing_key(config.secret_key)
        self.public_key = self._key.public_key()
        self._waiting: list[Waiting] = []
        self._gathered = asyncio.Event()
        self._connection: Connection | None = None
        self._open_days: set[str] = set()
        self._closing = False
        self._to_look_first = 0
        self._room = config.queue_limit
        self._batch_seconds = 0.0

    def check_room(self) -> None:
        """Raises Problem("overloaded") when one more would have to wait too long: to say so early costs little."""
        if len(self._waiting) >= self._room or self._closing:
            raise Problem("overloaded")

    async def append(self, wish: Wish) -> Stored:
        """Returns once the entry is durable; or what was stored before in its place."""
        self.check_room()
        future: asyncio.Future[Stored] = asyncio.get_running_loop().create_future()
        self._waiting.append((wish, future))
        self._gathered.set()
        return await future

    async def run(self) -> None:
        limit, began = self._config.batch_limit, 0.0
        while self._waiting or not self._closing:
            await self._gathered.wait()
            if len(self._waiting) < limit and not self._closing:
                await asyncio.sleep(max(0.0, began + GATHER_SECONDS - time.monotonic()))
            batch, self._waiting = self._waiting[:limit], self._waiting[limit:]
            if not self._waiting and not self._closing:
                self._gathered.clear()
            if batch:
                began = time.monotonic()
                await self._write(batch)
                self._make_room(time.monotonic() - began)
        await self._disconnect()

    def _make_room(self, seconds: float) -> None:
        """As many may wait as `queue_seconds` will write; a slow disk takes fewer, a full batch is always taken."""
        self._batch_seconds += (seconds - self._batch_seconds) / 4
        batches = self._config.queue_seconds / max(self._batch_seconds, 1e-6)
        most = max(1, int(batches)) * self._config.batch_limit
        self._room = min(self._config.queue_limit, most)

    def close(self) -> None:
        """Writes what is waiting, then ends `run`."""
        self._closing = True
        self._gathered.set()

    async def _write(self, batch: list[Waiting]) -> None:
        try:
            if self._connection is None:
                self._connection = await connect(self._config.database_url, "ledger", **SETTINGS)
                with patience(self._connection):
                    await self._connection.execute(FREE_LOCK)
            with patience(self._connection):
                await self._transact(self._connection, batch)
        except AWAY as error:
            logger.warning("the ledger cannot be written: %s", error)
            await self._disconnect()
            waiting, self._waiting = self._waiting, []  # they would wait just as long, one batch after another
            _refuse(batch + waiting, Problem("ledger-down"))
        except psycopg.Error:
            logger.exception("a batch of %d was refused", len(batch))
            await self._disconnect()
            if len(batch) == 1:
                _refuse(batch, Problem("ledger-down"))
            else:  # one entry must not take the others down with it
                await self._write(batch[: len(batch) // 2])
                await self._write(batch[len(batch) // 2 :])

    async def _transact(self, connection: Connection, batch: list[Waiting]) -> None:
        look_first = self._to_look_first > 0
        self._to_look_first -= look_first
        try:
            await _Transaction(self, connection, batch, look_first=look_first).run()
        except psycopg.errors.UniqueViolation:
            if look_first:
                raise
            await connection.execute("ROLLBACK")
            self._to_look_first = LOOK_FIRST
            await _Transaction(self, connection, batch, look_first=True).run()

    async def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    async def open_day(self, connection: Connection, day: str) -> None:
        if day not in self._open_days:
            await connection.execute("SELECT ledger_open_day(%s)", [day])
            self._open_days.add(day)

    def sign(self, number: int, previous: bytes, entries: Sequence[bytes]) -> tuple[Batch, Tree]:
        tree = Tree(entries)
        at_ms = self._clock.now_ms()
        signature = self._key.sign(chain_head(previous, number, len(entries), at_ms, tree.root))
        return Batch(number, previous, len(entries), at_ms, tree.root, signature), tree


class _Transaction:
    """One batch: read, decide, write, answer."""

    def __init__(self, ledger: Ledger, connection: Connection, batch: list[Waiting], *, look_first: bool) -> None:
        self._ledger = ledger
        self._connection = connection
        self._look_first = look_first
        self._batch = [(wish, future) for wish, future in batch if not future.done()]
        self._lines: list[bytes] = []
        self._starts: dict[tuple[str, str], list[EarlierStart]] = {}
        self._submits: dict[str, Stored] = {}
        self._runs: dict[str, Stored] = {}
        self._saves: dict[tuple[str, int], Stored] = {}
        self._outcomes: list[Stored | Problem] = []

    async def run(self) -> None:
        for day in {day_of(wish) for wish, _ in self._batch}:
            await self._ledger.open_day(self._connection, day)
        number, previous = await self._begin()
        self._outcomes = [self._decide(wish, number) for wish, _ in self._batch]
        proof = None
        if self._lines:
            proof = self._ledger.sign(number, previous, self._lines)
            batch = proof[0]
            await self._copy(number)
            async with self._connection.pipeline():
                fields = (batch.number, previous, batch.size, batch.at_ms, batch.root, batch.head, batch.signature)
                await self._connection.execute(ADD_BATCH, fields)
                await self._connection.execute("COMMIT")
        else:
            await self._connection.execute("ROLLBACK")
        self._answer(number, proof, 0)

    async def _begin(self) -> tuple[int, bytes]:
        """Takes the lock; the number of the batch to write and the head that it follows."""
        starts = [wish for wish, _ in self._batch if isinstance(wish, Start)]
        steps = {wish.entry.attempt: wish.entry.day for wish, _ in self._batch if isinstance(wish, Step)}
        submits = [wish for wish, _ in self._batch if isinstance(wish, Entry) and wish.kind == "submit"]
        saves = [wish for wish, _ in self._batch if isinstance(wish, Entry) and wish.kind == "save" and wish.seconds]
        if not self._look_first:
            submits, saves = [], []
        connection = self._connection
        async with connection.pipeline():
            await connection.execute("BEGIN")
            await connection.execute(LOCK)
            tip = await connection.execute(TIP)
            if starts:
                # A set: who is sought twice would be found twice, and have used twice as many attempts.
                sought = {(wish.entry.participant, wish.entry.contest, day) for wish in starts for day in wish.days}
                found_starts = await connection.execute(EARLIER_STARTS, [list(c) for c in zip(*sought, strict=True)])
            if steps:
                found_steps = await connection.execute(LATEST_OF_RUN, [list(steps), list(steps.values())])
            if submits:
                ids, days = [wish.attempt for wish in submits], [wish.day for wish in submits]
                found_submits = await connection.execute(EARLIER_SUBMITS, [ids, days])
            if saves:
                keys = [[getattr(wish, key) for wish in saves] for key in ("attempt", "day", "seconds")]
                found_saves = await connection.execute(EARLIER_SAVES, keys)
        for *row, submitted in await found_starts.fetchall() if starts else ():
            stored = stored_of(row)
            self._starts.setdefault(player(stored.entry), []).append(EarlierStart(stored, submitted))
        for found in await found_submits.fetchall() if submits else ():
            stored = stored_of(found)
            self._submits[stored.entry.attempt] = stored
        for found in await found_steps.fetchall() if steps else ():
            stored = stored_of(found)
            self._runs[stored.entry.attempt] = stored
        for found in await found_saves.fetchall() if saves else ():
            stored = stored_of(found)
            self._saves[stored.entry.attempt, stored.entry.seconds] = stored
        last, head = await tip.fetchone() or (0, GENESIS)
        return last + 1, head

    def _decide(self, wish: Wish, number: int) -> Stored | Problem:
        if isinstance(wish, Start):
            return self._decide_start(wish, number)
        if isinstance(wish, Step):
            return self._decide_step(wish, number)
        if wish.kind == "save":
            return self._decide_save(wish, number)
        if wish.attempt not in self._submits:
            self._submits[wish.attempt] = self._add(wish, number)
            return self._submits[wish.attempt]
        return self._submits[wish.attempt]._replace(fresh=False)

    def _decide_save(self, wish: Entry, number: int) -> Stored:
        """A save that has a number is written once, however often and however late it is sent again."""
        key = wish.attempt, wish.seconds
        if wish.seconds and key in self._saves:
            return self._saves[key]._replace(fresh=False)
        self._saves[key] = self._add(wish, number)
        return self._saves[key]

    def _decide_start(self, wish: Start, number: int) -> Stored | Problem:
        earlier = self._starts.setdefault(player(wish.entry), [])
        for start in earlier:
            if not start.submitted and wish.is_open(start.stored.entry):
                return start.stored._replace(fresh=False)
        used = [start.stored.entry.ordinal for start in earlier if start.stored.entry.day == wish.entry.day]
        if wish.in_all is not None and len(earlier) >= wish.in_all:
            return Problem("none-left-in-all", allowed=wish.in_all)
        if len(used) >= wish.allowed:
            return Problem("none-left", allowed=wish.allowed, day=wish.entry.day)
        team = earlier[0].stored.entry.team if earlier else wish.entry.team
        if wish.entry.team not in {"", team}:
            return Problem("other-team")
        entry = msgspec.structs.replace(wish.entry, ordinal=max(used, default=0) + 1, team=team)
        stored = self._add(entry, number)
        earlier.append(EarlierStart(stored, submitted=False))
        return stored

    def _decide_step(self, wish: Step, number: int) -> Stored | Problem:
        latest = self._runs.get(wish.entry.attempt)
        before = wish.answered_before(latest)
        if before is not None:
            return before
        entry = wish.entry
        if wish.place is None and latest:  # it ends where it stands, whatever its client knows of that
            stands = latest.entry
            entry = msgspec.structs.replace(
                entry, answers=stands.answers, answered=stands.answered, correct=stands.correct, score=stands.score
            )
        self._runs[entry.attempt] = self._add(entry, number)
        return self._runs[entry.attempt]

    def _add(self, entry: Entry, number: int) -> Stored:
        self._lines.append(entry.line())
        return Stored(entry, number, len(self._lines) - 1, fresh=True)

    async def _copy(self, number: int) -> None:
        rows = b"".join(b"%d\t%d\t%b\n" % (number, position, line) for position, line in enumerate(self._lines))
        async with self._connection.cursor() as cursor, cursor.copy(COPY) as copy:
            await copy.write(rows)

    def _answer(self, number: int, proof: tuple[Batch, Tree] | None, first: int) -> None:
        """Wakes who waits, some at a time: between them the event loop has its turn with other requests."""
        last = first + ANSWERS_A_TURN
        for (_, future), outcome in zip(self._batch[first:last], self._outcomes[first:last], strict=True):
            if future.done():
                continue
            if isinstance(outcome, Problem):
                future.set_exception(outcome)
            else:
                future.set_result(Stored(*outcome[:4], proof) if outcome.batch == number else outcome)
        if last < len(self._batch):
            asyncio.get_running_loop().call_soon(self._answer, number, proof, last)


def _refuse(batch: list[Waiting], problem: Problem) -> None:
    for _, future in batch:
        if not future.done():
            future.set_exception(problem)
