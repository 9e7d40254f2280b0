"""The database under the arena becomes read-only, or its connections die: what clients see, and how it ends."""

import asyncio

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from tests.arena.conftest import run_arena
from tests.factories.databases import administer, at


def send_everybody_away(database, *, read_only):
    """As a switch of primary does to its clients: new sessions may or may not write, old ones end."""
    name = conninfo_to_dict(database)["dbname"]
    with psycopg.connect(at("postgres"), autocommit=True) as connection:
        setting = sql.SQL("on") if read_only else sql.SQL("off")
        statement = sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = {}")
        connection.execute(statement.format(sql.Identifier(name), setting))
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])


async def until(answer, wanted, seconds=60.0):
    """The statuses on the way to `wanted`."""
    seen = []
    async with asyncio.timeout(seconds):
        while True:
            response = await answer()
            seen.append(response.status_code)
            if response.status_code in wanted:
                return seen
            await asyncio.sleep(0.1)


def test_a_database_that_may_only_be_read_gives_503_and_its_return_the_same_paper(week):
    async def scenario():
        async with run_arena(week) as arena:
            player = await arena.player()
            paper = (await player.start()).json()
            send_everybody_away(week, read_only=True)
            try:
                refused = [await player.submit(paper, {}) for _ in range(3)]
                refused.append(await player.start())
            finally:
                send_everybody_away(week, read_only=False)
            seen = await until(lambda: player.submit(paper, {}), {200})
            again = await until(lambda: player.submit(paper, {}), {200})
            return [(r.status_code, r.headers.get("retry-after")) for r in refused], {*seen, *again}

    refused, seen = asyncio.run(scenario())
    assert refused == [(503, "1")] * 4
    assert seen <= {200, 503}


def test_a_session_that_turns_read_only_under_the_ledger_is_left_for_a_new_one(week):
    async def scenario():
        async with run_arena(week) as arena:
            player = await arena.player()
            paper = (await player.start()).json()
            ledger = arena.app._arena.ledger._connection
            await ledger.execute("SET default_transaction_read_only = on")
            first, second = await player.submit(paper, {}), await player.submit(paper, {})
            return first.status_code, first.headers.get("retry-after"), second.status_code, ledger.closed

    assert asyncio.run(scenario()) == (503, "1", 200, True)


def test_reads_are_back_by_themselves_after_the_databases_return(week):
    async def scenario():
        async with run_arena(week) as arena:
            standing = "/arena/v1/contests/week/standing"
            name = conninfo_to_dict(week)["dbname"]
            administer("ALTER DATABASE {} ALLOW_CONNECTIONS false", name)
            try:
                send_everybody_away(week, read_only=False)
                await asyncio.sleep(4)
                arena.app._arena.boards.outdate()
                away = (await arena.client.get(standing)).status_code
            finally:
                administer("ALTER DATABASE {} ALLOW_CONNECTIONS true", name)
            return away, await until(lambda: arena.client.get(standing), {200})

    away, seen = asyncio.run(scenario())
    assert away == 503
    assert set(seen) <= {200, 503}


def test_a_database_url_of_several_hosts_finds_the_one_that_answers(week):
    parts = conninfo_to_dict(week)
    hosts = f"/nowhere/at-all,{parts['host']}"
    several = f"postgresql://{parts['user']}@/{parts['dbname']}?host={hosts}&target_session_attrs=read-write"

    async def scenario():
        async with run_arena(several) as arena:
            player = await arena.player()
            return (await player.start()).status_code, (await arena.client.get("/readyz")).status_code

    assert asyncio.run(scenario()) == (201, 200)
