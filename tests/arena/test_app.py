import asyncio

import psycopg
import pytest

from cyberweek.arena.ledger import LOCK
from cyberweek.arena.tickets import Office
from cyberweek.passport.core.passports import Passport
from tests.arena.conftest import SECRET, run_arena

GOOD = {"nickname": "小明", "region": "350203", "band": "12-17", "sector": "education"}


def ask(database, *requests):
    async def scenario():
        async with run_arena(database) as arena:
            return [await arena.client.request(method, path, **rest) for method, path, rest in requests]

    return asyncio.run(scenario())


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/arena/v1/nothing", 404),
        ("GET", "/arena/v1/contests/week/nothing", 404),
        ("GET", "/arena/v1/contests/never/standing", 404),
        ("GET", "/arena/v1/contests/never/live", 404),
        ("DELETE", "/arena/v1/contests", 405),
        ("POST", "/arena/v1/contests/week/live", 405),
        ("POST", "/arena/v1/contests/week/attempts", 401),
        ("GET", "/arena/v1/contests/week/standing?region=nowhere", 422),
    ],
)
def test_what_is_not_there_or_not_allowed_is_a_problem(week, method, path, status):
    (response,) = ask(week, (method, path, {}))
    problem = response.json()
    assert response.status_code == problem["status"] == status
    assert response.headers["content-type"] == "application/problem+json"
    assert set(problem) == {"type", "title", "status", "detail"}
    assert ("allow" in response.headers) == (status == 405)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"", 400),
        (b"[" * 60_000, 422),
        (b"[]", 422),
        (b'{"nickname": "x"}', 422),
        (b" " * (64 * 1024 + 1), 413),
        (b" " * 10_000_000, 413),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(week, body, status):
    (response,) = ask(week, ("POST", "/arena/v1/passports", {"content": body}))
    assert (response.status_code, response.json()["status"]) == (status, status)


def test_a_body_that_grows_too_long_while_streaming_is_refused(week):
    async def endless():
        for _ in range(100):
            yield b" " * 1024

    (response,) = ask(week, ("POST", "/arena/v1/passports", {"content": endless()}))
    assert response.status_code == 413


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"nickname": "<b>x</b>"}, "bad-nickname"),
        ({"nickname": "   "}, "bad-nickname"),
        ({"nickname": "x" * 21}, "bad-nickname"),
        ({"nickname": "a\u202eb"}, "bad-nickname"),
        ({"nickname": "a\x00b"}, "bad-nickname"),
        ({"region": "999999"}, "unknown-region"),
        ({"band": "ageless"}, "does-not-fit"),
        ({"sector": None}, "does-not-fit"),
        ({"phone": "139"}, "does-not-fit"),
        ({"device": "short"}, "does-not-fit"),
        ({"device": "x" * 60_000}, "does-not-fit"),
        ({"device": 7}, "does-not-fit"),
        ({}, "no-proof"),
    ],
)
def test_a_passport_is_refused_with_what_is_wrong(week, change, problem):
    (response,) = ask(week, ("POST", "/arena/v1/passports", {"json": {**GOOD, **change}}))
    assert (response.status_code, response.json()["type"]) == (422, f"urn:cyberweek:problem:{problem}")


def test_a_nickname_is_composed_and_trimmed(week):
    async def scenario():
        async with run_arena(week) as arena:
            return await arena.player("  e\u0301lan ")

    player = asyncio.run(scenario())
    passport = Office(SECRET).passport(player.headers["Authorization"], 0)
    assert passport.nickname == "élan"


def test_a_forged_or_expired_passport_is_refused(week):
    expired = Passport("5334863e-37ae-4bd0-9d34-67621abf5a51", "350203", "12-17", "education", "小明", 1)
    tokens = [Office(SECRET).issue_passport(expired), Office("another").issue_passport(expired), "x", "x.y"]
    url = "/arena/v1/contests/week/attempts"
    asked = [("POST", url, {"headers": {"Authorization": f"Bearer {token}"}}) for token in tokens]
    for response in ask(week, *asked):
        assert (response.status_code, response.json()["type"]) == (401, "urn:cyberweek:problem:bad-passport")


def test_contests_are_listed_in_the_language_asked_for(week):
    (response,) = ask(week, ("GET", "/arena/v1/contests", {"headers": {"Accept-Language": "en"}}))
    (contest,) = response.json()["contests"]
    assert (contest["slug"], contest["title"], contest["attempts_per_day"]) == ("week", "The Week's contest", 3)


def test_it_is_alive_and_ready(week):
    assert [r.status_code for r in ask(week, ("GET", "/healthz", {}), ("GET", "/readyz", {}))] == [200, 200]


def test_without_a_release_it_is_alive_and_not_ready(template):
    from tests.factories.databases import at

    alive, ready = ask(at(template), ("GET", "/healthz", {}), ("GET", "/readyz", {}))
    assert (alive.status_code, ready.status_code, ready.headers["retry-after"]) == (200, 503, "1")


def test_a_slow_disk_lets_fewer_wait(week):
    async def scenario():
        async with run_arena(week, queue_seconds=1, batch_limit=2) as arena:
            player = await arena.player()
            started = (await player.start()).json()
            ledger = arena.app._arena.ledger
            for _ in range(20):
                ledger._make_room(0.5)  # half a second a batch: two batches of two may wait
            async with await psycopg.AsyncConnection.connect(week) as disk:
                await disk.execute(LOCK)  # no batch ends meanwhile
                saves = [asyncio.create_task(player.save(started, {})) for _ in range(20)]
                refused = iter(asyncio.as_completed(saves))
                for _ in range(14):
                    await next(refused)
            answers = await asyncio.gather(*saves)
            assert 4 <= [answer.status_code for answer in answers].count(204) <= 6
            assert {answer.status_code for answer in answers} == {204, 503}
            for _ in range(20):
                ledger._make_room(0.001)
            assert (await player.save(started, {})).status_code == 204

    asyncio.run(scenario())


def test_a_full_queue_answers_at_once_that_it_is_busy(week):
    async def scenario():
        async with run_arena(week, queue_limit=0) as arena:
            return await (await arena.player()).start()

    response = asyncio.run(scenario())
    assert (response.status_code, response.headers["retry-after"]) == (503, "1")
