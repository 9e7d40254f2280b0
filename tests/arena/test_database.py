"""A database that hangs: stopped, not dead. It accepts connections and says nothing."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from cyberweek.arena.database import connect
from cyberweek.arena.ledger import COPY, LOCK, SETTINGS
from cyberweek.arena.replay import replay
from cyberweek.launch.postgres import EmbeddedPostgres
from tests.arena.conftest import REGIONS, ROOT, publish, run_arena
from tests.arena.packs import make_release
from tests.factories.databases import copy_to_server, fresh_database


def migrate(url, *arguments):
    command = [sys.executable, "-m", "django", "migrate", "--verbosity=0", "--skip-checks", *arguments]
    environment = {**os.environ, "DATABASE_URL": url, "PYTHONPATH": str(ROOT / "src")}
    subprocess.run(command, check=True, env=environment, cwd=ROOT)


class Hangable:
    """A PostgreSQL server of the test's own, all of whose processes can be stopped and continued."""

    def __init__(self, server, url):
        self.url = url
        self._postmaster = int((server.folder / "postmaster.pid").read_text().split()[0])

    def signal(self, number):
        children = Path(f"/proc/{self._postmaster}/task/{self._postmaster}/children").read_text().split()
        for process in [self._postmaster, *map(int, children)]:
            os.kill(process, number)


@pytest.fixture
def hangable(tmp_path_factory):
    server = EmbeddedPostgres(tmp_path_factory.mktemp("hang") / "postgres")
    url = server.start()
    try:
        copy_to_server(url)
        with psycopg.connect(url, autocommit=True) as connection:
            for region in REGIONS:
                connection.execute(
                    "INSERT INTO regions_region (code, level, parent_id, name, short) VALUES (%s, %s, %s, '{}', '{}')",
                    region,
                )
        publish(url, make_release())
        yield Hangable(server, url)
    finally:
        server.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="finds the server's processes in /proc")
def test_a_database_that_hangs_gives_503_in_time_and_its_return_the_first_answer(hangable):
    async def scenario():
        async with run_arena(hangable.url) as arena:
            players = [await arena.player() for _ in range(4)]
            started = [(await player.start()).json() for player in players]
            hangable.signal(signal.SIGSTOP)
            try:
                began = time.monotonic()
                asked = [player.submit(paper, {}) for player, paper in zip(players, started, strict=True)]
                asked += [players[0].start(), arena.client.get("/readyz")]
                asked += [arena.client.get("/arena/v1/contests/week/standing")]
                answers = await asyncio.gather(*asked)
                assert [answer.status_code for answer in answers] == [503] * 7
                assert {answer.headers["retry-after"] for answer in answers} == {"1"}
                assert (await arena.client.get("/healthz")).status_code == 200
                assert (await players[1].submit(started[1], {})).status_code == 503
                assert time.monotonic() - began < 45  # two rounds of 3 s where the machine is not laden
            finally:
                hangable.signal(signal.SIGCONT)
            return [await until_200(player, paper) for player, paper in zip(players, started, strict=True)]

    async def until_200(player, paper):
        for _ in range(300):
            answer = await player.submit(paper, {})
            if answer.status_code == 200:
                assert (await player.submit(paper, {})).content == answer.content
                return answer
            await asyncio.sleep(0.2)
        raise AssertionError("it does not come back")

    assert len(asyncio.run(scenario())) == 4
    assert replay(hangable.url).submits == 4


@pytest.mark.parametrize("in_copy", [True, False])
def test_a_process_that_freezes_with_the_chains_lock_does_not_stop_the_others(week, in_copy):
    async def scenario():
        async with run_arena(week) as arena:
            player = await arena.player()
            frozen = await connect(week, "frozen", **SETTINGS)
            async with frozen.cursor() as cursor:
                await frozen.execute("BEGIN")
                await frozen.execute(LOCK)
                if in_copy:
                    await cursor.copy(COPY).__aenter__()  # and never a word again
                began = time.monotonic()
                statuses = [(await player.start()).status_code]
                while statuses[-1] == 503 and time.monotonic() < began + 60:
                    statuses.append((await player.start()).status_code)
                frozen.pgconn.finish()
            assert statuses[-1] == 201  # long before TCP would have noticed

    asyncio.run(scenario())


def test_the_migrations_go_back_and_forward_again():
    query = "SELECT count(*) FROM pg_class WHERE relname ~ '^(ledger|standing)_' AND relkind IN ('r', 'p', 'i', 'I')"

    def relations():
        with psycopg.connect(url) as connection:
            return connection.execute(query).fetchone()[0]

    with fresh_database(f"arena_back_{os.getpid()}") as url:
        there = relations()
        migrate(url, "knowledge", "zero")
        assert relations() == 0
        migrate(url)
        assert relations() == there > 0


@pytest.mark.parametrize("change", ["DELETE FROM knowledge_release", "TRUNCATE knowledge_release"])
def test_a_release_refuses_to_be_deleted(week, change):
    with psycopg.connect(week) as connection, pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        connection.execute(change)
