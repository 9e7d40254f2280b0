import asyncio

import psycopg
import pytest

from cyberweek.knowledge.core.chain import read_receipt, signing_key
from tests.arena.conftest import SECRET, Clockwork, publish, run_arena
from tests.arena.packs import make_pack, make_release, right_answers

PACK = make_pack()


def play(scenario):
    """Runs an async test; each test has an arena of its own."""
    return asyncio.run(scenario)


def test_a_paper_is_started_saved_submitted_and_graded(week):
    async def scenario():
        async with run_arena(week) as arena:
            player = await arena.player()
            response = await player.start()
            started = response.json()
            assert response.status_code == 201
            assert set(started) == {"attempt", "ticket", "started", "deadline", "items"}
            assert len(started["items"]) == 6
            assert all(set(item) == {"id", "kind", "stem", "options"} for item in started["items"])
            answers = right_answers(PACK, started["items"])
            assert (await player.save(started, {})).status_code == 204
            result = (await player.submit(started, answers)).json()
            assert (result["score"], result["max"]) == (30, 30)
            assert 0 <= result["seconds"] < 300  # of the test's own
            assert [item["id"] for item in result["items"]] == [item["id"] for item in started["items"]]
            assert all(item["correct"] for item in result["items"])
            receipt, head = read_receipt(result["receipt"], signing_key(SECRET).public_key())
            assert started["attempt"].encode() in receipt.entry
            ledger = (await arena.client.get("/arena/v1/ledger")).json()
            assert (ledger["batch"], ledger["hash"]) == (receipt.batch, head.hex())

    play(scenario())


def test_opening_again_gives_the_same_paper_and_deadline(week):
    async def scenario():
        async with run_arena(week) as arena:
            player = await arena.player()
            first, again = await player.start(), await player.start()
            assert (first.status_code, again.status_code) == (201, 200)
            assert first.content == again.content

    play(scenario())


def test_a_retry_gets_the_same_answer_even_after_the_deadline(week):
    clockwork = Clockwork()

    async def scenario():
        async with run_arena(week, clockwork.clock()) as arena:
            player = await arena.player()
            started = (await player.start()).json()
            first = await player.submit(started, {})
            clockwork.pass_seconds(7200)
            again = await player.submit(started, {})
            assert (again.status_code, again.content) == (200, first.content)

    play(scenario())


def test_a_second_submit_with_other_answers_is_refused(week):
    async def scenario():
        async with run_arena(week) as arena:
            player = await arena.player()
            started = (await player.start()).json()
            await player.submit(started, {})
            refused = await player.submit(started, right_answers(PACK, started["items"]))
            assert (refused.status_code, refused.json()["type"]) == (409, "urn:cyberweek:problem:other-answers")

    play(scenario())


def test_a_submit_counts_until_deadline_plus_grace_and_not_after(week):
    async def scenario(seconds):
        clockwork = Clockwork()
        async with run_arena(week, clockwork.clock()) as arena:
            player = await arena.player()
            started = (await player.start()).json()
            clockwork.pass_seconds(seconds)
            return (await player.save(started, {})).status_code, (await player.submit(started, {})).status_code

    assert play(scenario(20 * 60 + 29)) == (204, 200)
    assert play(scenario(20 * 60 + 31)) == (403, 403)


def test_a_clock_that_jumps_moves_neither_deadline_nor_seconds(week):
    clockwork = Clockwork()

    async def scenario():
        async with run_arena(week, clockwork.clock()) as arena:
            player = await arena.player()
            started = (await player.start()).json()
            clockwork.wall += 3600
            clockwork.pass_seconds(100)
            assert (await player.start()).json()["deadline"] == started["deadline"]
            clockwork.wall -= 7200
            result = (await player.submit(started, {})).json()
            assert 100 <= result["seconds"] < 400

    play(scenario())


def test_no_attempt_is_left_after_the_last_of_the_day(week):
    async def scenario():
        async with run_arena(week) as arena:
            player = await arena.player()
            papers = []
            for _ in range(3):
                started = (await player.start()).json()
                papers.append(started["items"])
                await player.submit(started, {})
            refused = await player.start()
            assert (refused.status_code, refused.json()["type"]) == (403, "urn:cyberweek:problem:none-left")
            assert papers[0] != papers[1]

    play(scenario())


def test_starts_and_submits_that_race_give_one_attempt_and_one_result(week):
    async def scenario():
        async with run_arena(week) as one, run_arena(week) as two:
            player = await one.player()
            there = type(player)(two.client, player.headers["Authorization"][7:], player.participant)
            starts = await asyncio.gather(*[p.start() for p in (player, there) * 5])
            assert sorted(s.status_code for s in starts) == [200] * 9 + [201]
            assert len({s.content for s in starts}) == 1
            started = starts[0].json()
            submits = await asyncio.gather(*[p.submit(started, {}) for p in (player, there) * 5])
            assert {s.status_code for s in submits} == {200}
            assert len({s.content for s in submits}) == 1

    play(scenario())


