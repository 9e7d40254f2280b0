"""`make failover`: the primary of a Patroni cluster is killed under load, again and again; then the books are checked.

Everything on loopback, from Debian's packages: etcd, three PostgreSQL servers under Patroni with synchronous
replication, one web and one arena process of ours, a crowd that notes every acknowledged start, save and submit.

python -m bench.failover [--kills 3] [--crashes 1] [--standbys 1] [--switches 1] [--people 30] [--write docs/loads.md]
Exit status 1 names every loss, and a pause of 30 s or more; 2 says which package is missing.
"""

import argparse
import asyncio
import itertools
import json
import os
import platform
import random
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

from bench.cluster import HOST, Cluster, free_ports, missing, postgres_programs, wait
from bench.faults.checks import MOST_TOLD, Report, check
from bench.faults.crowd import Crowd, Person
from bench.faults.stage import REGION, ROOT, SECRET, make_pack, migrate, prepare
from bench.faults.wire import LostError

BEGIN: Final = "<!-- failover -->"
END: Final = "<!-- /failover -->"
LONGEST_PAUSE: Final = 30.0
"""Seconds within which writing must have resumed, whatever happened."""
SECONDS_TO_START: Final = 150
SECONDS_TO_LEAD: Final = 60
SECONDS_TO_REJOIN: Final = 120
SECONDS_TO_END: Final = 180


class Event(NamedTuple):
    what: str
    pause: float
    """The longest time without an acknowledged write from this event to the next one."""
    leads: float | None
    """Seconds until another node led; None where none had to."""
    whole: float
    """Seconds until all three were in the cluster again, from the moment the dead node was started."""


