"""What `serve` has started it also starts again."""

from __future__ import annotations

import os
import signal
import time

import pytest

from cyberweek.launch.failures import CannotStart
from cyberweek.launch.processes import Processes, Stopped


class Meddler:
    """Looked at twice a second like PostgreSQL; kills the process once, and stops the watch when another one runs."""

    def __init__(self, processes: Processes, name: str) -> None:
        self._processes = processes
        self._name = name
        self._first = processes.running[name].pid
        self._patience = time.monotonic() + 90

    def look(self) -> None:
        now = self._processes.running[self._name]
        if now.pid != self._first:
            raise Stopped
        if now.poll() is None:
            os.kill(self._first, signal.SIGKILL)
        assert time.monotonic() < self._patience, "it is not started again"


def test_a_process_that_is_killed_is_started_again(capfd):
    processes = Processes()
    try:
        processes.start("sleeper", "http.server", "0", "--bind", "127.0.0.1")
        processes.watch(Meddler(processes, "sleeper"))
        assert processes.running["sleeper"].poll() is None
    finally:
        processes.stop()
    assert "sleeper process ended by itself (exit status -9)" in capfd.readouterr().err


def test_before_all_is_ready_the_first_that_ends_ends_the_whole():
    processes = Processes()
    try:
        processes.start("nothing", "no_such_module")
        processes.running["nothing"].wait(90)
        with pytest.raises(CannotStart, match="nothing process ended by itself"):
            processes.look()
    finally:
        processes.stop()
