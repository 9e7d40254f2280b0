"""Child processes that live and die with this one."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from types import FrameType
from typing import Final

from .failures import CannotStart

PR_SET_PDEATHSIG: Final = 1
SECONDS_TO_STOP: Final = 5.0
_LIBC: Final = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def _die_with_parent() -> None:
    """In the child: even `kill -9` of the parent leaves nothing behind (Linux)."""
    if _LIBC:
        _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Stopped(Exception):  # noqa: N818 -- an event, not an error
    """SIGINT or SIGTERM came."""


@dataclass
class Processes:
    """A set of named processes; the first that ends by itself ends the whole."""

    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    optional: set[str] = field(default_factory=set)  # these may end by themselves

    def start(self, name: str, *command: str, needed: bool = True, **environment: str) -> None:
        """Start `python -m COMMAND…` in a session of its own, so that a terminal's Ctrl-C reaches only us."""
        self.running[name] = subprocess.Popen(  # noqa: S603 -- our own commands
            [sys.executable, "-m", *command],
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 -- set before any thread exists here; a C call alone
        )
        if not needed:
            self.optional.add(name)

    def watch(self) -> None:
        """Wait until a signal comes (returns) or a needed process ends (raises CannotStart)."""
        try:
            while True:
                self.look()
                time.sleep(0.5)
        except Stopped:
            return

    def look(self) -> None:
        """Raise CannotStart when a needed process has ended."""
        for name, process in self.running.items():
            code = process.poll()
            if code is not None and name not in self.optional:
                raise CannotStart(f"The {name} process ended by itself (exit status {code}); see its messages above.")

    def stop(self) -> None:
        """End every process: politely, and after 5 s by force."""
        for process in self.running.values():
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + SECONDS_TO_STOP
        for process in self.running.values():
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.running.clear()


def stop_on_signals() -> None:
    """From now on SIGINT and SIGTERM raise Stopped, once; a second one while stopping is ignored."""

    def handler(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise Stopped

    signal.signal(signal.SIGINT, handler)
    signal.signal(signal.SIGTERM, handler)
