import asyncio

import psycopg
import pytest

from cyberweek.arena.replay import replay
from cyberweek.knowledge.core.chain import read_receipt, signing_key
from tests.arena.conftest import SECRET, Clockwork, publish, run_arena
from tests.arena.packs import make_pack, make_release
from tests.arena.test_standings import counted

PACK = make_pack("run", form="endless", attempts_per_day=5)
KEYS = {item.id: item.key for item in PACK.bank}
WRONG = {item.id: [next(o.id for o in item.options if o.id not in item.key)] for item in PACK.bank}


def play(scenario):
    return asyncio.run(scenario)


@pytest.fixture(scope="module")
def run(database):
    publish(database, make_release("run", form="endless", attempts_per_day=5), "run")
    publish(database, make_release("week"), "week")
    return database


def entries(database, attempt):
    with psycopg.connect(database) as connection:
        return connection.execute(
            "SELECT kind, answered, score FROM ledger_entry WHERE attempt = %s ORDER BY batch, position", [attempt]
        ).fetchall()


async def go_on(player, started, steps):
    """Answers rightly so many times; gives the last ticket and the item it is for."""
    ticket, item = started, started["items"][-1]
    for _ in range(steps):
        turn = (await player.step(ticket, item["id"], KEYS[item["id"]])).json()
        ticket, item = {**turn, "attempt": started["attempt"]}, turn["item"]
    return ticket, item


def test_a_run_shows_one_item_at_a_time_and_ends_with_the_first_error(run):
    async def scenario():
        async with run_arena(run) as arena:
            player = await arena.player()
            started = (await player.start("run")).json()
            assert len(started["items"]) == 1
            ticket, item = await go_on(player, started, 3)
            assert item["id"] not in {one["id"] for one in started["items"]}
            end = (await player.step(ticket, item["id"], WRONG[item["id"]])).json()
            assert (end["correct"], end["streak"], end["result"]["score"]) == (False, 3, 15)
            verdicts = end["result"]["items"]
            assert [one["correct"] for one in verdicts] == [True, True, True, False]
            assert verdicts[3]["key"] == KEYS[item["id"]]
            read_receipt(end["result"]["receipt"], signing_key(SECRET).public_key())
            assert entries(run, started["attempt"]) == [
                ("start", 0, 0), ("step", 1, 5), ("step", 3, 10), ("step", 7, 15), ("submit", 15, 15),
            ]  # fmt: skip
            assert (await player.start("run")).json()["attempt"] != started["attempt"]

    play(scenario())


def test_a_run_without_an_error_ends_with_its_last_item(run):
    async def scenario():
        async with run_arena(run) as arena:
            player = await arena.player()
            ticket, item = await go_on(player, (await player.start("run")).json(), 5)
            end = (await player.step(ticket, item["id"], KEYS[item["id"]])).json()
            assert (end["correct"], end["streak"], end["result"]["score"]) == (True, 6, 30)
            assert "item" not in end

    play(scenario())


def test_a_step_sent_again_gets_the_same_answer_and_another_one_is_refused(run):
    clockwork = Clockwork()

    async def scenario():
        async with run_arena(run, clockwork.clock()) as arena:
            player = await arena.player()
            started = (await player.start("run")).json()
            first = started["items"][0]["id"]
            answer = await player.step(started, first, KEYS[first])
            await go_on(player, started, 3)
            clockwork.pass_seconds(7200)  # a retry may come late
            again = await player.step(started, first, KEYS[first])
            assert (again.status_code, again.content) == (200, answer.content)
            refused = await player.step(started, first, WRONG[first])
            assert (refused.status_code, refused.json()["type"][-13:]) == (409, "other-answers")

    play(scenario())


def test_the_end_sent_again_gets_the_same_result_and_nothing_comes_after_it(run):
    async def scenario():
        async with run_arena(run) as arena:
            player = await arena.player()
            started = (await player.start("run")).json()
            ticket, item = await go_on(player, started, 1)
            ends = [await player.step(ticket, item["id"], WRONG[item["id"]]) for _ in range(2)]
            assert ends[0].content == ends[1].content
            assert (await player.step(ticket, item["id"], KEYS[item["id"]])).status_code == 409
            given_up = await player.submit(started, {})
            assert given_up.json() == ends[0].json()["result"]

    play(scenario())


