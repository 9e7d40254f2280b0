"""The arena when millions have been there before: the same rate as with none, and ranks while papers come in.

Two databases in one server, one empty, one filled (`fill`), by turns. Takes some twenty minutes and 20 GB of disk.
Usage: python -m bench.arena.large [--attempts 20000000] [--rounds 3] [--seconds 8] [--write docs/loads.md]
"""

import argparse
import random
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Final
from zoneinfo import ZoneInfo

import psycopg
from bench.arena import listeners, load, paced, report
from bench.arena.fill import fill, settle, sizes, some_players
from bench.arena.ground import SECRET, WORKSHOP, Ground, catch_up, passport, prepared, write_papers
from bench.arena.report import Row
from bench.arena.servers import arena

from cyberweek.arena.tickets import Office

FILLED: Final = "filled"
BYTES_AN_ATTEMPT: Final = 1200
READS_A_SECOND: Final = 100


def main() -> None:
    options = arguments()
    load.check_tools()
    if shutil.disk_usage(WORKSHOP).free < options.attempts * BYTES_AN_ATTEMPT:
        sys.exit(f"{WORKSHOP} needs {options.attempts * BYTES_AN_ATTEMPT / 1e9:.0f} GB free")
    listeners.allow_files(2000)
    began = time.monotonic()
    with prepared() as ground:
        filled = make(ground, options.attempts)
        took = time.monotonic() - began
        say(f"filled in {took:.0f} s: {sizes(filled.url)}")
        rates = [measure_round(ground, filled, options, number) for number in range(options.rounds)]
        rows = [ratio(rates), *ranks(filled, median(full for _, full in rates), options)]
        stored = describe(sizes(filled.url), options.attempts)
    words = f"python -m bench.arena.large --attempts {options.attempts} --rounds {options.rounds}"
    text = [
        *report.machine(words),
        f"It took {(time.monotonic() - began) / 60:.0f} minutes, {took / 60:.0f} of them to fill.",
    ]
    text += ["", *report.table(rows), "", stored]
    print("\n" + "\n".join(text))
    if options.write:
        report.keep(options.write, "large", "\n".join(text))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--attempts", type=int, default=20_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--write", type=Path, help="put the report into this file, between its two marks")
    return parser.parse_args()


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def make(ground: Ground, attempts: int) -> Ground:
    """A second database beside the empty one, filled; two attempts a player."""
    url = ground.server.url(FILLED)
    with psycopg.connect(ground.server.url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {FILLED} TEMPLATE cyberweek")  # type: ignore[arg-type]  # a constant
    zone = ZoneInfo(ground.pack.zone)
    today = ground.pack.local_day(datetime.now(UTC))
    midnight = int(datetime.combine(today, datetime.min.time(), zone).timestamp() * 1000)
    with hurried(ground):
        fill(url, attempts, attempts // 2, today, midnight)
        settle(url)
    return ground._replace(url=url)


@contextmanager
def hurried(ground: Ground) -> Iterator[None]:
    """Only while the past is made up: nothing is lost if this crashes but the bench's own time."""
    settings = {
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "fsync": "off",
        "max_wal_size": "'20GB'",
        "autovacuum": "off",
    }

    def restart(*statements: str) -> None:
        with psycopg.connect(ground.server.url("postgres"), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)  # type: ignore[arg-type]  # constants
        ground.server.stop()
        ground.server.start()

    restart(*(f"ALTER SYSTEM SET {name} = {value}" for name, value in settings.items()))
    yield
    restart("ALTER SYSTEM RESET ALL")


def measure_round(empty: Ground, filled: Ground, options: argparse.Namespace, number: int) -> tuple[float, float]:
    """Submits a second without and with a past; half of the papers on the filled one are by players it knows."""
    players = some_players(filled.url, options.seconds * 6000, options.attempts // 2)
    random.shuffle(players)
    rates = []
    for ground, known in ((empty, []), (filled, players)):
        papers = write_papers(ground, "papers", options.seconds * 14_000, known)
        with arena(ground) as pids:
            measured = load.wrk(ground, "submit", "submit.lua", str(papers), seconds=options.seconds, pids=pids)
            catch_up(ground.url, 300)
        rates.append(measured.rate)
    say(f"round {number + 1}: {rates[0]:,.0f} without a past, {rates[1]:,.0f} with")
    return rates[0], rates[1]


def ratio(rates: list[tuple[float, float]]) -> Row:
    found = [full / none for none, full in rates]
    got = f"{median(found):.2f} ({min(found):.2f} to {max(found):.2f}): "
    got += ", ".join(f"{full:,.0f} ÷ {none:,.0f}" for none, full in rates)
    return Row("the same rate with 20 million attempts in the ledger ÷ with none", "≥ 0.9", got, median(found) >= 0.9)


def ranks(ground: Ground, rate: float, options: argparse.Namespace) -> list[Row]:
    """Over HTTP, while papers come in at half the saturated rate."""
    pace = rate / 2
    seconds = 2 * options.seconds
    office, expires = Office(SECRET), int(time.time() * 1000) + 10**9
    players = some_players(ground.url, 5000, options.attempts // 2)
    random.shuffle(players)
    standing = "/arena/v1/contests/bench/standing"
    feeds = {
        "“my rank” in the nation": [f"{standing}\t{passport(office, *one, expires)}" for one in players],
        "“my rank” in my province": [
            f"{standing}?region={one[1][:2]}0000\t{passport(office, *one, expires)}" for one in players
        ],
        "a province's board": [f"{standing}?region={one[1][:2]}0000\t" for one in players],
    }
    papers = write_papers(ground, "papers", int(pace * (seconds + 5)))
    with arena(ground), paced.controls(ground.folder, seconds) as controls:
        submits = paced.paced("submit", papers, pace, seconds + 4)
        clients = {}
        for name, lines in feeds.items():
            feed = ground.folder / f"reads {len(clients)}"
            feed.write_text("\n".join(lines), encoding="utf-8")
            clients[name] = paced.paced("read", feed, READS_A_SECOND, seconds, 8)
        found = {name: paced.result(client) for name, client in clients.items()}
        idle = {name: paced.result(client) for name, client in controls.items()}
        taken = paced.result(submits)
        catch_up(ground.url, 300)
    people = f"{options.attempts / 2e6:.0f} million" if options.attempts >= 2_000_000 else f"{options.attempts // 2:,}"
    under = f"while {taken.rate:,.0f} papers a second came in"
    rows = [
        Row(
            f"{name}, among {people}",
            "≤ 5 ms at p99",
            f"{one}, {under}",
            one.p99 <= 5 and not one.failed,
        )
        for name, one in found.items()
    ]
    return rows + [Row(f"beside them: {name}", "–", str(one), None) for name, one in idle.items()]


def describe(found: dict[str, int], attempts: int) -> str:
    each = ", ".join(f"{name} {size / 1e9:.1f} GB" for name, size in sorted(found.items()) if size > 50_000_000)
    return (
        f"On disk, with indexes: {each}. An attempt (a start and a submit) takes {found['ledger'] / attempts:.0f} bytes "
        f"of the ledger; a player in the standings {sum(found.values()) / attempts * 2 - found['ledger'] / attempts * 2:.0f}."
    )


if __name__ == "__main__":
    main()
