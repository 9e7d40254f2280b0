"""A fresh database for each module, and an arena that runs in the test's own event loop."""

import asyncio
import itertools
import os
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import psycopg
import pytest

from cyberweek.arena.asgi import App
from cyberweek.arena.clock import Clock
from cyberweek.arena.config import Config
from tests.arena.packs import make_release
from tests.arena.proving import proof_from
from tests.factories.databases import fresh_database

ROOT = Path(__file__).parents[2]
SECRET = "the arena's tests know this secret"
REGIONS = [
    ("CN", "nation", None),
    ("350000", "province", "CN"),
    ("350200", "city", "350000"),
    ("350203", "county", "350200"),
    ("350100", "city", "350000"),
    ("110000", "province", "CN"),
    ("110101", "county", "110000"),
]
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def template():
    """The name of a migrated database with the regions of the tests, copied for each module."""
    name = f"arena_template_{os.getpid()}"
    with fresh_database(name) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            for code, level, parent in REGIONS:
                connection.execute(
                    "INSERT INTO regions_region (code, level, parent_id, name, short) VALUES (%s, %s, %s, '{}', '{}')",
                    [code, level, parent],
                )
        yield name


@pytest.fixture(scope="module")
def database(template):
    """The URL of a database of the module's own."""
    with fresh_database(f"arena_{os.getpid()}_{next(_numbers)}", template) as url:
        yield url


def publish(database, release, contest="week", number=1):
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO knowledge_release (contest, number, sha256, pack, published) VALUES (%s, %s, %s, %s, now())",
            [contest, number, release.sha256, release.pack],
        )


class Clockwork:
    """A wall clock and a monotonic one that tests move by hand."""

    def __init__(self):
        self.wall = 0.0
        self.steady = 0.0

    def pass_seconds(self, seconds):
        self.wall += seconds
        self.steady += seconds

    def clock(self):
        import time

        return Clock(lambda: time.time() + self.wall, lambda: time.monotonic() + self.steady)


@asynccontextmanager
async def lifespan(app):
    """Runs an ASGI app's lifespan around the block, as a server would."""
    inbox, outbox = asyncio.Queue(), asyncio.Queue()
    task = asyncio.create_task(app({"type": "lifespan"}, inbox.get, outbox.put))
    await inbox.put({"type": "lifespan.startup"})
    message = await outbox.get()
    assert message["type"] == "lifespan.startup.complete", message
    try:
        yield app
    finally:
        await inbox.put({"type": "lifespan.shutdown"})
        await task


class Player:
    """A participant at the HTTP API."""

    def __init__(self, client, passport, participant):
        self.client = client
        self.participant = participant
        self.headers = {"Authorization": f"Bearer {passport}"}

    async def start(self, contest="week", code=None, **headers):
        sent = {"json": {"code": code}} if code else {}
        return await self.client.post(
            f"/arena/v1/contests/{contest}/attempts", headers={**self.headers, **headers}, **sent
        )

    async def step(self, ticket, item, answer):
        """`ticket` is what a start or a step gave."""
        body = {"ticket": ticket["ticket"], "item": item, "answer": answer}
        return await self.client.post(f"/arena/v1/attempts/{ticket['attempt']}/step", json=body)

    async def save(self, started, answers):
        body = {"ticket": started["ticket"], "answers": answers}
        return await self.client.put(f"/arena/v1/attempts/{started['attempt']}/answers", json=body)

    async def submit(self, started, answers, **headers):
        body = {"ticket": started["ticket"], "answers": answers}
        return await self.client.post(f"/arena/v1/attempts/{started['attempt']}/submit", json=body, headers=headers)


class Arena:
    """One arena process, as its clients see it."""

    def __init__(self, app):
        transport = httpx.ASGITransport(app, client=("192.0.2.1", 50_000))
        self.app = app
        self.client = httpx.AsyncClient(transport=transport, base_url="http://arena")

    async def player(self, nickname="小明", region="350203", band="12-17", sector="education"):
        body = {"nickname": nickname, "region": region, "band": band, "sector": sector}
        body["proof"] = await proof_from(self.client)
        issued = (await self.client.post("/arena/v1/passports", json=body)).json()
        return Player(self.client, issued["passport"], issued["participant"])


@asynccontextmanager
async def run_arena(database, clock=None, **settings):
    settings = {"standings_seconds": 0.05, "proof_work": 2} | settings
    config = Config(database_url=database, secret_key=SECRET, **settings)
    async with lifespan(App(config, clock)) as app:
        arena = Arena(app)
        async with arena.client:
            yield arena


@pytest.fixture(scope="module")
def week(database):
    """A database in which the contest `week` is published."""
    publish(database, make_release())
    return database
