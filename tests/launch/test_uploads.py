"""Two gigabytes against the real server: it answers, and neither its memory nor the disk grows."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from cyberweek.launch.serve import _granian
from tests.factories.ports import free_port
from tests.launch.test_demo import PATIENCE

GIGABYTES = 2 * 1024**3
PIECE = bytes(1024 * 1024)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The web as `cyberweek serve` starts it, without a database, and a folder that shows what it writes."""
    folder, port = tmp_path_factory.mktemp("uploads"), free_port()
    (folder / "spool").mkdir()
    environment = {
        **os.environ,
        "DATABASE_URL": f"postgresql://nobody@127.0.0.1:{free_port()}/nothing",
        "DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "cyberweek.settings",
        "SECRET_KEY": "x" * 50,
        "TMPDIR": str(folder / "spool"),
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOST", "127.0.0.1")
        patch.setenv("PORT", str(port))
        words = _granian()
    process = subprocess.Popen([sys.executable, "-m", *words, "cyberweek.asgi:application"], env=environment)
    try:
        wait_for(port)
        yield process.pid, port, folder / "spool"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)


def wait_for(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, http.client.HTTPException), closing(line_to(port)) as line:
            line.request("GET", "/healthz")
            if line.getresponse().status == 200:
                return
        time.sleep(0.2)
    raise AssertionError("the server did not start")


def line_to(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)


def family_of(pid: int) -> list[int]:
    """The process and its children."""
    found = [pid]
    for folder in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if folder.name.isdigit() and f"\nPPid:\t{pid}\n" in (folder / "status").read_text():
                found += family_of(int(folder.name))
    return found


def memory_of(pid: int) -> int:
    """The most that the process and its children ever held, in bytes."""
    told = [Path(f"/proc/{one}/status").read_text() for one in family_of(pid)]
    return sum(int(re.search(r"VmHWM:\s+(\d+)", text)[1]) * 1024 for text in told)


def upload(port: int, *, chunked: bool) -> tuple[int, bytes, int]:
    """Send without end, until the server has had enough: the answer's status and body, and how much was sent."""
    length = b"transfer-encoding: chunked" if chunked else b"content-length: %d" % GIGABYTES
    sent = 0
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
        line.sendall(
            b"POST /sign-in/ HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: application/json\r\n" + length + b"\r\n\r\n"
        )
        try:
            while sent < GIGABYTES:
                line.sendall(b"%x\r\n%b\r\n" % (len(PIECE), PIECE) if chunked else PIECE)
                sent += len(PIECE)
        except (BrokenPipeError, ConnectionResetError):
            pass
        answer = http.client.HTTPResponse(line)
        answer.begin()
        return answer.status, answer.read(), sent


@pytest.mark.parametrize("chunked", [False, True])
def test_two_gigabytes_are_refused_with_flat_memory_and_disk(server, chunked):
    pid, port, spool = server
    before = memory_of(pid)
    status, body, sent = upload(port, chunked=chunked)
    assert status == 413
    assert json.loads(body)["detail"] == "A request has at most 25 MB."
    assert sent < 200 * 1024**2
    assert memory_of(pid) - before < 60 * 1024**2
    assert sum(file.stat().st_size for file in spool.rglob("*") if file.is_file()) == 0
    held = [str(link.readlink()) for one in family_of(pid) for link in Path(f"/proc/{one}/fd").iterdir()]
    assert not [name for name in held if str(spool) in name]  # nor of a file that is deleted and still open
    wait_for(port)


def test_an_honest_client_reads_the_page(server):
    _pid, port, _spool = server
    with closing(line_to(port)) as line:
        line.request("POST", "/sign-in/", body=bytes(30 * 1024**2), headers={"Accept": "text/html"})
        answer = line.getresponse()
        page = answer.read().decode()
    assert answer.status == 413
    assert "Too much at once" in page
    assert "一次发送的内容太大" in page
