import asyncio
import random

import psycopg
import pytest

from cyberweek.arena.replay import replay
from cyberweek.arena.standings import ROUND_ENDS
from cyberweek.knowledge.core.chain import signing_key
from tests.arena.conftest import REGIONS, SECRET, Clockwork, publish, run_arena
from tests.arena.packs import make_pack, make_release, right_answers

PACK = make_pack()
KEY = signing_key(SECRET).public_key()


async def counted(database):
    """Waits until the standings have read the whole ledger. A board that was asked for before may be older for a moment."""
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as connection:
        query = "SELECT (SELECT batch FROM standing_progress) = (SELECT max(number) FROM ledger_batch)"
        for _ in range(2400):
            if (await (await connection.execute(query)).fetchone())[0]:
                return
            await asyncio.sleep(0.05)
    raise AssertionError("the standings do not follow")


def plain_board(results, under):
    bests = {}
    for place, (player, region, score, seconds) in enumerate(results):
        if region in under:
            bests[player] = min(bests.get(player, (1, 0, 0)), (-score, seconds, place))
    keys = sorted(best[:2] for best in bests.values())
    return {player: 1 + sum(key < best[:2] for key in keys) for player, best in bests.items()}


def test_standings_are_a_plain_sort_and_a_replay_agrees(week):
    clockwork, rng, results = Clockwork(), random.Random(7), []

    async def scenario():
        async with run_arena(week, clockwork.clock()) as arena:
            players = [await arena.player(f"p{n}", rng.choice(["350203", "350100", "110000"])) for n in range(30)]
            regions = {}
            for _ in range(2):
                for player in players:
                    started = (await player.start()).json()
                    clockwork.pass_seconds(rng.choice([0, 1, 2, 29, 30, 31, 61]))
                    right = right_answers(PACK, started["items"])
                    answers = {item: right[item] for item in rng.sample(sorted(right), rng.randrange(4, 7))}
                    result = (await player.submit(started, answers)).json()
                    results.append((player.participant, player, result["score"], result["seconds"]))
            await counted(week)
            async with await psycopg.AsyncConnection.connect(week) as connection:
                rows = await (
                    await connection.execute("SELECT id::text, region_id FROM passport_participant")
                ).fetchall()
                regions = dict(rows)
            plain = [(who, regions[who], score, seconds) for who, _, score, seconds in results]
            for region, under in {
                "CN": None,
                "350000": "35",
                "350200": "3502",
                "350203": "3502",
                "110000": "11",
            }.items():
                inside = {r[0] for r in REGIONS if under is None or r[0].startswith(under)}
                ranks = plain_board(plain, inside)
                for player in players:
                    url = f"/arena/v1/contests/week/standing?region={region}"
                    board = (await arena.client.get(url, headers=player.headers)).json()
                    assert board["count"] == len(ranks)
                    assert (board["me"] or {}).get("rank") == ranks.get(player.participant)
                assert [row["rank"] for row in board["top"]] == sorted(ranks.values())[:20]

    asyncio.run(scenario())
    report = replay(week, KEY)
    assert report.faults == []
    assert report.submits == len(results)


def test_a_crowded_board_is_cut_back_to_its_twenty_and_counts_stay_exact(week, monkeypatch):
    monkeypatch.setattr("cyberweek.arena.standings.CROWD", 25)

    async def scenario():
        async with run_arena(week) as arena:
            for number in range(40):
                player = await arena.player(region="110101")
                paper = (await player.start()).json()
                item = paper["items"][0]
                await player.submit(paper, {item["id"]: [item["options"][number % len(item["options"])]["id"]]})
                if number % 8 == 7:
                    await counted(week)
            await counted(week)

    asyncio.run(scenario())
    with psycopg.connect(week) as connection:
        lying = connection.execute("SELECT count(*) FROM standing_entrant WHERE region = '110101'").fetchone()[0]
        assert 20 <= lying <= 40
        assert connection.execute("SELECT count(*) FROM standing_top WHERE region = '110101'").fetchone() == (20,)
        by_half_minutes = "SELECT * FROM standing_score WHERE participants <> 0"
        summed = """
            SELECT contest, region, score, seconds / 30, sum(participants)::bigint FROM standing_histogram
            WHERE participants <> 0 GROUP BY 1, 2, 3, 4
        """
        assert set(connection.execute(by_half_minutes)) == set(connection.execute(summed))
    assert replay(week).faults == []


def test_a_practice_release_does_not_rank(week):
    publish(week, make_release("practice", practice=True), "practice")

    async def scenario():
        async with run_arena(week) as arena:
            player = await arena.player()
            started = (await player.start("practice")).json()
            await player.submit(started, {})
            await counted(week)
            return (await arena.client.get("/arena/v1/contests/practice/standing", headers=player.headers)).json()

    board = asyncio.run(scenario())
    assert board.pop("at").endswith("Z")
    assert board == {"region": "CN", "count": 0, "top": [], "me": None}


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_batch"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET at_ms = 0", "TRUNCATE {}"])
def test_the_ledger_refuses_to_be_changed(week, table, change):
    with psycopg.connect(week) as connection, pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        connection.execute(change.format(table))


def test_a_replay_names_what_was_forged_behind_the_ledgers_back(week):
    with psycopg.connect(week) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            "UPDATE ledger_entry SET score = score + 5 WHERE (batch, position) = "
            "(SELECT batch, position FROM ledger_entry WHERE kind = 'submit' AND contest = 'week' ORDER BY batch LIMIT 1)"
        )
    faults = " ".join(replay(week, KEY).faults)
    assert "its answers come to" in faults
    assert "its entries are not those that were hashed" in faults


@pytest.mark.parametrize(
    ("entries", "newest", "ends", "behind_ms"),
    [(1, 4, 1, 70), (2, 4, 1, 70), (3, 4, 2, 50), (5, 4, 3, 10), (9, 4, 3, 10), (10, 4, 4, 0), (5, 2, 2, 0)],
)
def test_a_round_ends_with_the_batch_that_fills_it_and_tells_what_is_left(database, entries, newest, ends, behind_ms):
    with psycopg.connect(database) as connection:
        before = connection.execute("SELECT coalesce(max(number), 0) FROM ledger_batch").fetchone()[0]
        for number, (size, at_ms) in enumerate([(2, 1000), (2, 1020), (5, 1060), (1, 1070)], before + 1):
            row = [number, bytes(32), size, at_ms, bytes(32), number.to_bytes(32), bytes(64)]
            connection.execute("INSERT INTO ledger_batch VALUES (%s, %s, %s, %s, %s, %s, %s)", row)
        asked = {"after": before, "newest": before + newest, "round": entries}
        number, left = connection.execute(ROUND_ENDS, asked).fetchone()
        connection.rollback()
    assert (number - before, left) == (ends, behind_ms)
