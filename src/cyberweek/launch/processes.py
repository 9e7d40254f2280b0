"""Child processes that live and die with this one."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType
from typing import Final, Protocol

from .failures import CannotStart

PR_SET_PDEATHSIG: Final = 1
SECONDS_TO_STOP: Final = 5.0
LONGEST_PAUSE: Final = 30.0
SECONDS_OF_HEALTH: Final = 60.0
_LIBC: Final = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def _die_with_parent() -> None:
    """In the child: even `kill -9` of the parent leaves nothing behind (Linux)."""
    if _LIBC:
        _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Stopped(Exception):  # noqa: N818 -- an event, not an error
    """SIGINT or SIGTERM came."""


class Watched(Protocol):
    """What looks after itself when it is asked to, twice a second."""

    def look(self) -> None: ...


@dataclass
class _Record:
    """How a process is started again, and when."""

    command: tuple[str, ...]
    environment: dict[str, str]
    started: float = 0.0
    failures: int = 0
    not_before: float = 0.0


@dataclass
class Processes:
    """A set of named processes. Before all is ready the first that ends ends the whole; later it is started again."""

    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    optional: set[str] = field(default_factory=set)  # these may end by themselves
    _records: dict[str, _Record] = field(default_factory=dict)

    def start(self, name: str, *command: str, needed: bool = True, **environment: str) -> None:
        """Start `python -m COMMAND…` in a session of its own, so that a terminal's Ctrl-C reaches only us."""
        self._records[name] = _Record(command, environment)
        self._start(name)
        if not needed:
            self.optional.add(name)

    def _start(self, name: str) -> None:
        record = self._records[name]
        record.started = time.monotonic()
        self.running[name] = subprocess.Popen(  # noqa: S603 -- our own commands
            [sys.executable, "-m", *record.command],
            env={**os.environ, **record.environment},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 -- set before any thread exists here; a C call alone
        )

    def watch(self, beside: Watched | None = None) -> None:
        """Wait until a signal comes; meanwhile a needed process that ends is started again, and `beside` is looked at."""
        try:
            while True:
                if beside is not None:
                    beside.look()
                for name in self._records.keys() - self.optional:
                    self._revive(name)
                time.sleep(0.5)
        except Stopped:
            return

    def _revive(self, name: str) -> None:
        """After 1 s, and twice as long with every failure; a minute of health is forgiven all."""
        code, record, now = self.running[name].poll(), self._records[name], time.monotonic()
        if code is None or now < record.not_before:
            return
        if not record.not_before:
            with suppress(ProcessLookupError):  # what it leaves behind would hold its port
                os.killpg(self.running[name].pid, signal.SIGKILL)
            record.failures = 0 if now - record.started > SECONDS_OF_HEALTH else record.failures + 1
            pause = min(LONGEST_PAUSE, 2.0 ** max(0, record.failures - 1))
            record.not_before = now + pause
            sys.stderr.write(
                f"The {name} process ended by itself (exit status {code}); it is started again in {pause:.0f} s.\n"
            )
            return
        record.not_before = 0.0
        self._start(name)

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
