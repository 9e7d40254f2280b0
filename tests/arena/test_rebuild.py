"""Random contests, papers and rulings in random order: what the worker's SQL keeps is what a replay rebuilds."""

import asyncio
import random
import uuid

import msgspec
import psycopg
import pytest

from cyberweek.arena import rebuild
from cyberweek.arena.database import connect
from cyberweek.arena.releases import Releases
from cyberweek.arena.replay import replay
from cyberweek.arena.standings import SETTINGS, advance
from cyberweek.knowledge.core.chain import GENESIS, NOBODY, Batch, Entry, Tree, chain_head, signing_key
from cyberweek.knowledge.core.grading import Question
from cyberweek.knowledge.core.marking import Marker
from tests.arena.conftest import SECRET, publish, run_arena
from tests.arena.packs import make_pack, make_release
from tests.arena.test_standings import counted

KEY = signing_key(SECRET)
DAY = "2022-09-05"
REGIONS = ["350203", "350100", "110000", "110101"]


def mended(pack, number, rng):
    """The next release: some items have another key, one is gone."""
    bank = []
    for item in pack.bank:
        if item.kind == "single" and rng.random() < 0.5:
            bank.append(msgspec.structs.replace(item, key=[rng.choice("abcd")], options=item.options[::-1]))
        else:
            bank.append(item)
    spare = next((item for item in bank if item.topic == "laws" and item.kind == "multiple"), None)
    left = [item for item in bank if number == 3 or item is not spare]
    return msgspec.structs.replace(pack, number=number, bank=left)


class Scribe:
    """Writes batches as the arena and the desk do."""

    def __init__(self, connection, rng, players=12):
        self.connection, self.rng = connection, rng
        self.players = [(str(uuid.UUID(int=rng.getrandbits(128))), rng.choice(REGIONS)) for _ in range(players)]
        self.number, self.head, self.at_ms, self.starts = 0, GENESIS, 1_662_340_000_000, 0

    def write(self, *entries):
        self.number += 1
        root = Tree([entry.line() for entry in entries]).root
        self.at_ms += self.rng.randrange(40_000)
        head = chain_head(self.head, self.number, len(entries), self.at_ms, root)
        batch = Batch(self.number, self.head, len(entries), self.at_ms, root, KEY.sign(head))
        self.connection.execute(
            "INSERT INTO ledger_batch (number, previous, size, at_ms, root, signature, head) VALUES (%s, %s, %s, %s, %s, %s, %s)",
            [*msgspec.structs.astuple(batch), head],
        )
        for position, entry in enumerate(entries):
            row = [self.number, position, *msgspec.structs.astuple(entry)]
            self.connection.execute(f"INSERT INTO ledger_entry VALUES ({', '.join(['%s'] * len(row))})", row)
        self.head = head

    def paper(self, pack, marker):
        who, region = self.rng.choice(self.players)
        ordinal = self.rng.randrange(1, 4)
        items = [pack.bank[place] for place in marker.deck.draw(who, DAY, ordinal).items]
        keys = {item.id: Question(item).key for item in items}
        sheet = ",".join(self.rng.choice([keys[item.id], "a", "b", ""]) for item in items)
        attempt = str(uuid.UUID(int=self.rng.getrandbits(128)))
        entry = Entry(
            "submit", DAY, attempt, pack.contest, who, region, ordinal, pack.number, self.at_ms + self.rng.randrange(9),
            sheet, seconds=self.rng.randrange(3), team="blue" if region == "350203" else "",
        )  # fmt: skip
        answered, correct, score = marker.mark(entry)
        self.starts += (
            1  # each paper has one, by which it is found again; its ordinal here is the ledger's only unique one
        )
        begun = Entry(
            "start", DAY, attempt, pack.contest, who, region, self.starts, pack.number, entry.at_ms, team=entry.team
        )
        return [begun, msgspec.structs.replace(entry, answered=answered, correct=correct, score=score)]

    def ruling(self, kind, contest, participant=NOBODY, release=0):
        attempt = str(uuid.UUID(int=self.rng.getrandbits(128)))
        return Entry(kind, DAY, attempt, contest, participant, "", 0, release, self.at_ms, "because")

    def any_ruling(self, contest):
        kind = self.rng.choice(["exclude", "exclude", "readmit", "regrade"])
        if kind == "regrade":
            return self.ruling(kind, contest, release=self.rng.choice([2, 3]))
        return self.ruling(kind, contest, self.rng.choice(self.players)[0])


