"""Boards in memory: how old one may be that is shown, and what is told with a rank. No test waits for a second to pass."""

import asyncio

import pytest

from cyberweek.arena import boards
from tests.arena.conftest import run_arena
from tests.arena.test_standings import counted

STANDING = "/arena/v1/contests/week/standing"
LONG = 1e6
"""Of a `SECOND` so long that whatever a test does is done within it."""


async def played(arena, week):
    player = await arena.player()
    await player.submit((await player.start()).json(), {})
    await counted(week)
    return player


async def board(arena, player=None):
    return (await arena.client.get(STANDING, headers=player.headers if player else {})).json()


def age(arena, seconds):
    kept = arena.app._arena.boards._boards
    for key, one in kept.items():
        kept[key] = one._replace(read=one.read - seconds)


@pytest.mark.parametrize(("second", "learnt"), [(LONG, 0), (0, 1)])
def test_a_board_of_this_second_is_shown_as_it_is_and_an_older_one_is_read_again(week, monkeypatch, second, learnt):
    monkeypatch.setattr(boards, "SECOND", second)

    async def scenario():
        async with run_arena(week) as arena:
            await played(arena, week)
            arena.app._arena.boards.outdate()
            before = await board(arena)
            await played(arena, week)
            arena.app._arena.boards.outdate()
            return before, await board(arena)

    before, after = asyncio.run(scenario())
    assert after["count"] - before["count"] == learnt
    assert (after["at"] == before["at"]) == (not learnt)


def test_a_board_that_is_no_older_than_two_is_shown_while_it_is_read_again(week, monkeypatch):
    monkeypatch.setattr(boards, "SECOND", LONG)

    async def scenario():
        async with run_arena(week) as arena:
            await played(arena, week)
            before = await board(arena)
            await played(arena, week)
            arena.app._arena.boards.outdate()
            age(arena, 1.5 * LONG)
            meanwhile = await board(arena)
            await asyncio.gather(*arena.app._arena.boards._readings.values())
            return before, meanwhile, await board(arena)

    before, meanwhile, after = asyncio.run(scenario())
    assert meanwhile == before
    assert after["count"] == before["count"] + 1


def test_what_is_too_old_to_be_shown_is_forgotten_when_the_standings_pass_it(week, monkeypatch):
    monkeypatch.setattr(boards, "SECOND", LONG)

    async def scenario():
        async with run_arena(week) as arena:
            await board(arena)
            age(arena, 3 * LONG)
            arena.app._arena.boards.outdate()
            return len(arena.app._arena.boards._boards)

    assert asyncio.run(scenario()) == 0


def test_a_rank_is_told_with_how_many_are_ranked_at_the_same_moment(week, monkeypatch):
    monkeypatch.setattr(boards, "SECOND", LONG)

    async def scenario():
        async with run_arena(week) as arena:
            before = await board(arena)
            player = await played(arena, week)
            return before, await board(arena), await board(arena, player)

    before, without, mine = asyncio.run(scenario())
    assert without["top"] == mine["top"]
    assert mine["count"] == before["count"] + 1
    assert 1 <= mine["me"]["rank"] <= mine["count"]
