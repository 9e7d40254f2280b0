"""`make faults`: a crowd plays, everything is killed, stopped, filled up, cut and restarted; then the books are checked.

python -m bench.faults [--events 105] [--seed 1] [--minutes 20] [--people 40] [--write docs/loads.md]
Exit status 1 names every loss.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import NamedTuple

from .chaos import KINDS, Chaos, Event, in_random_order
from .checks import MOST_TOLD, Report, check
from .crowd import Crowd
from .report import keep, machine
from .stage import REGION, SECRET, Stage, set_stage


class Run(NamedTuple):
    events: list[Event]
    counts: Counter[str]
    report: Report
    seconds: float
    volume: str


def main() -> int:
    options = arguments()
    began = time.monotonic()
    with set_stage() as stage, tempfile.TemporaryDirectory() as folder:
        run = asyncio.run(play(stage, Path(folder) / "journal", options))
        run = run._replace(seconds=time.monotonic() - began)
    text = "\n".join([*described(options, run), "", *table(run), "", *summary(run)])
    sys.stdout.write(text + "\n")
    if options.write:
        keep(options.write, "faults", text)
    for fault in run.report.faults[:MOST_TOLD]:
        sys.stderr.write(f"FAULT  {fault}\n")
    return 1 if run.report.faults else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.faults")
    parser.add_argument("--events", type=int, default=105)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--people", type=int, default=40)
    parser.add_argument("--write", type=Path, help="put the report into this file, between its two marks")
    return parser.parse_args()


async def play(stage: Stage, journal: Path, options: argparse.Namespace) -> Run:
    """The crowd, the faults, the end of every paper that was begun, the checks."""
    crowd = Crowd(stage.servers, SECRET, stage.release, REGION, journal, options.people, options.seed)
    playing = asyncio.create_task(crowd.play())
    dice = random.Random(options.seed)
    chaos = Chaos(stage, crowd, dice)
    await chaos.rage(in_random_order(options.events, dice), time.monotonic() + options.minutes * 60)
    crowd.closing = True
    await asyncio.to_thread(stage.wait_until_ready)
    try:
        async with asyncio.timeout(180):
            await playing
    except TimeoutError:
        chaos.faults.append("the crowd did not come to an end within three minutes of the last fault")
    report = await asyncio.to_thread(check, stage.url, SECRET, journal)
    report.faults.extend(chaos.faults + crowd.unexpected)
    return Run(chaos.events, crowd.counts, report, 0.0, stage.volume.kind)


def described(options: argparse.Namespace, run: Run) -> list[str]:
    words = f"python -m bench.faults --events {options.events} --seed {options.seed} --people {options.people}"
    ways = {"loop": "an ext4 image of 1 GiB, mounted", "rlimit": "RLIMIT_FSIZE 0 on PostgreSQL's processes"}
    when = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    return [f"{when}, `{words}`, {run.seconds / 60:.0f} minutes, {machine()}; the full disk is {ways[run.volume]}."]


def table(run: Run) -> list[str]:
    lines = [
        "| fault | times | without an acknowledged write, median s | longest s |",
        "|---|---|---|---|",
    ]
    for kind in KINDS:
        silences = [event.silence for event in run.events if event.kind == kind]
        if silences:
            lines.append(f"| {kind} | {len(silences)} | {median(silences):.1f} | {max(silences):.1f} |")
    everything = [event.silence for event in run.events]
    lines.append(f"| all | {len(everything)} | {median(everything):.1f} | {max(everything):.1f} |")
    return lines


def summary(run: Run) -> list[str]:
    counts, report = run.counts, run.report
    kinds = ("start", "save", "submit")
    done = ", ".join(f"{report.acknowledged.get(kind, 0):,} {kind}s" for kind in kinds)
    verdict = (
        "Every acknowledged request is there exactly once, every retry got the first answer, the standings equal the "
        "replay, the chain verifies."
    )
    retries = (
        f"Asked again after no answer or 503: {counts['retries']:,} times; on purpose after an answer: "
        f"{counts['asked again on purpose']:,}; twice at once: {counts['twice at once']:,}. Lost answers: "
        f"{counts['lost']:,}, connections cut by the client: {counts['cut']:,}, 503: {counts['503']:,}."
    )
    ledger = f"Ledger: {report.entries:,} entries in {report.batches:,} batches."
    return [
        f"Acknowledged: {done}, in {sum(report.answers.values()):,} answers.",
        retries,
        f"{ledger} {verdict if report.holds else f'**{len(report.faults)} faults.**'}",
    ]


if __name__ == "__main__":
    sys.exit(main())
