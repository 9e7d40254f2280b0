"""The main job, as a newcomer does it: start, look, stop, start again, kill, start again."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from tests.factories.ports import free_port

PATIENCE = 90
"""Seconds: a laden machine is slow, not wrong."""


def environment(folder: Path, port: int, **more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "SECRET_KEY", "DJANGO_SETTINGS_MODULE"}}
    return {**kept, "DATA_DIR": str(folder), "PORT": str(port), "CROWD": "0", **more}


def processes_of(folder: Path) -> list[int]:
    """Processes that work on the data folder: by command line or by environment."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            words = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            state = (entry / "stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            continue
        if str(folder).encode() in words and state != "Z":
            found.append(int(entry.name))
    return found


def wait_until_gone(folder: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while left := processes_of(folder):
        assert time.monotonic() < deadline, left
        time.sleep(0.1)


@contextmanager
def demo(folder: Path, port: int, **more: str):
    with (folder.parent / "demo.log").open("w+") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "cyberweek", "demo"], env=environment(folder, port, **more), stdout=log, stderr=log
        )
        try:
            yield process, (folder.parent / "demo.log").read_text
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(PATIENCE)


def wait_for_ready(process: subprocess.Popen, said) -> str:
    deadline = time.monotonic() + 3 * PATIENCE
    while time.monotonic() < deadline:
        if re.search(r"^ready ", said(), re.MULTILINE):
            return said()
        assert process.poll() is None, said()
        time.sleep(0.2)
    raise AssertionError(said())


def fetch(port: int, path: str, language: str = "en") -> str:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Accept-Language": language})
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        assert answer.status == 200
        return answer.read().decode()


def test_the_demo_from_nothing_to_a_second_life(tmp_path):
    folder, port = tmp_path / "var", free_port()
    with demo(folder, port) as (process, said):
        told = wait_for_ready(process, said)
        assert told.splitlines()[-1].startswith("ready")
        assert "Cybersecurity Week" in fetch(port, "/")
        assert "网络安全" in fetch(port, "/", "zh-CN")
        for path in ("/2019-national/programme/", "/2019-national/play/", "/wall", "/sign-in/", "/healthz", "/readyz"):
            fetch(port, path)
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    wait_until_gone(folder)

    with demo(folder, port) as (process, said):
        wait_for_ready(process, said)
        for pid in sorted(processes_of(folder), reverse=True):
            with suppress(ProcessLookupError):  # it went with its parent
                os.kill(pid, signal.SIGKILL)
        process.wait(PATIENCE)

    with demo(folder, port) as (process, said):
        wait_for_ready(process, said)
        assert "A001" in fetch(port, "/2019-national/programme/") or "opening" in fetch(port, "/").lower()


def test_a_port_in_use_is_one_sentence(tmp_path):
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "cyberweek", "demo"], env=environment(tmp_path / "var", port), capture_output=True,
            text=True, timeout=2 * PATIENCE, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.strip() == (
        f"Cannot listen on 127.0.0.1:{port}: Address already in use. End what uses it, or set PORT to another number."
    )
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize("port", ["http", "0", "70000"])
def test_a_port_that_is_no_port_is_one_sentence(tmp_path, port):
    done = subprocess.run(
        [sys.executable, "-m", "cyberweek", "serve"], env={**environment(tmp_path, 1), "PORT": port},
        capture_output=True, text=True, timeout=2 * PATIENCE, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "PORT must be a number" in done.stderr


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "var").write_text("a file where the folder should be")
    done = subprocess.run(
        [sys.executable, "-m", "cyberweek", "demo"], env=environment(tmp_path / "var", free_port()),
        capture_output=True, text=True, timeout=2 * PATIENCE, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("Cannot write to")
    assert len(done.stderr.splitlines()) == 1


def test_a_broken_data_folder_is_one_sentence_and_stays_as_it_was(tmp_path):
    broken = tmp_path / "var" / "postgres"
    broken.mkdir(parents=True)
    (broken / "base").write_text("half of a backup")
    done = subprocess.run(
        [sys.executable, "-m", "cyberweek", "demo"], env=environment(tmp_path / "var", free_port()),
        capture_output=True, text=True, timeout=2 * PATIENCE, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "no whole PostgreSQL data folder" in done.stderr
    assert (broken / "base").read_text() == "half of a backup"
