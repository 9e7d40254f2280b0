"""The embedded PostgreSQL starts from nothing, recovers from a kill, and never touches what it does not know."""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from cyberweek.launch.failures import CannotStart
from cyberweek.launch.postgres import EmbeddedPostgres


@contextmanager
def running(folder):
    server = EmbeddedPostgres(folder)
    try:
        yield server, server.start()
    finally:
        server.stop()


def test_it_starts_from_nothing_and_keeps_what_was_committed_through_a_kill(tmp_path):
    folder = tmp_path / "postgres"
    with running(folder) as (server, url):
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept (n int)")
            connection.execute("INSERT INTO kept VALUES (7)")
        pid = int((folder / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, signal.SIGKILL)
        server.started_here = False
    with running(folder) as (_server, url), psycopg.connect(url) as connection:
        assert connection.execute("SELECT n FROM kept").fetchall() == [(7,)]


def test_it_is_started_again_when_it_was_killed(tmp_path, capfd):
    folder = tmp_path / "postgres"
    with running(folder) as (server, url):
        server.look()
        assert capfd.readouterr().err == ""
        os.kill(int((folder / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)
        deadline = time.monotonic() + 90
        while "runs again" not in capfd.readouterr().err:  # its children may live a moment longer, and hold the memory
            assert time.monotonic() < deadline
            server.look()
            time.sleep(0.1)
        with psycopg.connect(url) as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_what_a_killed_one_left_behind_is_waited_for(tmp_path):
    """A child that is slow to notice holds the memory: to start again at once must not fail for that."""
    folder = tmp_path / "postgres"
    with running(folder) as (server, _url):
        pid = int((folder / "postmaster.pid").read_text().split()[0])
        child = int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])
        os.kill(child, signal.SIGSTOP)
        os.kill(pid, signal.SIGKILL)
        server.started_here = False
    later = threading.Timer(2, os.kill, (child, signal.SIGCONT))
    later.start()
    with running(folder) as (_server, url), psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        assert "is still in use" in (folder / "server.log").read_text()
    later.join()


def test_settings_that_cannot_be_written_whole_are_left_as_they_are(tmp_path):
    folder = tmp_path / "postgres"
    with running(folder):
        pass
    conf = folder / "cyberweek.conf"
    conf.write_text("work_mem = '1MB'\n")
    (folder / "cyberweek.conf.new").mkdir()
    with pytest.raises(CannotStart, match="Cannot write"):
        EmbeddedPostgres(folder).start()
    assert conf.read_text() == "work_mem = '1MB'\n"


def test_a_second_one_uses_the_server_that_runs_and_leaves_it_running(tmp_path):
    with running(tmp_path / "postgres") as (_first, url):
        second = EmbeddedPostgres(tmp_path / "postgres")
        assert second.start() == url
        second.stop()
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_folder_of_other_things_is_left_alone(tmp_path):
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "diary.txt").write_text("dear diary")
    with pytest.raises(CannotStart, match="no whole PostgreSQL data folder"):
        EmbeddedPostgres(tmp_path / "postgres").start()
    assert (tmp_path / "postgres" / "diary.txt").read_text() == "dear diary"


def test_a_folder_of_another_version_is_refused(tmp_path):
    folder = tmp_path / "postgres"
    (folder / "global").mkdir(parents=True)
    (folder / "global" / "pg_control").touch()
    (folder / "PG_VERSION").write_text("16\n")
    with pytest.raises(CannotStart, match="was made by PostgreSQL 16"):
        EmbeddedPostgres(folder).start()


def test_a_path_that_is_a_file_is_told_in_a_sentence(tmp_path):
    (tmp_path / "postgres").write_text("a file")
    with pytest.raises(CannotStart, match="Cannot write to"):
        EmbeddedPostgres(tmp_path / "postgres").start()


def test_a_long_path_gets_a_short_socket(tmp_path):
    deep = tmp_path / ("d" * 60) / ("e" * 60) / "postgres"
    with running(deep) as (_server, url), psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
