"""`make fuzz`: a million bent requests against a real arena. No 5xx but 503, nothing stuck, memory flat, no traceback.

python -m bench.fuzz [--requests N] [--seed S] [--clients C]
"""

import argparse
import asyncio
import os
import random
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec
from bench.arena.ground import CONTEST, SECRET, Ground, prepared, write_papers
from bench.arena.servers import PORT, arena, resident_bytes
from bench.fuzz.clients import Client, Findings
from bench.fuzz.mutations import Mutator, Request

from cyberweek.arena.openapi import PATHS
from cyberweek.arena.tickets import Office
from cyberweek.passport.core.passports import Passport

WARM_UP: Final = 100_000
"""Requests (half of them, when fewer are sent) before memory is read the first time: caches fill, pools open."""
MOST_GROWTH: Final = 16 * 1024 * 1024
SETTLE_SECONDS: Final = 15
POOL: Final = 8
"""Connections to the database that a process may open while we look."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.fuzz", description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--clients", type=int, default=24)
    options = parser.parse_args()
    print(f"seed {options.seed}")
    with prepared() as ground:
        good = good_requests(ground)
        log = ground.folder / "server.log"
        with errors_into(log), arena(ground) as pids:
            findings, figures = asyncio.run(attack(good, pids, options.requests, options.seed, options.clients))
        tracebacks = log.read_text(encoding="utf-8", errors="replace").count("Traceback")
    return report(findings, figures, tracebacks)


@contextmanager
def errors_into(log: Path) -> Iterator[None]:
    """What is started meanwhile writes its errors into the file."""
    kept = os.dup(2)
    with log.open("wb") as file:
        os.dup2(file.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def good_requests(ground: Ground) -> Sequence[Request]:
    """Each operation of the API's own description, with what belongs into it."""
    office = Office(SECRET)
    papers = [line.split("\t") for line in write_papers(ground, "papers.tsv", 400).read_text("utf-8").splitlines()]
    passports = [
        office.issue_passport(Passport(str(uuid.uuid4()), code, "18-25", "other", "fuzz", 2**50))
        for code in ground.counties[:200]
    ]
    application = {"nickname": "fuzz", "region": ground.counties[0], "band": "18-25", "sector": "other"}
    good = []
    for (attempt, sent), token in zip(papers, passports * 2, strict=False):
        for template, operations in PATHS.items():
            if template.endswith("/live"):
                continue  # its answer never ends; the bent ones come near it
            path = template.replace("{slug}", CONTEST).replace("{attempt}", attempt)
            for method in operations:
                body = None if method == "get" else sent.encode()
                if template.endswith("/passports"):
                    body = msgspec.json.encode(application)
                headers = (("authorization", f"Bearer {token}"), ("accept-language", "en"))
                good.append(Request(method.upper(), path, headers, body))
    return good


async def attack(
    good: Sequence[Request], pids: Sequence[int], requests: int, seed: int, clients: int
) -> tuple[Findings, dict[str, float]]:
    """Warm up, read the memory, send the rest, let it settle, read again."""
    findings = Findings()
    crowd = [Client(PORT, Mutator(good, seed + number), findings) for number in range(clients)]
    warm = min(requests // 2, WARM_UP) // clients
    watch = asyncio.create_task(tell(findings, requests, pids))
    await asyncio.gather(*(client.run(warm) for client in crowd))
    before, files = sum(map(resident_bytes, pids)), sum(map(open_files, pids))
    began = time.monotonic()
    await asyncio.gather(*(client.run(requests // clients - warm) for client in crowd))
    watch.cancel()
    seconds = time.monotonic() - began
    for _ in range(SETTLE_SECONDS):
        await asyncio.sleep(1)
        if sum(map(open_files, pids)) <= files + POOL:
            break
    return findings, {
        "requests a second": (findings.sent - warm * clients) / seconds,
        "memory grew by, MiB": (sum(map(resident_bytes, pids)) - before) / 2**20,
        "files open more than before": sum(map(open_files, pids)) - files,
    }


async def tell(findings: Findings, requests: int, pids: Sequence[int]) -> None:
    while True:
        memory = sum(map(resident_bytes, pids)) / 2**20
        print(f"{findings.sent:,} of {requests:,}, {len(findings.faults)} faults, {memory:.0f} MiB", flush=True)
        await asyncio.sleep(30)


def open_files(pid: int) -> int:
    return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())


def report(findings: Findings, figures: dict[str, float], tracebacks: int) -> int:
    print(f"{findings.sent:,} requests; hung up on without an answer: {findings.closed:,}")
    for status, count in sorted(findings.statuses.items()):
        print(f"  {status}  {count:,}")
    for name, figure in figures.items():
        print(f"  {name}: {figure:,.1f}")
    wrong = [f"{what}: {sent[:300]!r}" for what, sent in findings.faults]
    if figures["memory grew by, MiB"] > MOST_GROWTH / 2**20:
        wrong.append("memory is not flat")
    if figures["files open more than before"] > POOL:
        wrong.append("connections are still open")
    if tracebacks:
        wrong.append(f"{tracebacks} tracebacks in the server's log")
    print("\n".join(wrong[:20]) or "nothing found")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