async def catch_up(database):
    releases = Releases()
    async with await connect(database, "test", **SETTINGS) as connection:
        while await advance(connection, releases) is not None:
            pass


def differing(database):
    """Projections that are not what the ledger comes to; these papers were never begun, which is told apart from that."""
    return [fault for fault in replay(database).faults if "projection" in fault]


@pytest.fixture(scope="module")
def contests(database):
    """Two contests of three releases each, of which later ones have other keys."""
    rng, packs = random.Random(11), {}
    for contest in ("week", "other"):
        pack = make_pack(contest)
        for number in (1, 2, 3):
            pack = pack if number == 1 else mended(pack, number, rng)
            packs[contest, number] = pack
            publish(database, make_release(contest, number=number, bank=pack.bank), contest, number)
    return packs


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_ruled_and_whenever_the_tables_are_what_the_ledger_comes_to(database, contests, seed):
    rng = random.Random(seed)
    markers = {key: Marker(pack) for key, pack in contests.items()}
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("SELECT ledger_open_day(%s)", [DAY])
        last = connection.execute("SELECT number, head FROM ledger_batch ORDER BY number DESC LIMIT 1").fetchone()
        scribe = Scribe(connection, rng)
        scribe.number, scribe.head = (last[0], bytes(last[1])) if last else (0, GENESIS)
        for _ in range(40):
            if rng.random() < 0.3:
                scribe.write(scribe.any_ruling(rng.choice(["week", "week", "other"])))
            else:
                keys = [rng.choice(list(contests)) for _ in range(rng.randrange(1, 6))]
                scribe.write(*[entry for key in keys for entry in scribe.paper(contests[key], markers[key])])
            if rng.random() < 0.25:
                asyncio.run(catch_up(database))
                assert differing(database) == []
    asyncio.run(catch_up(database))
    assert differing(database) == []
    assert replay(database).submits > 40


@pytest.mark.parametrize("seed", range(3))
def test_who_is_excluded_leaves_a_full_board_and_comes_back_without_counting_again(
    database, contests, seed, monkeypatch
):
    """Boards of twenty that were cut back lose their first, some of their midst and somebody who is not on them."""
    rng, contest = random.Random(1000 + seed), f"full-{seed}"
    pack = make_pack(contest)
    publish(database, make_release(contest, bank=pack.bank), contest)
    marker = Marker(pack)
    monkeypatch.setattr("cyberweek.arena.standings.CROWD", 24)
    monkeypatch.setattr("cyberweek.arena.standings.clear", lambda *_: pytest.fail("counted again"))
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("SELECT ledger_open_day(%s)", [DAY])
        last = connection.execute("SELECT number, head FROM ledger_batch ORDER BY number DESC LIMIT 1").fetchone()
        scribe = Scribe(connection, rng, players=70)
        scribe.number, scribe.head = (last[0], bytes(last[1])) if last else (0, GENESIS)
        for _ in range(8):
            scribe.write(*[entry for _ in range(20) for entry in scribe.paper(pack, marker)])
            asyncio.run(catch_up(database))
        assert differing(database) == []
        query = "SELECT participant::text FROM standing_top WHERE (contest, region) = (%s, 'CN')"
        board = [row[0] for row in connection.execute(query, [contest])]
        assert len(board) == 20
        outside = next(who for who, _region in scribe.players if who not in board)
        rulings = [
            [("exclude", board[0])],
            [("exclude", who) for who in board[5:8]],
            [("exclude", outside)],
            [("readmit", board[0]), ("exclude", outside), ("exclude", board[9])],
            [("exclude", board[12]), ("readmit", board[12]), ("readmit", board[5]), ("exclude", board[5])],
            [("readmit", who) for who in [*board[5:8], outside, board[9], board[15]]],
        ]
        for step in rulings:
            papers = [entry for _ in range(3) for entry in scribe.paper(pack, marker)]
            for kind, who in step:
                scribe.write(scribe.ruling(kind, contest, who))
            scribe.write(*papers)
            asyncio.run(catch_up(database))
            assert differing(database) == []
        gone = "SELECT count(*) FROM standing_excluded WHERE contest = %s"
        assert connection.execute(gone, [contest]).fetchone() == (0,)


