"""The command, as a stranger runs it."""

import json
import subprocess
import sys

import pytest

from cyberweek.cli import main
from cyberweek.knowledge.core.exports import key_text
from tests.verify.ledgers import KEY, Contest

TEAM = b"\tblue\n"


@pytest.fixture(scope="module")
def contest():
    return Contest(players=3)


@pytest.fixture(scope="module")
def path(contest, tmp_path_factory):
    path = tmp_path_factory.mktemp("exports") / "week.txt"
    path.write_bytes(contest.export())
    return path


def test_an_export_that_holds_prints_the_hash_of_the_boards(contest, path, capsys):
    head = contest.batches[-1][0].head.hex()
    asked = ["--key", key_text(KEY.public_key()), "--head", head, "--receipt", contest.receipt(1, 3)]
    assert main(["verify", str(path), *asked]) == 0
    told = capsys.readouterr()
    assert f"boards   {contest.boards()} (the same as the server's)\n" in told.out
    assert f"head     {head} stands after batch {len(contest.batches)}\n" in told.out
    assert told.out.endswith("everything holds\n")
    assert told.err == ""


def test_a_fault_is_named_and_fails_the_command(path, tmp_path, capsys):
    damaged = tmp_path / "damaged"
    data = path.read_bytes()
    damaged.write_bytes(data.replace(TEAM, b"\tpink\n", 1))
    assert main(["verify", str(damaged)]) == 1
    told = capsys.readouterr()
    assert f"line {data[: data.index(TEAM)].count(10) + 1}: it (entry) is damaged" in told.err
    assert told.out.endswith("faults\n")


def test_as_json_faults_carry_what_they_concern(path, tmp_path, capsys):
    cut = tmp_path / "cut"
    cut.write_bytes(path.read_bytes()[:-300])
    assert main(["verify", str(cut), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["holds"] is False
    assert any(fault["text"] == "the file ends without a line “signature”" for fault in told["faults"])


def test_a_receipt_may_stand_in_a_file(contest, path, tmp_path):
    receipt = tmp_path / "receipt.txt"
    receipt.write_text(contest.receipt(1, 3) + "\n")
    assert main(["verify", str(path), "--receipt", f"@{receipt}"]) == 0


@pytest.mark.parametrize(
    "asked",
    [[], ["/nowhere"], ["/"], ["{path}", "--key", "nonsense"], ["{path}", "--receipt", "@/nowhere"], ["{path}", "-x"]],
)
def test_without_anything_to_check_it_says_so_with_status_two(asked, path, capsys):
    assert main(["verify", *(one.format(path=path) for one in asked)]) == 2
    assert capsys.readouterr().err


@pytest.mark.parametrize("start", [["-m", "cyberweek.verify"], ["-m", "cyberweek", "verify"]])
def test_it_runs_with_neither_django_nor_a_database(start, path):
    told = subprocess.run(
        [sys.executable, "-X", "importtime", *start, str(path)], capture_output=True, text=True, check=True, env={}
    )
    assert told.stdout.endswith("everything holds\n")
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in told.stderr.splitlines()}
    assert not imported & {"django", "psycopg", "procrastinate", "granian", "httpx", "uvloop"}