def test_of_two_steps_at_once_one_is_written_whatever_each_says(run):
    async def scenario():
        async with run_arena(run) as one, run_arena(run) as two:
            for _ in range(4):
                player = await one.player()
                there = type(player)(two.client, player.headers["Authorization"][7:], player.participant)
                started = (await player.start("run")).json()
                first = started["items"][0]["id"]
                tries = [(who, answers[first]) for who in (player, there) for answers in (KEYS, WRONG)]
                turns = await asyncio.gather(*[who.step(started, first, answer) for who, answer in tries * 2])
                accepted = {turn.content for turn in turns if turn.status_code == 200}
                assert sorted(turn.status_code for turn in turns) == [200] * 4 + [409] * 4
                assert len(accepted) == 1
                assert len(entries(run, started["attempt"])) == 2

    play(scenario())


def test_giving_up_keeps_the_streak_whatever_the_client_knew_of_it(run):
    async def scenario():
        async with run_arena(run) as arena:
            player = await arena.player()
            started = (await player.start("run")).json()
            ticket, item = await go_on(player, started, 2)
            over = (await player.submit(started, {})).json()
            assert (over["score"], len(over["items"])) == (10, 2)
            assert (await player.submit({**ticket, "attempt": started["attempt"]}, {})).json() == over
            refused = await player.step(ticket, item["id"], KEYS[item["id"]])
            assert refused.json()["type"] == "urn:cyberweek:problem:run-over"

    play(scenario())


def test_a_run_opened_again_goes_on_where_it_stands(run):
    async def scenario():
        async with run_arena(run) as arena:
            player = await arena.player()
            started = (await player.start("run")).json()
            _, item = await go_on(player, started, 2)
            again = (await player.start("run")).json()
            assert again["attempt"] == started["attempt"]
            assert [one["id"] for one in again["items"]][::2] == [started["items"][0]["id"], item["id"]]
            turn = await player.step(again, item["id"], KEYS[item["id"]])
            assert turn.json()["streak"] == 3

    play(scenario())


def test_after_deadline_and_grace_no_step_is_written_and_the_streak_stays(run):
    clockwork = Clockwork()

    async def scenario():
        async with run_arena(run, clockwork.clock()) as arena:
            player = await arena.player()
            started = (await player.start("run")).json()
            ticket, item = await go_on(player, started, 1)
            clockwork.pass_seconds(20 * 60 + 31)
            assert (await player.step(ticket, item["id"], KEYS[item["id"]])).json()["status"] == 403
            assert (await player.submit(started, {})).status_code == 403
            for _ in range(1200):
                standing = await arena.client.get("/arena/v1/contests/run/standing", headers=player.headers)
                if me := standing.json()["me"]:
                    break
                await asyncio.sleep(0.05)
            assert me["score"] == 5

    play(scenario())


@pytest.mark.parametrize(
    ("answer", "status", "problem"),
    [([], 422, "no-answer"), (["z"], 422, "unknown-option"), (["a", "b", "b"], 422, None), ("a", 422, "does-not-fit")],
)
def test_a_step_that_does_not_fit_is_refused_and_the_run_goes_on(run, answer, status, problem):
    async def scenario():
        async with run_arena(run) as arena:
            player = await arena.player()
            started = (await player.start("run")).json()
            first = started["items"][0]["id"]
            refused = await player.step(started, first, answer)
            assert refused.status_code == status
            assert problem is None or refused.json()["type"].endswith(problem)
            other = next(code for code in KEYS if code != first)
            assert (await player.step(started, other, KEYS[other])).json()["type"].endswith("not-yet")
            assert (await player.step(started, first, KEYS[first])).json()["streak"] == 1

    play(scenario())


def test_papers_take_no_steps_and_runs_no_sheets(run):
    async def scenario():
        async with run_arena(run) as arena:
            player = await arena.player()
            paper, endless = (await player.start("week")).json(), (await player.start("run")).json()
            first = paper["items"][0]["id"]
            assert (await player.step(paper, first, KEYS[first])).json()["type"].endswith("not-a-run")
            sheet = {endless["items"][0]["id"]: KEYS[endless["items"][0]["id"]]}
            assert (await player.save(endless, sheet)).json()["type"].endswith("a-run")
            assert (await player.submit(endless, sheet)).json()["type"].endswith("a-run")

    play(scenario())


def test_the_ledger_of_runs_replays(run):
    async def scenario():
        async with run_arena(run) as arena:
            player = await arena.player()
            ticket, item = await go_on(player, (await player.start("run")).json(), 4)
            await player.step(ticket, item["id"], WRONG[item["id"]])
            await counted(run)

    play(scenario())
    report = replay(run)
    assert report.faults == []
