"""The command that rereads the ledger; what it finds is tested with the arena."""

from __future__ import annotations

import pytest
from django.db import connection

from cyberweek.arena.replay import Report
from cyberweek.cli import main


@pytest.fixture
def own_ledger(db, monkeypatch):
    """The command reads the ledger of the test database."""
    names = connection.settings_dict
    host = f"host={names['HOST']} port={names['PORT'] or 5432} user={names['USER']} password={names['PASSWORD']}"
    monkeypatch.setenv("DATABASE_URL", f"{host} dbname={names['NAME']}".replace(" password= ", " "))


def test_a_ledger_that_leads_to_its_boards_holds(own_ledger, capsys):
    assert main(["replay"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("0 batches, 0 entries, 0 papers\n")
    assert told.endswith("everything holds\n")


def test_what_does_not_hold_is_named_and_fails_the_command(own_ledger, monkeypatch, capsys):
    monkeypatch.setattr(
        "cyberweek.launch.replay.reread", lambda dsn, key: Report(faults=["batch 7: its head is wrong"])
    )
    assert main(["replay"]) == 1
    assert capsys.readouterr().err == "batch 7: its head is wrong\n"


def test_arguments_are_refused(capsys):
    assert main(["replay", "everything"]) == 2


def test_without_the_key_of_the_server_it_is_one_sentence(own_ledger, monkeypatch, capsys):
    monkeypatch.delenv("SECRET_KEY")
    assert main(["replay"]) == 1
    assert capsys.readouterr().err.startswith("SECRET_KEY is not set")