def test_boards_show_the_old_state_until_the_new_one_is_whole(database, contests, monkeypatch):
    marker, seen = Marker(contests["week", 1]), []
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("SELECT ledger_open_day(%s)", [DAY])
        last = connection.execute("SELECT number, head FROM ledger_batch ORDER BY number DESC LIMIT 1").fetchone()
        scribe = Scribe(connection, random.Random(99))
        scribe.number, scribe.head = (last[0], bytes(last[1])) if last else (0, GENESIS)
        scribe.write(*[entry for _ in range(9) for entry in scribe.paper(contests["week", 1], marker)])
        asyncio.run(catch_up(database))
        query = "SELECT contest, region, participant, score FROM standing_top ORDER BY 1, 2, 3"
        before = connection.execute(query).fetchall()
        for who, _ in scribe.players:
            scribe.write(scribe.ruling("exclude", "week", who))
        scribe.write(scribe.ruling("regrade", "week", release=2))  # so that it is counted again
        delete = rebuild.clear

        async def look_while_it_runs(*arguments):
            await delete(*arguments)
            seen.append(connection.execute(query).fetchall())

        monkeypatch.setattr("cyberweek.arena.standings.clear", look_while_it_runs)
        asyncio.run(catch_up(database))
        assert seen == [before]
        assert connection.execute(query).fetchall() != before
    assert differing(database) == []


def test_who_is_excluded_is_told_why_and_leaves_the_board(database):
    publish(database, make_release("solo"), "solo")

    async def scenario():
        async with run_arena(database) as arena:
            player, other = await arena.player("小明"), await arena.player("小红")
            for one in (player, other):
                started = (await one.start("solo")).json()
                assert (await one.submit(started, {})).status_code == 200
            await counted(database)
            await board_of(arena, player, lambda board: board["count"] == 2)
            exclude(database, player.participant)
            await counted(database)
            board = await board_of(arena, player, lambda board: board["count"] == 1)
            assert [row["nickname"] for row in board["top"]] == ["小红"]
            assert board["me"]["excluded"]["reason"] == "答题时间短于阅读时间"
            assert board["me"]["excluded"]["since"].startswith("2022-09-05T")
            started = (await player.start("solo")).json()
            assert (await player.submit(started, {})).status_code == 200
            await counted(database)
            arena.app._arena.boards.outdate()
            await board_of(arena, player, lambda board: board["count"] == 1)

    asyncio.run(scenario())
    assert differing(database) == []


async def board_of(arena, player, wanted):
    """The board as the player sees it, once it is as wanted: boards learn a moment later what was counted."""
    for _ in range(1200):
        board = (await arena.client.get("/arena/v1/contests/solo/standing", headers=player.headers)).json()
        if wanted(board):
            return board
        await asyncio.sleep(0.05)
    raise AssertionError(board)


def exclude(database, participant):
    with psycopg.connect(database) as connection:
        connection.execute("SELECT ledger_open_day(%s)", [DAY])
        number, head = connection.execute(
            "SELECT number, head FROM ledger_batch ORDER BY number DESC LIMIT 1"
        ).fetchone()
        scribe = Scribe(connection, random.Random(5))
        scribe.number, scribe.head = number, bytes(head)
        entry = scribe.ruling("exclude", "solo", participant)
        scribe.write(msgspec.structs.replace(entry, answers="答题时间短于阅读时间"))