def test_language_follows_accept_language(week):
    async def scenario():
        async with run_arena(week) as arena:
            player = await arena.player()
            chinese = await player.start()
            english = await player.start(**{"Accept-Language": "fr, en-GB;q=0.8, zh;q=0.5"})
            assert (chinese.headers["content-language"], english.headers["content-language"]) == ("zh-Hans", "en")
            assert "(中)" in chinese.json()["items"][0]["stem"]
            assert "(中)" not in english.json()["items"][0]["stem"]

    play(scenario())


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        ({"elsewhere-001": ["a"]}, "item-not-on-paper"),
        ({"ITEM": ["z"]}, "unknown-option"),
        ({"ITEM": "a"}, "does-not-fit"),
        ({"ITEM": [1]}, "does-not-fit"),
        ([], "does-not-fit"),
    ],
)
def test_answers_that_do_not_fit_are_refused_and_nothing_is_written(week, answers, problem):
    async def scenario():
        async with run_arena(week) as arena:
            player = await arena.player()
            started = (await player.start()).json()
            sent = {started["items"][0]["id"]: answers["ITEM"]} if "ITEM" in answers else answers
            for answer in (await player.submit(started, sent), await player.save(started, sent)):
                assert (answer.status_code, answer.json()["type"]) == (422, f"urn:cyberweek:problem:{problem}")
            assert (await player.submit(started, {})).status_code == 200

    play(scenario())


def test_starts_pressed_twice_use_up_one_attempt_each_time(week):
    async def scenario():
        async with run_arena(week) as arena:
            player, other = await arena.player(), await arena.player()
            for _ in range(PACK.attempts_per_day):
                # While the other's is on its way to the disk, three gather: they are one batch.
                _, *twice = await asyncio.gather(other.start(), *[player.start() for _ in range(3)])
                assert sorted(answer.status_code for answer in twice) == [200, 200, 201]
                assert len({answer.content for answer in twice}) == 1
                assert (await player.submit(twice[0].json(), {})).status_code == 200
            assert (await player.start()).status_code == 403
        query = "SELECT ordinal FROM ledger_entry WHERE kind = 'start' AND participant = %s ORDER BY ordinal"
        with psycopg.connect(week) as connection:
            assert connection.execute(query, [player.participant]).fetchall() == [(1,), (2,), (3,)]

    play(scenario())


def test_a_save_that_has_a_number_is_written_once(week):
    async def scenario():
        async with run_arena(week) as arena:
            player = await arena.player()
            started = (await player.start()).json()
            item = started["items"][0]
            given = [{item["id"]: [option["id"]]} for option in item["options"][:2]]

            async def save(answers, number):
                body = {"ticket": started["ticket"], "answers": answers, "number": number}
                answer = await arena.client.put(f"/arena/v1/attempts/{started['attempt']}/answers", json=body)
                return answer.status_code

            assert await asyncio.gather(*[save(given[0], 1) for _ in range(3)]) == [204] * 3
            assert [await save(given[1], 2), await save(given[0], 1)] == [204, 204]
            assert [await save(given[0], 3), await save(given[1], 3)] == [204, 409]
            assert [await save({}, number) for number in (0, -1, 2**31, "1")] == [422] * 4
        query = "SELECT seconds FROM ledger_entry WHERE kind = 'save' AND attempt = %s ORDER BY batch, position"
        with psycopg.connect(week) as connection:
            assert connection.execute(query, [started["attempt"]]).fetchall() == [(1,), (2,), (3,)]

    play(scenario())


def test_a_ticket_must_be_ours_and_for_this_attempt(week):
    async def scenario():
        async with run_arena(week) as arena:
            mine, other = await arena.player(), await arena.player("小红")
            started, foreign = (await mine.start()).json(), (await other.start()).json()
            url = f"/arena/v1/attempts/{started['attempt']}/submit"

            async def status(ticket, **headers):
                body = {"answers": {}} | ({"ticket": ticket} if ticket is not None else {})
                return (await arena.client.post(url, json=body, headers=headers)).status_code

            assert await status(None) == 401
            assert await status(started["ticket"][:-3] + "AAA") == 401
            assert await status(mine.headers["Authorization"][7:]) == 401
            assert await status(foreign["ticket"]) == 403
            assert await status(started["ticket"], **other.headers) == 403
            assert await status(started["ticket"], **mine.headers) == 200

    play(scenario())


def test_a_contest_is_closed_before_it_opens(week):
    async def scenario():
        from datetime import UTC, datetime, timedelta

        opens = datetime.now(UTC) + timedelta(hours=1)
        publish(week, make_release("later", opens=opens, closes=opens + timedelta(days=1)), "later")
        async with run_arena(week) as arena:
            refused = await (await arena.player()).start("later")
            assert (refused.status_code, refused.json()["type"]) == (403, "urn:cyberweek:problem:not-open")
            assert (await (await arena.player()).start("never")).status_code == 404

    play(scenario())
