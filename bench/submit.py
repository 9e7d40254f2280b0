"""How fast papers are taken in: durable, graded submits over HTTP beside PostgreSQL's own single-row insert.

One run on one machine: the embedded PostgreSQL (fsync on); then, by turns, pgbench and the arena under Granian with wrk,
all on loopback. What is told is the median of the rounds, and of the ratios within each round.
Usage: python bench/submit.py [--rounds 3] [--seconds 6] [--clients 256] [--workers 1] [--write docs/loads.md]
"""

import argparse
import json
import math
import os
import platform
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import NamedTuple

import psycopg

from cyberweek.arena.releases import Release
from cyberweek.arena.tickets import Office, Ticket
from cyberweek.knowledge.core.release import Item, Option, Pack, Quota, Reference, open_pack, seal
from cyberweek.launch.postgres import BIN, EmbeddedPostgres
from cyberweek.passport.core.passports import Passport

HERE = Path(__file__).parent
SECRET = "a secret for the bench only"  # noqa: S105 -- it opens nothing
BEGIN, END = "<!-- bench -->", "<!-- /bench -->"
WORDS = "收到陌生短信中的链接时,正确的做法是什么?请选择最合适的一项,并说明理由。"


class Measured(NamedTuple):
    what: str
    rate: float
    p50: float
    p99: float


def main() -> None:
    options = arguments()
    folder = Path(tempfile.mkdtemp(prefix="cyberweek-bench-", dir="/var/tmp"))
    folder.chmod(0o755)  # the system user that runs PostgreSQL passes through
    server = EmbeddedPostgres(folder / "postgres")
    rounds = []
    try:
        url = server.start()
        pack = prepare(url)
        for number in range(options.rounds):
            rows = [measure_pgbench(url, clients, options.seconds) for clients in options.pgbench]
            with arena(url, options):
                rows.append(measure_submit(pack, folder, options, number))
                rows.append(measure_attempt(folder, options))
                lag = catch_up(url)
            rounds.append(rows)
            print(f"round {number + 1}: " + ", ".join(f"{row.what} {row.rate:,.0f}" for row in rows), flush=True)
            print(f"  the standings were {lag:.1f} s behind when the load ended", flush=True)
        summary = check(url)
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
    report = "\n".join([*described(options), "", *table(rounds), "", summary])
    print("\n" + report)
    if options.write:
        keep(options.write, report)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=6)
    parser.add_argument("--clients", type=int, default=256)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--interface", choices=["rsgi", "asgi"], default="rsgi")
    parser.add_argument("--pgbench", type=int, nargs="+", default=[1, 16, 64], metavar="CLIENTS")
    parser.add_argument("--port", type=int, default=8799)
    parser.add_argument("--write", type=Path, help="put the report into this file, between its two marks")
    return parser.parse_args()


def prepare(url: str) -> Pack:
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "SECRET_KEY": SECRET,
        "DJANGO_SETTINGS_MODULE": "cyberweek.settings",
    }
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity=0", "--skip-checks"], check=True, env=environment
    )
    release = seal(make_pack())
    regions = [("CN", "nation", None), ("350000", "province", "CN"), ("350200", "city", "350000")]
    regions += [(f"3502{county:02d}", "county", "350200") for county in range(1, 41)]
    with psycopg.connect(url) as connection:
        for region in regions:
            connection.execute(
                "INSERT INTO regions_region (code, level, parent_id, name, short) VALUES (%s, %s, %s, '{}', '{}')",
                region,
            )
        connection.execute(
            "INSERT INTO knowledge_release (contest, number, sha256, pack, published) "
            "VALUES ('bench', 1, %s, %s, now())",
            [release.sha256, release.pack],
        )
    return open_pack(release.pack, release.sha256)


