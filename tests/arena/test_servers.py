"""What only real processes show: the arena's own server, and Granian, races, a dead worker, a crowd of listeners."""

import asyncio
import socket
from contextlib import closing

import httpx
import psycopg
import pytest

from cyberweek.arena.replay import replay
from tests.arena.conftest import Player
from tests.arena.proving import proof_from
from tests.arena.servers import kill, served
from tests.arena.test_standings import counted

PATIENCE = 60
"""Seconds: a laden machine is slow, not wrong."""
GOOD = {"nickname": "小明", "region": "350203", "band": "12-17", "sector": "education"}


async def new_player(client, **changes):
    proof = await proof_from(client)
    issued = (await client.post("/arena/v1/passports", json=GOOD | {"proof": proof} | changes)).json()
    return Player(client, issued["passport"], issued["participant"])


@pytest.fixture(scope="module", params=["own", "asgi"])
def server(request, week):
    with served(week, request.param) as (url, _):
        yield url


def raw(url, *pieces):
    """What the server says to these bytes, sent one piece after another."""
    host, port = url.removeprefix("http://").split(":")
    with closing(socket.create_connection((host, int(port)), timeout=PATIENCE)) as line:
        for piece in pieces:
            line.sendall(piece)
        return line.recv(65536).decode("latin-1")


def test_a_paper_is_played_through_the_server(server):
    async def scenario():
        async with httpx.AsyncClient(base_url=server, timeout=PATIENCE) as client:
            player = await new_player(client)
            started = await player.start()
            assert (started.status_code, started.headers["content-language"]) == (201, "zh-Hans")
            assert (await player.save(started.json(), {})).status_code == 204
            first = await player.submit(started.json(), {})
            again = await player.submit(started.json(), {})
            assert (first.status_code, again.content) == (200, first.content)
            standing = await client.get("/arena/v1/contests/week/standing?region=110000&x=%ff")
            assert (standing.status_code, standing.json()["count"]) == (200, 0)

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("pieces", "status"),
    [
        ([b"HEAD /healthz HTTP/1.1\r\nHost: x\r\n\r\n"], 200),
        ([b"GET /nowhere HTTP/1.1\r\nHost: x\r\nAccept-Language: \xff\xfe\r\n\r\n"], 404),
        ([b"POST /arena/v1/passports HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n", b"{"], 400),
        ([b"POST /arena/v1/passports HTTP/1.1\r\nHost: x\r\nContent-Length: 70000\r\n\r\n"], 413),
        (
            [b"POST /arena/v1/passports HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"]
            + [b"2000\r\n" + b" " * 0x2000 + b"\r\n"] * 9,
            413,
        ),
        (
            [b"POST /arena/v1/contests/week/attempts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \xe9\r\n\r\n"],
            401,
        ),
    ],
)
def test_odd_requests_are_answered_and_nothing_breaks(server, pieces, status):
    assert raw(server, *pieces).startswith(f"HTTP/1.1 {status}")
    assert httpx.get(f"{server}/healthz", timeout=PATIENCE).status_code == 200


def test_who_hangs_up_in_the_middle_of_a_body_leaves_the_server_well(server):
    host, port = server.removeprefix("http://").split(":")
    for _ in range(5):
        with closing(socket.create_connection((host, int(port)))) as line:
            line.sendall(b"POST /arena/v1/passports HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
    assert httpx.get(f"{server}/healthz", timeout=PATIENCE).status_code == 200


def test_two_processes_race_and_the_survivor_takes_over_the_standings(week):
    async def race(one, two):
        also = {"timeout": PATIENCE}
        async with httpx.AsyncClient(base_url=one, **also) as first, httpx.AsyncClient(base_url=two, **also) as second:
            for _ in range(8):
                player = await new_player(first, region="110101")
                there = Player(second, player.headers["Authorization"][7:], player.participant)
                starts = await asyncio.gather(*[p.start() for p in (player, there) * 3])
                assert sorted(s.status_code for s in starts) == [200] * 5 + [201]
                assert len({s.content for s in starts}) == 1
                submits = await asyncio.gather(*[p.submit(starts[0].json(), {}) for p in (player, there) * 3])
                assert {s.status_code for s in submits} == {200}
                assert len({s.content for s in submits}) == 1

    async def alone(url):
        async with httpx.AsyncClient(base_url=url, timeout=PATIENCE) as client:
            player = await new_player(client)
            await player.submit((await player.start()).json(), {})
            await counted(week)
            for region in ("110000", "110101"):  # a municipality, and a county right below it
                board = (await client.get(f"/arena/v1/contests/week/standing?region={region}")).json()
                assert board["count"] == 8

    with served(week) as (one, elected), served(week) as (two, _):
        asyncio.run(race(one, two))
        kill(elected)
        asyncio.run(alone(two))
    assert replay(week).faults == []


def test_two_hundred_listeners_hear_each_second(server):
    async def listen(client, seconds):
        heard = []
        async with client.stream("GET", "/arena/v1/contests/week/live") as response:
            async for line in response.aiter_lines():
                if line.startswith("data: "):
                    heard.append(line)
                    if len(heard) > seconds:
                        break
        return heard

    async def scenario():
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(base_url=server, limits=limits, timeout=PATIENCE) as client:
            return await asyncio.gather(*[listen(client, 3) for _ in range(200)])

    heard = asyncio.run(scenario())
    assert len(heard) == 200
    for frames in heard:
        assert len(set(frames[1:])) == 3  # each second another snapshot


def test_the_standings_and_the_ledger_agree_after_all_this(week):
    with psycopg.connect(week) as connection:
        assert connection.execute("SELECT count(*) FROM ledger_entry").fetchone()[0] > 0
    assert replay(week).faults == []
