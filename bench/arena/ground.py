"""The ground of a run: a database with the country's regions and one release, and feeds of papers and passports."""

import json
import os
import random
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

import psycopg

from cyberweek.arena.releases import Release
from cyberweek.arena.tickets import Office, Passport, Ticket
from cyberweek.knowledge.core.release import Item, Option, Pack, Quota, Reference, open_pack, seal
from cyberweek.launch.postgres import EmbeddedPostgres

SECRET: Final = "a secret for the bench only"  # noqa: S105 -- it opens nothing
CONTEST: Final = "bench"
WORDS: Final = "收到陌生短信中的链接时,正确的做法是什么?请选择最合适的一项,并说明理由。"
OPEN_MS: Final = 3_600_000
PROCESSES: Final = 2
WORKSHOP: Final = "/var/tmp"  # noqa: S108 -- a disk, as /tmp may not be; a folder of our own is made in it


class Ground(NamedTuple):
    folder: Path
    """For feeds and the like; gone after the run."""
    server: EmbeddedPostgres
    url: str
    pack: Pack
    counties: Sequence[str]


@contextmanager
def prepared() -> Iterator[Ground]:
    """A fresh database, migrated, with the whole country's regions; stopped and wiped away at the end, come what may."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended by SIGTERM"))  # as Ctrl-C: what was started is ended
    with TemporaryDirectory(prefix="cyberweek-bench-", dir=WORKSHOP, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)  # the system user that runs PostgreSQL passes through
        server = EmbeddedPostgres(folder / "postgres")
        try:
            url = server.start()
            manage(url, "migrate", "--verbosity=0", "--skip-checks")
            manage(url, "loadregions", "--verbosity=0", "--skip-checks")
            pack = publish(url)
            write_over_old_segments(url)
            with psycopg.connect(url) as connection:
                rows = connection.execute("SELECT code FROM regions_region WHERE level = 'county' ORDER BY code")
                counties = [row[0] for row in rows.fetchall()]
            yield Ground(folder, server, url, pack, counties)
        finally:
            server.stop()


def write_over_old_segments(url: str) -> None:
    """As a server does that has run for a day. A new one makes each segment of its WAL: filled with zeros and flushed,
    fifty to some hundred milliseconds in which every COMMIT waits.
    """
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_logical_emit_message(false, 'bench', repeat('x', 1 << 24)) FROM generate_series(1, 60)"
        )
        connection.execute("CHECKPOINT")


def manage(url: str, *command: str) -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "SECRET_KEY": SECRET,
        "DJANGO_SETTINGS_MODULE": "cyberweek.settings",
    }
    subprocess.run([sys.executable, "-m", "django", *command], check=True, env=environment)


def publish(url: str) -> Pack:
    release = seal(make_pack())
    with psycopg.connect(url) as connection:
        connection.execute(
            "INSERT INTO knowledge_release (contest, number, sha256, pack, published) VALUES (%s, 1, %s, %s, now())",
            [CONTEST, release.sha256, release.pack],
        )
    return open_pack(release.pack, release.sha256)


def make_pack() -> Pack:
    """Ten topics of twenty items; a paper of twenty. Ids have ten characters: the load scripts count on it."""

    def text(words: str) -> dict[str, str]:
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
        contest=CONTEST, number=1, title=text("bench"), opens=now - timedelta(days=8), closes=now + timedelta(days=9),
        zone="Asia/Shanghai", items=20, minutes=60, grace_seconds=30, attempts_per_day=3, points=5,
        blueprint=[Quota(f"topic{topic}", 2) for topic in range(10)],
        bank=[item(topic, number) for topic in range(10) for number in range(20)], draw_salt="a salt for the bench",
    )  # fmt: skip


def write_papers(ground: Ground, name: str, count: int, players: Sequence[tuple[str, str]] = ()) -> Path:
    """A feed of papers that were started before, one a line: "<attempt>\\t<body of submit>".

    Every other paper is by one of `players` (participant, county) while they last; the others play their first.
    """
    share = count // PROCESSES + 1
    with ProcessPoolExecutor(PROCESSES) as pool:
        jobs = [
            pool.submit(_papers, ground.pack, ground.counties, share, players[number::PROCESSES], random.random())
            for number in range(PROCESSES)
        ]
        path = ground.folder / name
        path.write_text("".join(job.result() for job in jobs), encoding="utf-8")
    return path


def _papers(pack: Pack, counties: Sequence[str], count: int, players: Sequence[tuple[str, str]], seed: float) -> str:
    office, release, now = Office(SECRET), Release(pack), int(time.time() * 1000)
    rng = random.Random(seed)
    known = iter(players)
    lines = []
    day = release.local_day(now)
    for number in range(count):
        participant, region = (next(known, None) if number % 2 else None) or (random_uuid(rng), rng.choice(counties))
        attempt = uuid7(now, rng)
        paper = release.deck.draw(participant, day, 1)
        started = now - rng.randrange(60_000, 600_000)
        ticket = Ticket(
            attempt, participant, region, CONTEST, 1, day, 1, started, started + OPEN_MS, list(paper.items)
        )  # fmt: skip
        answers = {pack.bank[place].id: [rng.choice("aaab")] for place in paper.items}
        body = json.dumps({"ticket": office.issue_ticket(ticket), "answers": answers}, separators=(",", ":"))
        lines.append(f"{attempt}\t{body}\n")
    return "".join(lines)


def write_passports(ground: Ground, name: str, count: int) -> Path:
    office, expires, rng = Office(SECRET), int(time.time() * 1000) + 10**9, random.Random()
    path = ground.folder / name
    with path.open("w", encoding="utf-8") as file:
        for _ in range(count):
            file.write(passport(office, random_uuid(rng), rng.choice(ground.counties), expires) + "\n")
    return path


def passport(office: Office, participant: str, county: str, expires_ms: int) -> str:
    return office.issue_passport(Passport(participant, county, "12-17", "education", "小明", expires_ms))


def random_uuid(rng: random.Random) -> str:
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def uuid7(now_ms: int, rng: random.Random) -> str:
    value = (now_ms << 80) | rng.getrandbits(76)
    return str(uuid.UUID(int=value & ~(0xF << 76) & ~(0b11 << 62) | 7 << 76 | 0b10 << 62))


def catch_up(url: str, patience: float = 120) -> float:
    """Seconds until the standings have read the whole ledger."""
    began = time.monotonic()
    query = "SELECT (SELECT batch FROM standing_progress) >= (SELECT coalesce(max(number), 0) FROM ledger_batch)"
    with psycopg.connect(url, autocommit=True) as connection:
        while time.monotonic() < began + patience:
            if connection.execute(query).fetchone() == (True,):
                return time.monotonic() - began
            time.sleep(0.05)
    sys.exit("the standings do not reach the ledger")


def count_submits(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM ledger_entry WHERE kind = 'submit'").fetchone()
    return row[0] if row else 0
