import asyncio

from cyberweek.arena import ranks
from cyberweek.arena.problems import Problem
from tests.arena.conftest import run_arena
from tests.arena.packs import make_pack, right_answers
from tests.arena.test_standings import counted

PACK = make_pack()


async def with_right_answers(arena, week, *numbers):
    """A player for each number, who answered that many items right."""
    players = [await arena.player() for _ in numbers]
    for player, number in zip(players, numbers, strict=True):
        started = (await player.start()).json()
        right = right_answers(PACK, started["items"])
        await player.submit(started, {item: right[item] for item in sorted(right)[:number]})
    await counted(week)
    return players


def test_ranks_that_were_asked_for_together_are_each_ones_own(week, monkeypatch):
    monkeypatch.setattr(ranks, "AT_ONCE", 2)

    async def scenario():
        async with run_arena(week) as arena:
            players = await with_right_answers(arena, week, 5, 3, 4)
            asked = [("week", region, player.participant) for player in players for region in ("CN", "110000")]
            return await asyncio.gather(*[arena.app._arena.ranks.of(*one) for one in asked])

    got = asyncio.run(scenario())
    assert [one.me for one in got[1::2]] == [None] * 3  # they live elsewhere
    first, third, second = [one.me["rank"] for one in got[::2]]
    assert first < second < third <= got[0].ranked
    assert len({one.ranked for one in got[::2]}) == 1


def test_above_what_may_wait_ranks_are_refused_and_then_given_again(week, monkeypatch):
    monkeypatch.setattr(ranks, "MOST_WAITING", 3)

    async def scenario():
        async with run_arena(week) as arena:
            (player,) = await with_right_answers(arena, week, 1)
            asked = [arena.app._arena.ranks.of("week", "CN", player.participant) for _ in range(5)]
            crowd = await asyncio.gather(*asked, return_exceptions=True)
            return crowd, await arena.app._arena.ranks.of("week", "CN", player.participant)

    crowd, after = asyncio.run(scenario())
    assert [isinstance(one, Problem) for one in crowd] == [False] * 3 + [True] * 2
    assert crowd[0] == after


def test_when_the_database_fails_all_who_wait_are_told_and_the_next_is_answered(week, monkeypatch):
    monkeypatch.setattr(ranks, "AT_ONCE", 1)

    async def scenario():
        async with run_arena(week) as arena:
            (player,) = await with_right_answers(arena, week, 1)
            monkeypatch.setattr(ranks, "RANKS", "SELECT 1 / 0, %s::text[], %s::text[], %s::text[]")
            asked = [arena.app._arena.ranks.of("week", "CN", player.participant) for _ in range(3)]
            crowd = await asyncio.gather(*asked, return_exceptions=True)
            monkeypatch.undo()
            return crowd, await arena.app._arena.ranks.of("week", "CN", player.participant)

    crowd, after = asyncio.run(scenario())
    assert len({id(one) for one in crowd}) == 1
    assert isinstance(crowd[0], Exception)
    assert after.me["rank"] >= 1
