"""What a contest's terms say of who may start, how often, and what a verdict tells."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from cyberweek.knowledge.core.groups import code_sha256
from cyberweek.knowledge.core.release import Group, Stage
from tests.arena.conftest import Clockwork, publish, run_arena
from tests.arena.packs import make_pack, make_release, right_answers, text

CODES = {"no1": "AAAAA-22222", "no2": "BBBBB-33333"}
GROUPS = [Group(id_, text(f"School {id_}"), code_sha256(code)) for id_, code in CODES.items()]
GONE = Group("no3", text("School no3"), None)


def play(scenario):
    return asyncio.run(scenario)


def problem(response):
    return response.status_code, response.json()["type"].rpartition(":")[2]


@pytest.fixture(scope="module")
def terms(database):
    """A database with a contest of each kind."""
    for slug, changes in {
        "thrice": {"attempts_per_day": 2, "attempts_in_all": 3, "opens": datetime.now(UTC) - timedelta(days=20)},
        "mend": {"form": "until-right", "attempts_per_day": 9},
        "school": {"groups": [*GROUPS, GONE], "closed": True},
        "teams": {"groups": GROUPS, "team_minimum": 2},
    }.items():
        publish(database, make_release(slug, **changes), slug)
    return database


def test_attempts_in_all_are_counted_over_the_days(terms):
    async def day(days, player):
        clockwork = Clockwork()
        clockwork.pass_seconds(days * 86400)
        async with run_arena(terms, clockwork.clock()) as arena:
            player.client = arena.client
            answers = []
            for _ in range(3):
                response = await player.start("thrice")
                answers.append(response.status_code if response.status_code < 300 else problem(response))
                if response.status_code < 300:
                    await player.submit(response.json(), {})
            return answers

    async def scenario():
        async with run_arena(terms) as arena:
            player = await arena.player()
        first, second = await day(-3, player), await day(-2, player)
        assert first == [201, 201, (403, "none-left")]
        assert second == [201, (403, "none-left-in-all"), (403, "none-left-in-all")]

    play(scenario())


def test_starts_that_race_do_not_exceed_attempts_in_all(terms):
    async def scenario():
        async with run_arena(terms) as one, run_arena(terms) as two:
            player = await one.player()
            there = type(player)(two.client, player.headers["Authorization"][7:], player.participant)
            for _ in range(4):
                starts = await asyncio.gather(*[who.start("thrice") for who in (player, there) * 3])
                for start in starts:
                    if start.status_code < 300:
                        await player.submit(start.json(), {})
            assert problem(await there.start("thrice")) == (403, "none-left")

    play(scenario())


def test_a_paper_is_the_same_until_it_is_right_and_the_key_comes_only_then(terms):
    pack = make_pack("mend", form="until-right")

    async def scenario():
        async with run_arena(terms) as arena:
            player = await arena.player()
            first = (await player.start("mend")).json()
            answers = right_answers(pack, first["items"])
            half = dict(list(answers.items())[:3])
            verdict = (await player.submit(first, half)).json()
            assert [item["correct"] for item in verdict["items"]] == [True] * 3 + [False] * 3
            assert all(set(item) == {"id", "correct"} for item in verdict["items"])
            second = (await player.start("mend")).json()
            assert second["attempt"] != first["attempt"]
            assert second["items"] == first["items"]
            whole = (await player.submit(second, answers)).json()
            assert whole["score"] == whole["max"]
            assert all(item["key"] and item["explanation"] for item in whole["items"])

    play(scenario())


@pytest.mark.parametrize("typed", ["AAAAA-22222", "aaaaa 22222", "ＡＡＡＡＡ２２２２２"])
def test_a_closed_contest_opens_with_a_code_however_it_is_typed(terms, typed):
    async def scenario():
        async with run_arena(terms) as arena:
            player = await arena.player()
            started = await player.start("school", code=typed, **{"Accept-Language": "en"})
            assert started.status_code == 201
            assert started.json()["team"] == {"id": "no1", "name": "School no1"}

    play(scenario())


def test_who_gives_ten_wrong_codes_has_to_wait_even_with_the_right_one(terms):
    async def scenario():
        clockwork = Clockwork()
        async with run_arena(terms, clockwork.clock()) as arena:
            player, other = await arena.player(), await arena.player()
            for _ in range(10):
                assert problem(await player.start("school", code="AAAAA-22223")) == (403, "wrong-code")
            refused = await player.start("school", code=CODES["no1"])
            assert problem(refused) == (429, "many-guesses")
            assert 300 <= int(refused.headers["Retry-After"]) <= 600
            assert (await other.start("school", code=CODES["no1"])).status_code == 201
            clockwork.pass_seconds(601)
            assert (await player.start("school", code=CODES["no1"])).status_code == 201

    play(scenario())


def test_a_closed_contest_refuses_whoever_has_no_code_that_holds(terms):
    async def scenario():
        async with run_arena(terms) as arena:
            player = await arena.player()
            assert problem(await player.start("school")) == (403, "code-needed")
            assert problem(await player.start("school", code="AAAAA-22223")) == (403, "wrong-code")
            assert problem(await player.start("school", code="no3")) == (403, "wrong-code")
            url = "/arena/v1/contests/school/attempts"
            for body in (b"{", b'{"code": 1}', b'{"code": "%b"}' % (b"A" * 41), b'{"word": "x"}'):
                refused = await arena.client.post(url, content=body, headers=player.headers)
                assert refused.status_code in {400, 422}

    play(scenario())


def test_a_team_is_chosen_once(terms):
    async def scenario():
        async with run_arena(terms) as arena:
            member, loner = await arena.player(), await arena.player("独行")
            started = (await member.start("teams", code=CODES["no1"])).json()
            await member.submit(started, {})
            assert problem(await member.start("teams", code=CODES["no2"])) == (403, "other-team")
            assert (await member.start("teams")).json()["team"]["id"] == "no1"
            first = (await loner.start("teams")).json()
            assert "team" not in first
            await loner.submit(first, {})
            assert problem(await loner.start("teams", code=CODES["no1"])) == (403, "other-team")

    play(scenario())


def test_a_stage_is_for_those_promoted_and_says_from_where(terms):
    async def scenario():
        async with run_arena(terms) as arena:
            chosen, other = await arena.player(), await arena.player("落选")
            stage = Stage(after="thrice", top=1)
            publish(terms, make_release("final", stage=stage, admitted=[chosen.participant]), "final")
            publish(terms, make_release("undecided", stage=stage), "undecided")
        async with run_arena(terms) as arena:
            chosen.client = other.client = arena.client
            assert (await chosen.start("final")).status_code == 201
            refused = await other.start("final", **{"Accept-Language": "en"})
            assert problem(refused) == (403, "not-admitted")
            assert "“The Week's contest”" in refused.json()["detail"]
            assert problem(await chosen.start("undecided")) == (403, "not-admitted")

    play(scenario())


def test_the_list_of_contests_says_what_is_needed(terms):
    async def scenario():
        async with run_arena(terms) as arena:
            listed = {one["slug"]: one for one in (await arena.client.get("/arena/v1/contests")).json()["contests"]}
            assert [(one, listed[one]["form"], listed[one]["code"]) for one in ("mend", "school", "teams")] == [
                ("mend", "until-right", None), ("school", "paper", "needed"), ("teams", "paper", "welcome"),
            ]  # fmt: skip
            assert (listed["thrice"]["attempts_in_all"], listed["teams"]["team_minimum"]) == (3, 2)

    play(scenario())
