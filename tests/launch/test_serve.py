"""`cyberweek serve` for one part alone; the whole of it is tried by test_demo and by `make failover`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.factories.ports import free_port
from tests.launch.test_demo import PATIENCE


def serve(folder: Path, *words: str, **more: str) -> subprocess.Popen[str]:
    kept = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    environment = {**kept, "DATA_DIR": str(folder), "SECRET_KEY": "x" * 50, **more}
    command = [sys.executable, "-m", "cyberweek", "serve", *words]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("words", [("--only",), ("--only", "database"), ("web",)])
def test_a_part_that_there_is_not_is_told(tmp_path, words):
    process = serve(tmp_path, *words)
    assert "--only web" in process.communicate(timeout=PATIENCE)[1]
    assert process.returncode == 2


def test_an_arena_alone_serves_before_its_database_is_there(tmp_path):
    port = free_port()
    nowhere = f"postgresql://nobody@127.0.0.1:{free_port()}/nothing"
    process = serve(tmp_path, "--only", "arena", DATABASE_URL=nowhere, PORT=str(port))
    try:
        assert process.stdout.readline() == f"ready  http://127.0.0.1:{port}/\n"
        assert urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=PATIENCE).status == 200
        with pytest.raises(urllib.error.HTTPError, match="503"):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=PATIENCE)
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE)
    assert process.returncode == 0


def test_a_web_without_its_database_says_so_in_one_sentence(tmp_path):
    nowhere = f"postgresql://nobody@127.0.0.1:{free_port()}/nothing"
    process = serve(tmp_path, "--only", "web", DATABASE_URL=nowhere, PORT=str(free_port()))
    assert "The database does not answer" in process.communicate(timeout=PATIENCE)[1]
    assert process.returncode == 1
