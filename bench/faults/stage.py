"""What is played on: a volume, a database with one contest, two arenas under one supervisor, and their process ids."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import psycopg

from cyberweek.arena.releases import Release
from cyberweek.knowledge.core.release import Item, Option, Pack, Quota, Reference, open_pack, seal
from cyberweek.launch.postgres import EmbeddedPostgres

from .volume import Volume, make_volume

ROOT: Final = Path(__file__).parents[2]
SECRET: Final = "a secret for the faults only"  # noqa: S105 -- it opens nothing
REGION: Final = "350203"
REGIONS: Final = [
    ("CN", "nation", None),
    ("350000", "province", "CN"),
    ("350200", "city", "350000"),
    (REGION, "county", "350200"),
]
# New WAL segments are made, not reused, so that a full volume is met where it hurts most: in the WAL.
WAL: Final = {"wal_recycle": "off", "max_wal_size": "64MB", "min_wal_size": "32MB", "checkpoint_timeout": "30s"}


class Stage:
    def __init__(self, volume: Volume, release: Release, url: str, arenas: int, environment: dict[str, str]) -> None:
        self.volume = volume
        self.release = release
        self.url = url
        self.folder = volume.folder / "postgres"
        self.log = volume.folder.parent / "system.log"
        self.ports = [_free_port() for _ in range(arenas)]
        self.servers = [("127.0.0.1", port) for port in self.ports]
        self._environment = environment
        self._supervisor: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "bench.faults.system", str(self.folder), *map(str, self.ports)]
        path = f"{ROOT / 'src'}:{ROOT}"
        environment = {**os.environ, "SECRET_KEY": SECRET, "PYTHONPATH": path, **self._environment}
        with self.log.open("ab") as log:
            self._supervisor = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)

    def stop(self) -> None:
        """Politely, as an operator does."""
        if self._supervisor is not None:
            self._supervisor.terminate()
            self._supervisor.wait(60)

    def kill(self) -> None:
        """Everything at once, as when the power goes."""
        assert self._supervisor is not None
        send([self._supervisor.pid, *self.arena(), *self.postgres()], signal.SIGKILL)
        self._supervisor.wait(10)

    def arena(self, number: int | None = None) -> list[int]:
        """Process ids of one arena (the server's main process first), or of all."""
        assert self._supervisor is not None
        ports = self.ports if number is None else [self.ports[number]]
        found: list[int] = []
        for process in children(self._supervisor.pid):
            words = _command_line(process)
            if any(f"\0--port\0{port}\0" in words for port in ports):
                found += [process, *children(process)]
        return found

    def postgres(self) -> list[int]:
        """Process ids of PostgreSQL, the postmaster first."""
        try:
            postmaster = int((self.folder / "postmaster.pid").read_text(encoding="ascii").split()[0])
        except (OSError, ValueError, IndexError):
            return []
        return [postmaster, *children(postmaster)]

    def wait_until_ready(self, seconds: float = 60) -> None:
        """Both arenas answer /readyz."""
        deadline = time.monotonic() + seconds
        for port in self.ports:
            while True:
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5).read()
                    break
                except OSError:
                    if time.monotonic() > deadline:
                        raise TimeoutError(self.log.read_text(encoding="utf-8", errors="replace")[-3000:]) from None
                    time.sleep(0.1)


@contextmanager
def set_stage(
    arenas: int = 2,
    settings: Mapping[str, str] = WAL,
    make_tables: Callable[[str], None] | None = None,
    **environment: str,
) -> Iterator[Stage]:
    """A stage whose arenas answer; everything is stopped and removed at the end. `settings` are PostgreSQL's.

    `make_tables(url)` fills the empty database; the migrations do where none is given.
    """
    with make_volume() as volume:
        server = EmbeddedPostgres(volume.folder / "postgres")
        try:
            url = server.start()
            (make_tables or migrate)(url)
            release = prepare(url, make_pack(), settings)
        finally:
            server.stop()
        stage = Stage(volume, release, url, arenas, environment)
        stage.start()
        try:
            stage.wait_until_ready()
            yield stage
        finally:
            with suppress(Exception):
                send([*stage.arena(), *stage.postgres()], signal.SIGCONT)
            stage.stop()


def migrate(url: str) -> None:
    environment = {
        **os.environ, "DATABASE_URL": url, "SECRET_KEY": SECRET, "DJANGO_SETTINGS_MODULE": "cyberweek.settings",
        "PYTHONPATH": str(ROOT / "src"),
    }  # fmt: skip
    command = [sys.executable, "-m", "django", "migrate", "--verbosity=0", "--skip-checks"]
    subprocess.run(command, check=True, env=environment)


def prepare(url: str, pack: Pack, settings: Mapping[str, str]) -> Release:
    """Publishes the pack in a migrated database and sets what is to be set (a superuser may)."""
    sealed = seal(pack)
    with psycopg.connect(url, autocommit=True) as connection:
        for region in REGIONS:
            connection.execute(
                "INSERT INTO regions_region (code, level, parent_id, name, short) VALUES (%s, %s, %s, '{}', '{}')",
                region,
            )
        connection.execute(
            "INSERT INTO knowledge_release (contest, number, sha256, pack, published) VALUES (%s, 1, %s, %s, now())",
            [pack.contest, sealed.sha256, sealed.pack],
        )
        for name, value in settings.items():
            connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
    return Release(open_pack(sealed.pack, sealed.sha256))


def make_pack(contest: str = "faults") -> Pack:
    def text(words: str) -> dict[str, str]:
        return {"en": words, "zh-Hans": f"{words}(中)"}

    def item(topic: str, number: int) -> Item:
        reference = Reference("law", text("Cybersecurity Law"), "2017", "24")
        options = [Option(letter, text(f"option {letter}")) for letter in "abcd"]
        return Item(f"{topic}-{number:03d}", topic, "single", text("?"), options, ["a"], text("because"), reference)

    now = datetime.now(UTC)
    topics = ("phishing", "passwords", "laws")
    return Pack(
        contest=contest, number=1, title=text("Faults"), opens=now - timedelta(days=1), closes=now + timedelta(days=2),
        zone="Asia/Shanghai", items=6, minutes=120, grace_seconds=60, attempts_per_day=3, points=5,
        blueprint=[Quota(topic, 2) for topic in topics],
        bank=[item(topic, number) for topic in topics for number in range(8)], draw_salt="a salt for the faults",
    )  # fmt: skip


def send(processes: list[int], number: signal.Signals) -> None:
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, number)


def children(process: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:
        return []


def _command_line(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
