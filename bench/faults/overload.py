"""`make overload`: ten times the saturated rate, offered whether or not it is taken, and what becomes of it.

The arena is narrowed (batches of 16, a COMMIT that takes 100 ms by PostgreSQL's commit_delay), because
ten times what a whole one takes cannot be offered from the same two cores. Nothing else differs: the queue, the shedding
and the server are those of every day.

python -m bench.faults.overload [--seconds 10] [--write docs/loads.md]
"""

import argparse
import asyncio
import json
import random
import sys
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

import psycopg

from cyberweek.arena.replay import replay
from cyberweek.arena.tickets import Office, Ticket
from cyberweek.knowledge.core.chain import signing_key

from .narrow import BATCH_LIMIT
from .report import keep, machine
from .stage import REGION, SECRET, Stage, set_stage
from .wire import Line, LostError

SETTINGS: Final = {"commit_delay": "100000", "commit_siblings": "0"}
MOST_CONNECTIONS: Final = 4000
TIMES: Final = 10
SECONDS_TO_RECOVER: Final = 5.0


class Heard(NamedTuple):
    asked: float
    """Monotonic seconds."""
    seconds: float
    status: int
    """0 when no answer came."""
    retry_after: float
    attempt: str


class Load:
    """Submits of papers that were begun, each sent once; connections are kept and lent to whoever asks next."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._fresh = _papers(stage)
        self._papers: list[tuple[str, bytes]] = []
        self._idle: list[Line] = []
        self._connections = 0
        self.heard: list[Heard] = []
        self.kept_out = 0
        """Requests that found all MOST_CONNECTIONS connections waiting for an answer."""

    async def offer(self, rate: float, seconds: float) -> list[Heard]:
        """Open loop: `rate` requests a second, whatever becomes of those before."""
        self._papers += islice(self._fresh, int(rate * seconds) + 1)  # made before the clock runs
        first, began, sent = len(self.heard), time.monotonic(), 0
        tasks: set[asyncio.Task[None]] = set()
        while (passed := time.monotonic() - began) < seconds:
            for _ in range(int(passed * rate) - sent):
                sent += 1
                if self._idle or self._connections < MOST_CONNECTIONS:
                    task = asyncio.create_task(self._ask())
                    tasks.add(task)
                    task.add_done_callback(tasks.discard)
                else:
                    self.kept_out += 1
            await asyncio.sleep(0.005)
        await asyncio.gather(*tasks)
        return self.heard[first:]

    async def saturate(self, clients: int, seconds: float) -> float:
        """Closed loop: papers a second that are taken when `clients` hand in one after the other."""
        began = time.monotonic()

        async def client() -> None:
            while time.monotonic() < began + seconds:
                await self._ask()

        first = len(self.heard)
        await asyncio.gather(*[client() for _ in range(clients)])
        return sum(one.status == 200 for one in self.heard[first:]) / (time.monotonic() - began)

    async def _ask(self) -> None:
        attempt, body = self._papers.pop() if self._papers else next(self._fresh)
        if self._idle:
            line = self._idle.pop()
        else:
            self._connections += 1
            line = Line(self._stage.servers)
        asked = time.monotonic()
        try:
            answer = await line.ask("POST", f"/arena/v1/attempts/{attempt}/submit", body)
            status, retry_after = answer.status, answer.retry_after
        except LostError:
            status, retry_after = 0, 0.0
        self.heard.append(Heard(asked, time.monotonic() - asked, status, retry_after, attempt))
        self._idle.append(line)


def _papers(stage: Stage) -> Iterator[tuple[str, bytes]]:
    office, release, dice = Office(SECRET), stage.release, random.Random(1)
    while True:
        participant, now = str(uuid.UUID(int=dice.getrandbits(128), version=4)), int(time.time() * 1000)
        attempt, day = str(uuid.UUID(int=dice.getrandbits(128), version=4)), release.local_day(now)
        paper = release.deck.draw(participant, day, 1)
        ticket = Ticket(
            attempt, participant, REGION, release.contest, 1, day, 1, now - 60_000, now + 3_600_000, list(paper.items)
        )
        answers = {release.pack.bank[place].id: [dice.choice("aab")] for place in paper.items}
        yield attempt, json.dumps({"ticket": office.issue_ticket(ticket), "answers": answers}).encode()


class Found(NamedTuple):
    lines: list[str]
    faults: list[str]


async def measure(stage: Stage, seconds: float) -> Found:
    load, faults = Load(stage), list[str]()
    await load.saturate(64, 2)
    rate = await load.saturate(256, 6)
    normal = await load.offer(rate / 2, 5)
    quiet = _memory(stage)
    peak = [quiet]
    watch = asyncio.create_task(_watch(stage, peak))
    storm = await load.offer(rate * TIMES, seconds)
    over = time.monotonic()
    after = await load.offer(rate / 2, 10)
    watch.cancel()
    recovered = _recovered(after, over, _p99(normal, 200))
    if recovered is None or recovered > SECONDS_TO_RECOVER:
        faults.append(f"not as before within {SECONDS_TO_RECOVER:.0f} s of the end")
    shed = [one for one in storm if one.status == 503]
    odd = [one for one in load.heard if one.status not in {200, 503}]
    if odd:
        faults.append(f"{len(odd)} requests were answered with neither 200 nor 503")
    if any(not one.retry_after for one in shed):
        faults.append("a 503 without Retry-After")
    if not shed:
        faults.append("nothing was shed: this was no overload")
    offered = len(storm) + load.kept_out
    taken = sum(one.status == 200 for one in storm)
    lines = [
        "| what | value |",
        "|---|---|",
        f"| saturated rate, papers a second | {rate:,.0f} |",
        f"| offered, a second for {seconds:.0f} s | {offered / seconds:,.0f} |",
        f"| taken (200), a second | {taken / seconds:,.0f} |",
        f"| shed (503 with Retry-After), a second | {len(shed) / seconds:,.0f} |",
        f"| neither answered nor sent (all {MOST_CONNECTIONS:,} connections waiting) | {load.kept_out:,} |",
        f"| an answer at half the saturated rate, median and p99, ms | {_latencies(normal, 200)} |",
        f"| an answer to what was taken in the overload | {_latencies(storm, 200)} |",
        f"| a 503 | {_latencies(storm, 503)} |",
        f"| the arena's memory before, at most, after, MiB | {quiet:,.0f}, {max(peak):,.0f}, {_memory(stage):,.0f} |",
        f"| after the end, until nothing is shed and p99 is as before, s | {'never' if recovered is None else f'{recovered:.1f}'} |",
    ]
    return Found(lines, faults + await asyncio.to_thread(_losses, stage, load))


def _losses(stage: Stage, load: Load) -> list[str]:
    with psycopg.connect(stage.url) as connection:
        rows = connection.execute("SELECT attempt::text, count(*) FROM ledger_entry GROUP BY attempt").fetchall()
    there = dict(rows)
    wrong = [one.attempt for one in load.heard if one.status == 200 and there.get(one.attempt) != 1]
    found = [f"{len(wrong)} acknowledged papers are not in the ledger exactly once"] if wrong else []
    return found + replay(stage.url, signing_key(SECRET).public_key()).faults


def _recovered(after: list[Heard], over: float, p99: float) -> float | None:
    """Seconds from the end of the overload until every request of the following second was taken as fast as before."""
    for tenth in range(90):
        start = over + tenth / 10
        second = [one for one in after if start <= one.asked < start + 1]
        if second and all(one.status == 200 for one in second) and _p99(second, 200) <= 2 * p99:
            return tenth / 10
    return None


def _latencies(heard: list[Heard], status: int) -> str:
    times = [one.seconds for one in heard if one.status == status] or [0.0]
    return f"{median(times) * 1000:,.0f}, {_p99(heard, status) * 1000:,.0f}"


def _p99(heard: list[Heard], status: int) -> float:
    times = sorted(one.seconds for one in heard if one.status == status)
    return times[int(len(times) * 0.99)] if times else 0.0


async def _watch(stage: Stage, peak: list[float]) -> None:
    while True:
        peak.append(_memory(stage))
        await asyncio.sleep(0.2)


def _memory(stage: Stage) -> float:
    """MiB of the arena's processes."""
    total = 0
    for process in stage.arena():
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                total += int(line.split()[1])
    return total / 1024


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.faults.overload")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--write", type=Path, help="put the report into this file, between its two marks")
    options = parser.parse_args()
    with set_stage(arenas=1, settings=SETTINGS, ARENA="bench.faults.narrow") as stage:
        found = asyncio.run(measure(stage, options.seconds))
    when = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, `python -m bench.faults.overload --seconds {options.seconds:.0f}`"
    narrow = f"The arena is narrowed: batches of {BATCH_LIMIT}, a COMMIT of 100 ms."
    verdict = "Nothing that was acknowledged is lost." if not found.faults else f"**{'; '.join(found.faults)}**"
    text = "\n".join([f"{when}, {machine()}. {narrow}", "", *found.lines, "", verdict])
    sys.stdout.write(text + "\n")
    if options.write:
        keep(options.write, "overload", text)
    return 1 if found.faults else 0


if __name__ == "__main__":
    sys.exit(main())