def make_pack() -> Pack:
    def text(words: str) -> dict:
        return {"en": f"What to do first? {words}", "zh-Hans": WORDS}

    def item(topic: int, number: int) -> Item:
        return Item(
            id=f"topic{topic}-{number:03d}",
            topic=f"topic{topic}",
            kind="single" if number % 4 else "multiple",
            stem=text("stem"),
            options=[Option(letter, text(letter)) for letter in "abcd"],
            key=["a"] if number % 4 else ["a", "b"],
            explanation=text("explanation"),
            reference=Reference("law", text("law"), "2017", "24"),
        )

    now = datetime.now(UTC)
    return Pack(
        contest="bench", number=1, title=text("bench"), opens=now - timedelta(days=1), closes=now + timedelta(days=9),
        zone="Asia/Shanghai", items=20, minutes=60, grace_seconds=30, attempts_per_day=3, points=5,
        blueprint=[Quota(f"topic{topic}", 2) for topic in range(10)],
        bank=[item(topic, number) for topic in range(10) for number in range(20)], draw_salt="a salt for the bench",
    )  # fmt: skip


def measure_pgbench(url: str, clients: int, seconds: int) -> Measured:
    """The same bytes as an entry of the ledger, a row a transaction, prepared."""
    line = "submit\t2026-11-22\t" + "x" * 36 + "\tbench\t" + "y" * 36 + "\t350203\t1\t1\t1795319401861\t"
    line += "a," * 20 + "\t1048575\t1048575\t100\t300"
    with psycopg.connect(url) as connection:
        connection.execute("DROP TABLE IF EXISTS bench_row")
        connection.execute("CREATE TABLE bench_row (id bigserial PRIMARY KEY, entry text NOT NULL)")
        connection.commit()
        connection.autocommit = True
        connection.execute("CHECKPOINT")
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(f"INSERT INTO bench_row (entry) VALUES ('{line}');\n")  # noqa: S608 -- our own text
        script.flush()
        threads = "1" if clients == 1 else "2"
        command = [
            BIN / "pgbench",
            "-n",
            "-M",
            "prepared",
            f"-c{clients}",
            f"-j{threads}",
            f"-T{seconds}",
            "-f",
            script.name,
        ]
        printed = subprocess.run([*command, url], check=True, capture_output=True, text=True).stdout
    rate = float(re.search(r"tps = ([\d.]+)", printed)[1])
    latency = float(re.search(r"latency average = ([\d.]+)", printed)[1])
    return Measured(f"pgbench insert, {clients} clients", rate, latency, float("nan"))


@contextmanager
def arena(url: str, options: argparse.Namespace) -> Iterator[None]:
    environment = {**os.environ, "DATABASE_URL": url, "SECRET_KEY": SECRET}
    command = [
        sys.executable, "-m", "granian", "--interface", options.interface, "--host", "127.0.0.1",
        "--port", str(options.port), "--workers", str(options.workers), "--loop", "uvloop", "--http", "1", "--no-ws",
        "--backlog", "2048", "--log-level", "warning", f"cyberweek.arena.{options.interface}:app",
    ]  # fmt: skip
    process = subprocess.Popen(command, env=environment)
    try:
        for _ in range(100):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{options.port}/readyz", timeout=2).read()
                break
            except OSError:
                time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(20)


def measure_submit(pack: Pack, folder: Path, options: argparse.Namespace, seed: int) -> Measured:
    feed = folder / "papers"
    office, release, now = Office(SECRET), Release(pack), int(time.time() * 1000)
    rng = random.Random(seed)
    with feed.open("w") as file:
        for _ in range(options.seconds * 14_000):
            participant, attempt, day = str(uuid.uuid4()), uuid7(now), release.local_day(now)
            paper = release.deck.draw(participant, day, 1)
            region = f"3502{rng.randrange(1, 41):02d}"
            started = now - rng.randrange(60_000, 600_000)
            ticket = Ticket(
                attempt, participant, region, "bench", 1, day, 1, started, started + 3_600_000, list(paper.items)
            )
            answers = {pack.bank[place].id: [rng.choice("aaab")] for place in paper.items}
            body = json.dumps({"ticket": office.issue_ticket(ticket), "answers": answers}, separators=(",", ":"))
            file.write(f"{attempt}\t{body}\n")
    measured = run_wrk("submit over HTTP", "submit.lua", feed, options)
    feed.unlink()
    return measured


def measure_attempt(folder: Path, options: argparse.Namespace) -> Measured:
    feed = folder / "passports"
    office, expires = Office(SECRET), int(time.time() * 1000) + 10**9
    with feed.open("w") as file:
        for _ in range(options.seconds * 8_000):
            passport = Passport(str(uuid.uuid4()), "350203", "12-17", "education", "小明", expires)
            file.write(office.issue_passport(passport) + "\n")
    requests = run_wrk("start + submit over HTTP", "attempt.lua", feed, options)
    feed.unlink()
    return requests._replace(rate=requests.rate / 2)


