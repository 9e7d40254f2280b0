import asyncio

import msgspec

from tests.arena.conftest import run_arena
from tests.arena.test_standings import counted


async def listen(app, contest, frames):
    received, done = [], asyncio.Event()

    async def receive():
        await done.wait()
        return {"type": "http.disconnect"}

    async def send(message):
        received.append(message)
        if len(received) > frames:
            done.set()

    path = f"/arena/v1/contests/{contest}/live"
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": []}
    await asyncio.wait_for(app(scope, receive, send), 60)
    return received


def test_all_listeners_get_the_same_snapshot_each_second(week):
    async def scenario():
        async with run_arena(week) as arena:
            player = await arena.player()
            started = (await player.start()).json()
            await player.submit(started, {})
            await counted(week)
            return await asyncio.gather(*[listen(arena.app, "week", 3) for _ in range(3)])

    heard = asyncio.run(scenario())
    start, first, *_ = heard[0]
    assert dict(start["headers"])[b"content-type"].startswith(b"text/event-stream")
    shared = set.intersection(*({message["body"] for message in messages[1:]} for messages in heard))
    assert len(shared) >= 2  # of three each; who comes a moment later begins with a later one
    event, data = first["body"].decode().strip().split("\n")
    snapshot = msgspec.json.decode(data.removeprefix("data: "))
    assert event == "event: snapshot"
    assert (snapshot["participants"], snapshot["papers"]) == (1, 1)
    assert snapshot["topics"] == {topic: {"right": 0, "answered": 0} for topic in ("laws", "passwords", "phishing")}
    # One person is no group: who took part where is not told.
    assert snapshot["regions"] == {"350000": {"participants": None, "papers": None}}
    assert snapshot["cities"] == []
    assert [papers for _, papers in snapshot["minutes"]] == [1]
    assert snapshot["head"]["batch"] == 2


def test_a_listener_that_takes_nothing_is_let_go(week, monkeypatch):
    monkeypatch.setattr("cyberweek.arena.live._PATIENCE_SECONDS", 0.2)

    async def scenario():
        async with run_arena(week) as arena:

            async def receive():
                await asyncio.Event().wait()

            async def send(message):
                if message["type"] == "http.response.body":
                    await asyncio.Event().wait()

            path = "/arena/v1/contests/week/live"
            scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": []}
            await asyncio.wait_for(arena.app(scope, receive, send), 60)

    asyncio.run(scenario())
