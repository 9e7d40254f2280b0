import asyncio

from tests.arena.conftest import run_arena
from tests.arena.packs import make_pack, right_answers


def test_a_paper_is_started_saved_submitted_and_graded(week):
    async def scenario():
        async with run_arena(week) as arena:
            player = await arena.player()
            response = await player.start()
            assert response.status_code == 201, response.text
            started = response.json()
            answers = right_answers(make_pack(), started["items"])
            assert (await player.save(started, answers)).status_code == 204
            response = await player.submit(started, answers)
            assert response.status_code == 200, response.text
            again = await player.submit(started, answers)
            assert again.content == response.content
            print(response.json())

    asyncio.run(scenario())