class Pages:
    """A visitor who looks at the front page twice a second, and what they were told."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.seen: Counter[str] = Counter()

    async def look(self) -> None:
        while True:
            self.seen[await asyncio.to_thread(self._status)] += 1
            await asyncio.sleep(0.5)

    def _status(self) -> str:
        try:
            with urllib.request.urlopen(f"http://{HOST}:{self.port}/", timeout=15) as answer:
                return str(answer.status)
        except urllib.error.HTTPError as refused:
            return str(refused.code)
        except OSError:
            return "no answer"


class Newcomers:
    """Somebody new who presses Start every half second, once: a rush goes on whatever happens, and never backs off."""

    def __init__(self, crowd: Crowd) -> None:
        self.crowd = crowd
        self._dice = random.Random("newcomers")
        self._pressing: set[asyncio.Task[None]] = set()

    async def arrive(self) -> None:
        for number in itertools.count():
            task = asyncio.create_task(self._press_start(number))
            self._pressing.add(task)
            task.add_done_callback(self._pressing.discard)
            await asyncio.sleep(0.5)

    async def _press_start(self, number: int) -> None:
        person = Person(self.crowd, self._dice, number)
        path = f"/arena/v1/contests/{self.crowd.release.contest}/attempts"
        with suppress(LostError):
            answer = await person.lines[0].ask("POST", path, bearer=person.bearer)
            if answer.status == 201:
                attempt, digest = json.loads(answer.body)["attempt"], sha256(answer.body).hexdigest()
                self.crowd.note("start", attempt=attempt, participant=person.participant, hash=digest)
            elif answer.status != 503:
                self.crowd.unexpected.append(f"a newcomer was answered with {answer.status}: {answer.body.decode()}")
        person.leave()


class Run(NamedTuple):
    events: list[Event]
    crowd: Crowd
    pages: Counter[str]
    report: Report


def main() -> int:
    options = arguments()
    if sentence := missing():
        sys.stderr.write(f"make failover runs PostgreSQL, Patroni and etcd from Debian's packages: {sentence}\n")
        return 2
    folder = Path(tempfile.mkdtemp(prefix="cyberweek-failover-", dir="/var/tmp"))
    folder.chmod(0o755)  # the system user that runs PostgreSQL passes through
    cluster = Cluster(folder / "cluster")
    try:
        cluster.start()
        migrate(cluster.url())
        release = prepare(cluster.url(), make_pack(), {})
        parts = ["arena"] if options.short else ["web", "arena", "worker"]
        with servers(cluster.url(), folder, parts) as ports:
            addresses = [(HOST, port) for port in ports]
            crowd = Crowd(addresses, SECRET, release, REGION, folder / "journal", options.people, options.seed)
            run = asyncio.run(play(cluster, crowd, Pages(ports[0]), options))
    except BaseException:
        for log in sorted([*folder.glob("*.log"), *folder.glob("cluster/*.log")]):
            sys.stderr.write(f"-- {log.name}\n{log.read_text(errors='replace')[-1500:]}\n")
        raise
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)
    return tell(run, options)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.failover")
    parser.add_argument("--kills", type=int, default=3, help="kill -9 of the primary: Patroni and PostgreSQL")
    parser.add_argument("--crashes", type=int, default=1, help="kill -9 of the primary's PostgreSQL alone")
    parser.add_argument("--standbys", type=int, default=1, help="kill -9 of the synchronous standby")
    parser.add_argument("--switches", type=int, default=1, help="clean changes of primary")
    parser.add_argument("--people", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--calm", type=float, default=5, help="seconds of play between events")
    parser.add_argument("--short", action="store_true", help="arenas alone, no pages; the dead stay dead")
    parser.add_argument("--write", type=Path, help="put the report into this file, between its two marks")
    return parser.parse_args()


@contextmanager
def servers(url: str, folder: Path, parts: list[str]) -> Iterator[list[int]]:
    """The parts of Cyberweek, each a process of its own as on real hosts; the ports of those that answer requests."""
    ports = dict(zip(parts, free_ports(len(parts)), strict=True))
    running = []
    try:
        for part, port in ports.items():
            environment = {
                **os.environ, "DATABASE_URL": url, "SECRET_KEY": SECRET, "PORT": str(port), "HOST": HOST,
                "DATA_DIR": str(folder / part), "PYTHONPATH": str(ROOT / "src"),
                "DJANGO_SETTINGS_MODULE": "cyberweek.settings",
            }  # fmt: skip
            command = [sys.executable, "-m", "cyberweek", "serve", "--only", part]
            with (folder / f"{part}.log").open("wb") as log:
                running.append(subprocess.Popen(command, env=environment, stdout=log, stderr=log))
        answering = [part for part in parts if part != "worker"]
        for part in answering:
            wait(f"the {part} is ready", lambda port=ports[part]: _is_ready(port), SECONDS_TO_START)
        yield [ports[part] for part in answering]
        for process, part in zip(running, parts, strict=True):
            if process.poll() is not None:
                raise RuntimeError(f"{part} did not live through it")
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(20)


def _is_ready(port: int) -> bool:
    with suppress(OSError):
        return urllib.request.urlopen(f"http://{HOST}:{port}/readyz", timeout=2).status == 200
    return False


async def play(cluster: Cluster, crowd: Crowd, pages: Pages, options: argparse.Namespace) -> Run:
    """The crowd, the events, the end of every paper that was begun, the checks."""
    playing = asyncio.create_task(crowd.play())
    beside = [asyncio.create_task(Newcomers(crowd).arrive())]
    if not options.short:
        beside.append(asyncio.create_task(pages.look()))
    events = [event async for event in _events(cluster, crowd, options)]
    for task in beside:
        task.cancel()
    crowd.closing = True
    faults = []
    try:
        async with asyncio.timeout(SECONDS_TO_END):
            await playing
    except TimeoutError:
        faults.append(f"the crowd did not come to an end within {SECONDS_TO_END} s of the last event")
    report = await asyncio.to_thread(check, cluster.url(), SECRET, crowd.journal)
    faults += [f"{event.what}: {event.pause:.1f} s without a write" for event in events if event.pause >= LONGEST_PAUSE]
    faults += [f"{count} pages were answered with {status}" for status, count in pages.seen.items() if status == "500"]
    report.faults.extend(faults + crowd.unexpected)
    return Run(events, crowd, pages.seen, report)


async def _events(cluster: Cluster, crowd: Crowd, options: argparse.Namespace) -> AsyncIterator[Event]:
    """What happens, in random order; an event is over when the next one begins."""
    plan = (
        [kill_for_good if options.short else kill] * options.kills
        + [crash] * options.crashes
        + [lose_standby] * options.standbys
    )
    plan += [switch] * options.switches
    random.Random(options.seed).shuffle(plan)
    await asyncio.sleep(options.calm)
    for happening in plan:
        began = time.monotonic()
        what, leads, whole = await asyncio.to_thread(happening, cluster)
        await _somebody_is_acknowledged(crowd)
        await asyncio.sleep(options.calm)
        pause = longest_pause(crowd.acknowledged, began, time.monotonic())
        yield Event(what, pause, leads, whole)
        print(f"{what}: {pause:.1f} s without a write", flush=True)


async def _somebody_is_acknowledged(crowd: Crowd) -> None:
    seen = len(crowd.acknowledged)
    with suppress(TimeoutError):
        async with asyncio.timeout(SECONDS_TO_LEAD):
            while len(crowd.acknowledged) == seen:  # noqa: ASYNC110 -- the crowd is no business of ours to change
                await asyncio.sleep(0.1)


def longest_pause(acknowledged: list[float], began: float, ended: float) -> float:
    """The longest time between two acknowledged writes within these moments, their ends counted."""
    within = [began, *[moment for moment in acknowledged if began < moment < ended], ended]
    return max(later - earlier for earlier, later in pairwise(within))


Happened = tuple[str, float | None, float]


def kill(cluster: Cluster) -> Happened:
    """The power of the primary's host fails; later it is back."""
    dead = cluster.leader()
    cluster.kill(dead)
    leads = wait("another node leads", _another_leads(cluster, dead), SECONDS_TO_LEAD)
    time.sleep(3)
    cluster.start_node(dead)
    return f"primary killed ({dead})", leads, wait("three in step", cluster.is_whole, SECONDS_TO_REJOIN)


