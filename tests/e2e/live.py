"""The whole server as people meet it: Granian with pages, arena and hashed static files, on a database of its own."""

from __future__ import annotations

import datetime as dt
import http.client
import json
import os
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import psycopg

from cyberweek.knowledge.core.release import open_pack, seal
from cyberweek.launch.processes import Processes
from tests.factories.databases import fresh_database
from tests.factories.ports import free_port

ROOT = Path(__file__).parents[2]
SECONDS_TO_READY = 120  # a laden machine is slow, not wrong


@dataclass
class Live:
    """A running server. `edition` is the slug of its edition; `sessions` the cookies of its organisers, by user name;
    `plans` by language an edition in preparation (seed_plan)."""

    url: str
    database: str
    edition: str
    sessions: dict[str, str]
    plans: dict[str, dict]
    helper: subprocess.Popen[str]

    def address(self, path: str) -> str:
        """The whole address of a path within the edition: `play/`, or of any other that begins with a slash."""
        return f"{self.url}{path}" if path.startswith("/") else f"{self.url}/{self.edition}/{path}"

    def sign_in(self, page, username: str) -> None:
        """From now on the page's browser is signed in as this organiser, second factor and all."""
        cookie = {"name": "cyberweek_session", "value": self.sessions[username], "url": self.url}
        page.context.add_cookies([cookie])

    def sql(self, statement: str, *values: object) -> list[tuple]:
        with psycopg.connect(self.database, autocommit=True) as connection:
            found = connection.execute(statement, values)
            return found.fetchall() if found.description else []

    def work(self) -> None:
        """Do what waits in the queues, as the worker beside the server would."""
        self.helper.stdin.write("work\n")
        self.helper.stdin.flush()
        assert self.helper.stdout.readline() == "done\n", "the worker has failed: it said why on stderr"

    def close_contest(self, slug: str, *, after: float, grace: int) -> dt.datetime:
        """Release the contest again so that it closes in `after` seconds: papers started now end then. Returns when."""
        number, pack, digest = self.sql(
            "SELECT number, pack, sha256 FROM knowledge_release WHERE contest = %s ORDER BY number DESC LIMIT 1", slug
        )[0]
        closes = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=after)
        sealed = seal(
            msgspec.structs.replace(
                open_pack(bytes(pack), digest), number=number + 1, closes=closes, grace_seconds=grace
            )
        )
        self.sql("UPDATE knowledge_contest SET closes = %s WHERE slug = %s", closes, slug)
        self.sql(
            "INSERT INTO knowledge_release (contest, number, sha256, pack, published) VALUES (%s, %s, %s, %s, now())",
            slug, number + 1, sealed.sha256, sealed.pack,
        )  # fmt: skip
        self.wait_for(lambda: self._deadline_of(slug) == closes)
        return closes

    def _deadline_of(self, slug: str) -> dt.datetime | None:
        status, body = get(self.url, "/arena/v1/contests")
        contests = {one["slug"]: one for one in json.loads(body)["contests"]} if status == 200 else {}
        return dt.datetime.fromisoformat(contests[slug]["closes"]) if slug in contests else None

    @staticmethod
    def wait_for(done, seconds: float = 90) -> None:
        """Until `done()` is true of what the server does by itself."""
        deadline = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < deadline, f"it did not come about within {seconds} s"
            time.sleep(0.05)


def get(url: str, path: str) -> tuple[int, bytes]:
    parts = urlsplit(url)
    with closing(http.client.HTTPConnection(parts.hostname, parts.port, timeout=90)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()


@contextmanager
def run_live(folder: Path):
    """Starts the server with fresh data under `folder`; stops it, and drops its database, at the end."""
    name = f"e2e_{os.getpid()}"
    with fresh_database(name) as database:
        environment = {
            "DATABASE_URL": database,
            "DATA_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "cyberweek.settings",
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "PORT": str(free_port()),
            "PROOF_WORK": "5000",
        }
        with helping(environment) as (helper, told), started(environment, folder) as url:
            yield Live(url=url, database=database, helper=helper, **told)


@contextmanager
def helping(environment: dict[str, str]):
    """The process that makes the data (`seed`), what it tells of them, and its end."""
    helper = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.seed"], cwd=ROOT, env={**os.environ, **environment}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    with helper:  # closes its input, so that it ends, and waits for that
        yield helper, json.loads(helper.stdout.readline())


@contextmanager
def started(environment: dict[str, str], folder: Path):
    """The address of the server, once it is ready."""
    processes = Processes()
    try:
        processes.start(
            "web", "granian", "--interface", "asgi", "--no-ws", "--host", "127.0.0.1", "--port", environment["PORT"],
            "--log-level", "warning", "--static-path-route", "/static",
            "--static-path-mount", str(folder / "static"), "cyberweek.asgi:application", **environment,
        )  # fmt: skip
        url = f"http://127.0.0.1:{environment['PORT']}"
        wait_until_ready(url, processes)
        yield url
    finally:
        processes.stop()


def wait_until_ready(url: str, processes: Processes) -> None:
    deadline = time.monotonic() + SECONDS_TO_READY
    while time.monotonic() < deadline:
        processes.look()
        try:
            if get(url, "/readyz")[0] == 200:
                return
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.1)
    raise AssertionError(f"the server was not ready within {SECONDS_TO_READY} s")
