"""The ledger under kill -9: a writer process dies in the middle of its load, and nothing acknowledged is missing."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg

from cyberweek.arena.replay import replay
from cyberweek.knowledge.core.chain import signing_key
from tests.arena.conftest import SECRET, run_arena

WRITER = """
import asyncio, sys
from tests.arena.conftest import run_arena
from tests.arena.packs import make_pack, right_answers

async def play(arena, number):
    for round in range(1000):
        player = await arena.player(f"p{number}")
        started = (await player.start()).json()
        answers = right_answers(make_pack(), started["items"])
        await player.save(started, answers)
        response = await player.submit(started, answers)
        assert response.status_code == 200, response.text
        print(started["attempt"], response.json()["receipt"], flush=True)

async def main():
    async with run_arena(sys.argv[1]) as arena:
        await asyncio.gather(*[play(arena, number) for number in range(8)])

asyncio.run(main())
"""


def run_and_kill(database, papers):
    """What the writer's clients had been told when it was killed, in the middle of what it did after so many papers."""
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": f"{root}/src:{root}"}
    command = [sys.executable, "-c", WRITER, database]
    with subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.PIPE, text=True) as writer:
        lines = [writer.stdout.readline() for _ in range(papers)]
        writer.send_signal(signal.SIGKILL)
        lines += writer.stdout.readlines()
    return [line.split() for line in lines if line.endswith("\n") and line.count(" ") == 1]


def test_what_was_acknowledged_before_kill_9_is_in_the_ledger_once_and_replay_agrees(week):
    told = [acknowledged for papers in (40, 15, 60) for acknowledged in run_and_kill(week, papers)]
    assert len(told) >= 115
    with psycopg.connect(week) as connection:
        stored = connection.execute("SELECT attempt::text, count(*) FROM ledger_entry WHERE kind = 'submit' GROUP BY 1")
        assert {attempt for attempt, _ in told} <= {attempt for attempt, count in stored if count == 1}
    report = replay(week, signing_key(SECRET).public_key())
    assert report.faults == []
    assert report.submits >= len(told)


def test_the_standings_catch_up_after_their_worker_was_killed(week):
    import asyncio

    from tests.arena.conftest import run_arena
    from tests.arena.test_standings import counted

    async def scenario():
        async with run_arena(week):
            await counted(week)

    asyncio.run(scenario())
    with psycopg.connect(week) as connection:
        (papers,) = connection.execute("SELECT papers FROM standing_region WHERE region = 'CN'").fetchone()
        (submits,) = connection.execute("SELECT count(*) FROM ledger_entry WHERE kind = 'submit'").fetchone()
    assert papers == submits
    assert replay(week).faults == []


def test_what_comes_shortly_after_a_batch_gathers_in_the_next_one(week, monkeypatch):
    monkeypatch.setattr("cyberweek.arena.ledger.GATHER_SECONDS", 0.5)

    async def scenario():
        async with run_arena(week) as arena:
            players = [await arena.player() for _ in range(3)]
            papers = [await player.start() for player in players]
            await asyncio.sleep(0.6)
            first, *others = zip(players, [paper.json() for paper in papers], strict=True)
            await first[0].save(first[1], {})
            waiting = []
            for player, paper in others:
                await asyncio.sleep(0.05)
                waiting.append(asyncio.create_task(player.save(paper, {})))
            await asyncio.gather(*waiting)
            return [paper["attempt"] for _, paper in (first, *others)]

    attempts = asyncio.run(scenario())
    with psycopg.connect(week) as connection:
        saved = dict(connection.execute("SELECT attempt::text, batch FROM ledger_entry WHERE kind = 'save'").fetchall())
    first, second, third = (saved[attempt] for attempt in attempts)
    assert (second, third) == (first + 1, first + 1)