def kill_for_good(cluster: Cluster) -> Happened:
    dead = cluster.leader()
    cluster.kill(dead)
    return f"primary killed ({dead})", wait("another node leads", _another_leads(cluster, dead), SECONDS_TO_LEAD), 0.0


def crash(cluster: Cluster) -> Happened:
    """PostgreSQL alone dies: Patroni brings it back where it is, or hands over."""
    dead = cluster.leader()
    cluster.kill_postgres(dead)
    back = wait("somebody may write", cluster.may_write, SECONDS_TO_LEAD)
    return (
        f"PostgreSQL of the primary killed ({dead})",
        None,
        back + wait("in step", cluster.is_whole, SECONDS_TO_REJOIN),
    )


def lose_standby(cluster: Cluster) -> Happened:
    """The standby that every COMMIT waits for is gone: the other one takes its part."""
    dead = cluster.synchronous_standby()
    cluster.kill(dead)
    time.sleep(15)
    cluster.start_node(dead)
    return f"synchronous standby killed ({dead})", None, wait("three in step", cluster.is_whole, SECONDS_TO_REJOIN)


def switch(cluster: Cluster) -> Happened:
    before, began = cluster.leader(), time.monotonic()
    after = cluster.switch_over()
    leads = time.monotonic() - began
    return f"switched over ({before} to {after})", leads, wait("in step", cluster.is_whole, SECONDS_TO_REJOIN)


def _another_leads(cluster: Cluster, dead: str) -> Callable[[], bool]:
    return lambda: cluster.leader() not in {"", dead}


def tell(run: Run, options: argparse.Namespace) -> int:
    text = "\n".join([*described(options), "", *table(run), "", *summary(run)])
    sys.stdout.write(text + "\n")
    if options.write:
        keep(options.write, text)
    for fault in run.report.faults[:MOST_TOLD]:
        sys.stderr.write(f"FAULT  {fault}\n")
    return 1 if run.report.faults else 0


def described(options: argparse.Namespace) -> list[str]:
    versions = [
        ["patroni", "--version"],
        ["etcd", "--version"],
        [str((postgres_programs() or Path()) / "postgres"), "--version"],
    ]
    told = [subprocess.run(v, check=True, capture_output=True, text=True).stdout.splitlines()[0] for v in versions]
    words = [f"--{name} {getattr(options, name)}" for name in ("kills", "crashes", "standbys", "switches", "people")]
    load = f"Load average of the machine over the five minutes before the end: {os.getloadavg()[1]:.1f}."
    return [
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, `python -m bench.failover {' '.join(words)}`",
        "",
        f"{os.cpu_count()} cores, Python {platform.python_version()}, {', '.join(told)}. {load}",
    ]


def table(run: Run) -> list[str]:
    lines = ["| what | another led after, s | longest pause in writing, s | all three in step after, s |"]
    lines += ["|---|---|---|---|"]
    for event in run.events:
        leads = "" if event.leads is None else f"{event.leads:.1f}"
        lines.append(f"| {event.what} | {leads} | {event.pause:.1f} | {event.whole:.1f} |")
    return lines


def summary(run: Run) -> list[str]:
    counts, acknowledged = run.crowd.counts, run.report.acknowledged
    asked = ", ".join(f"{acknowledged.get(kind, 0):,} {kind}s" for kind in ("start", "save", "submit"))
    pages = ", ".join(f"{count} × {status}" for status, count in sorted(run.pages.items()))
    verdict = (
        "**Faults: " + "; ".join(run.report.faults[:3]) + "**" if run.report.faults else "None is lost, none twice"
    )
    trouble = f"{counts['retries']:,} retries, {counts['503']:,} answers of 503, {counts['lost']:,} lost connections"
    ledger = f"{run.report.entries:,} entries in {run.report.batches:,} batches"
    return [
        f"Acknowledged: {asked}; {trouble}.",
        f"{verdict}; {ledger}, the chain verified, the boards equal to a replay. The front page meanwhile: {pages or '-'}.",
    ]


def keep(path: Path, report: str) -> None:
    """Replaces what stands between the two marks."""
    text = path.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    path.write_text(f"{before}{BEGIN}\n{report}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
