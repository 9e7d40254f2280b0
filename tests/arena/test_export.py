"""A contest played over HTTP, closed, exported by the command and verified by a program without Django."""

import asyncio
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from cyberweek.knowledge.core.chain import signing_key
from cyberweek.verify.reader import read_export
from tests.arena.conftest import ROOT, SECRET, publish, run_arena
from tests.arena.packs import make_pack, make_release, right_answers
from tests.arena.test_standings import counted

KEY = signing_key(SECRET).public_key()


@pytest.fixture(scope="module")
def played(database, tmp_path_factory):
    """The database after a contest, what a player kept of it, and its export."""
    now = datetime.now(UTC)
    pack = make_pack(closes=now + timedelta(minutes=30))
    publish(database, make_release(closes=pack.closes))
    publish(database, make_release("other"), "other")

    async def play():
        kept = []
        async with run_arena(database) as arena:
            for n in range(25):
                player = await arena.player(f"玩家{n}", region=["350203", "350100", "110101"][n % 3])
                for contest in ("week", "other"):
                    started = (await player.start(contest)).json()
                    answers = dict(list(right_answers(pack, started["items"]).items())[: n % 7])
                    await player.save(started, answers)
                    kept.append((await player.submit(started, answers)).json()["receipt"])
            await counted(database)
        return kept

    return database, asyncio.run(play())


def django(database, code):
    environment = {**os.environ, "DATABASE_URL": database, "SECRET_KEY": SECRET, "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-c", f"import django; django.setup(); {code}"]
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT, check=False)


def export(database, path, *, clock=0):
    return django(
        database,
        "import datetime as dt; from django.utils import timezone; from django.core.management import call_command;"
        f"real = timezone.now; timezone.now = lambda: real() + dt.timedelta(minutes={clock});"
        f"call_command('exportcontest', 'week', {str(path)!r})",
    )


def test_an_open_contest_is_not_exported_because_an_export_holds_its_keys(played, tmp_path):
    told = export(played[0], tmp_path / "week.txt")
    assert "week is not over yet" in told.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_was_played_is_exported_and_leads_to_the_boards_that_the_server_shows(played, tmp_path):
    database, receipts = played
    path = tmp_path / "week.txt"
    told = export(database, path, clock=45)
    assert told.returncode == 0, told.stderr
    report = read_export(path, key=KEY, receipts=[receipts[0], receipts[-2]])
    assert [str(fault) for fault in report.faults] == []
    assert report.boards == report.boards_said
    assert f"boards  {report.boards}\nhead    {report.head}\n" in told.stdout
    assert (report.papers, [proof.holds for proof in report.receipts]) == (25, [True, True])


def test_nothing_of_persons_or_of_other_contests_is_in_it(played, tmp_path):
    path = tmp_path / "week.txt"
    export(played[0], path, clock=45)
    text = path.read_text()
    for private in ("玩家", "12-17", "education", "\tother\t"):
        assert private not in text


def test_boards_that_were_changed_behind_the_ledgers_back_are_found(played, tmp_path):
    database, _ = played
    with psycopg.connect(database) as connection:
        connection.execute("UPDATE standing_best SET score = score + 5 WHERE contest = 'week'")
    path = tmp_path / "week.txt"
    export(database, path, clock=45)
    with psycopg.connect(database) as connection:
        connection.execute("UPDATE standing_best SET score = score - 5 WHERE contest = 'week'")
    faults = [str(fault) for fault in read_export(path, key=KEY).faults]
    assert len(faults) == 1
    assert "the boards that the server showed are not those that follow" in faults[0]


def test_after_a_ruling_the_server_and_a_stranger_still_come_to_the_same_boards(played, tmp_path):
    database, _ = played
    before, after = tmp_path / "before.txt", tmp_path / "after.txt"
    export(database, before, clock=45)
    with psycopg.connect(database) as connection:
        (best,) = connection.execute(
            "SELECT participant::text FROM standing_best WHERE contest = 'week' ORDER BY score DESC, seconds LIMIT 1"
        ).fetchone()
    told = django(
        database,
        "from django.utils import timezone; from cyberweek.knowledge.actions import append_ruling;"
        f"append_ruling(kind='exclude', contest='week', participant={best!r}, reason='as ruled', now=timezone.now())",
    )
    assert told.returncode == 0, told.stderr
    assert "The standings have not read all of week yet" in export(database, after, clock=45).stderr

    async def count():
        async with run_arena(database):
            await counted(database)

    asyncio.run(count())
    export(database, after, clock=45)
    then, now = read_export(before, key=KEY), read_export(after, key=KEY, heads=[read_export(before).head])
    assert [str(fault) for fault in now.faults] == []
    assert then.boards != now.boards == now.boards_said
