"""Arenas in real servers, each a process of its own."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager, suppress

from tests.arena.conftest import ROOT, SECRET
from tests.factories.ports import free_port

GRANIAN = ["--loop", "uvloop", "--no-ws", "--log-level", "error"]
COMMANDS = {
    "own": ["cyberweek.arena"],
    "asgi": ["granian", "cyberweek.arena.asgi:app", "--interface", "asgi", *GRANIAN],
    "hasty own": ["tests.arena.hasty"],
    "hasty asgi": ["granian", "tests.arena.hasty:app", "--interface", "asgi", *GRANIAN],
}


@contextmanager
def served(database, server="own"):
    """A server's base URL and process; it is killed with its worker when the block ends."""
    port = free_port()
    environment = {**os.environ, "DATABASE_URL": database, "SECRET_KEY": SECRET, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    environment["PROOF_WORK"] = "2"
    command = [sys.executable, "-m", *COMMANDS[server], "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, cwd=ROOT, start_new_session=True)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_alive(url, process)
        yield url, process
    finally:
        kill(process)


def kill(process):
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_until_alive(url, process):
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server has ended"
        try:
            urllib.request.urlopen(f"{url}/healthz", timeout=30).read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server does not answer")