def run_wrk(what: str, script: str, feed: Path, options: argparse.Namespace) -> Measured:
    target = f"http://127.0.0.1:{options.port}"
    command = [
        "wrk",
        "-t2",
        f"-c{options.clients}",
        f"-d{options.seconds}s",
        "-s",
        HERE / script,
        target,
        "--",
        feed,
        "2",
    ]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    requests, microseconds, errors, p50, p99 = map(float, re.search(r"RESULT (.*)", printed)[1].split())
    if errors:
        sys.exit(f"{what}: {errors:.0f} requests failed\n{printed}")
    return Measured(what, requests / microseconds * 1e6, p50, p99)


def catch_up(url: str) -> float:
    """Seconds until the standings have read the whole ledger."""
    began = time.monotonic()
    query = "SELECT (SELECT batch FROM standing_progress) = (SELECT max(number) FROM ledger_batch)"
    with psycopg.connect(url, autocommit=True) as connection:
        while time.monotonic() < began + 60:
            if connection.execute(query).fetchone()[0]:
                return time.monotonic() - began
            time.sleep(0.1)
    sys.exit("the standings do not reach the ledger")


def check(url: str) -> str:
    """What was counted is what is in the ledger, and the standings have it."""
    with psycopg.connect(url) as connection:
        submits = connection.execute("SELECT count(*) FROM ledger_entry WHERE kind = 'submit'").fetchone()[0]
        counted = connection.execute("SELECT coalesce(sum(papers), 0) FROM standing_region WHERE region = 'CN'")
        if counted.fetchone()[0] != submits:
            sys.exit("the standings are not what the ledger holds")
        batches = connection.execute("SELECT count(*), avg(size) FROM ledger_batch").fetchone()
    return (
        f"Afterwards all {submits:,} submits were in the ledger and in the standings; "
        f"{batches[0]:,} batches of {batches[1]:.0f} on average."
    )


def uuid7(now: int) -> str:
    value = (now << 80) | random.getrandbits(76) | 7 << 76
    return str(uuid.UUID(int=value & ~(0xF << 76) & ~(0b11 << 62) | 7 << 76 | 0b10 << 62))


def described(options: argparse.Namespace) -> list[str]:
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    packages = ", ".join(f"{name} {version(name)}" for name in ("granian", "uvloop", "psycopg", "msgspec"))
    postgres = subprocess.run([BIN / "postgres", "--version"], check=True, capture_output=True, text=True).stdout
    words = ["bench/submit.py", f"--rounds {options.rounds}", f"--seconds {options.seconds}"]
    words += [f"--clients {options.clients}", f"--workers {options.workers}", f"--interface {options.interface}"]
    machine = f"{os.cpu_count()} cores ({model[1] if model else platform.machine()})"
    load = f"{os.getloadavg()[1]:.1f}"
    return [
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, `python {' '.join(words)}`",
        "",
        f"{machine}, Python {platform.python_version()}, {packages}, {postgres.strip()}.",
        f"Load average of the machine over the five minutes before the end: {load}.",
    ]


def table(rounds: list[list[Measured]]) -> list[str]:
    """Medians; a ratio is taken within its round, to that round's best pgbench."""
    best = [max(row.rate for row in rows if row.what.startswith("pgbench")) for rows in rounds]
    lines = ["| what | a second | ratio | least to most | p50 ms | p99 ms |", "|---|---|---|---|---|---|"]
    for column in zip(*rounds, strict=True):
        ratios = [row.rate / base for row, base in zip(column, best, strict=True)]
        rate, p50, p99 = (median(getattr(row, name) for row in column) for name in ("rate", "p50", "p99"))
        spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
        tail = "" if math.isnan(p99) else f"{p99:.1f}"
        lines.append(f"| {column[0].what} | {rate:,.0f} | {median(ratios):.2f} | {spread} | {p50:.1f} | {tail} |")
    return lines


def keep(path: Path, report: str) -> None:
    """Replaces what stands between the two marks."""
    text = path.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    path.write_text(f"{before}{BEGIN}\n{report}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
