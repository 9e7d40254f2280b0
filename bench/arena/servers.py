"""Arena processes as they are run in earnest, and what their threads and PostgreSQL's backends cost."""

import os
import resource
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import psycopg
from bench.arena.ground import SECRET, Ground


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# Of this run, its clients included, who are processes of their own. A port that is always the same would be shared with
# another bench of the machine without a word (SO_REUSEPORT), and the clients with it.
PORT: Final = int(os.environ.setdefault("CYBERWEEK_BENCH_PORT", str(free_port())))
SECONDS_TO_READY: Final = 120
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


@contextmanager
def arena(ground: Ground, *, workers: int = 1, core: int | None = None) -> Iterator[Sequence[int]]:
    """The arena alone in its server, on PORT; what is given are the ids of the processes that answer."""
    environment = {**os.environ, "DATABASE_URL": ground.url, "SECRET_KEY": SECRET}
    command = ["cyberweek.arena", "--port", str(PORT), "--workers", str(workers)]
    with running(command, environment, core) as process:
        yield children(process.pid) or [process.pid]


@contextmanager
def website(ground: Ground, *, core: int | None = None) -> Iterator[None]:
    """The whole of it as `cyberweek serve` runs it, on PORT: pages, arena, static files, worker."""
    environment = {
        **os.environ,
        "DATABASE_URL": ground.url,
        "SECRET_KEY": SECRET,
        "DATA_DIR": str(ground.folder / "web"),
        "PORT": str(PORT),
    }
    with running(["cyberweek", "serve"], environment, core):
        yield


@contextmanager
def running(
    module: Sequence[str], environment: dict[str, str], core: int | None
) -> Iterator["subprocess.Popen[bytes]"]:
    """`python -m MODULE …`, held to one core if told so, once it is ready; ended by SIGTERM."""
    ours = os.sched_getaffinity(0)
    os.sched_setaffinity(0, ours if core is None else {core})  # what a process starts has its cores
    process = subprocess.Popen([sys.executable, "-m", *module], env=environment, stdout=subprocess.DEVNULL)
    os.sched_setaffinity(0, ours)
    try:
        wait_until_ready(process)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def wait_until_ready(process: "subprocess.Popen[bytes]", port: int = PORT) -> None:
    until = time.monotonic() + SECONDS_TO_READY
    while time.monotonic() < until:
        if process.poll() is not None:
            sys.exit("the server ended by itself; see above")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2).read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit("the server does not become ready")


@contextmanager
def held_to(share: float, pids: Sequence[int]) -> Iterator[bool]:
    """Each process may use this share of a core, by the kernel's own quota; false where we may not set one."""
    root = Path("/sys/fs/cgroup")
    old = (root / "cpu").is_dir()
    groups = [(root / "cpu" if old else root) / f"cyberweek-bench-{pid}" for pid in pids]
    period = 10_000
    try:
        for group, pid in zip(groups, pids, strict=True):
            group.mkdir()
            if old:
                (group / "cpu.cfs_period_us").write_text(str(period), encoding="ascii")
                (group / "cpu.cfs_quota_us").write_text(str(int(share * period)), encoding="ascii")
            else:
                (group / "cpu.max").write_text(f"{int(share * period)} {period}", encoding="ascii")
            (group / "cgroup.procs").write_text(str(pid), encoding="ascii")
        allowed = True
    except OSError:
        allowed = False
    try:
        yield allowed
    finally:
        for group, pid in zip(groups, pids, strict=True):
            with suppress(OSError):
                (group.parent / "cgroup.procs").write_text(str(pid), encoding="ascii")
            with suppress(OSError):
                group.rmdir()


def children(pid: int) -> Sequence[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [int(child) for child in found]


def resident_bytes(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * _PAGE


class Meter:
    """Processor seconds between two readings: the arena's threads, PostgreSQL's backends, and the load."""

    def __init__(self, ground: Ground, pids: Sequence[int] = ()) -> None:
        self._ground = ground
        self._pids = pids
        self._before = self._read()

    def spent(self) -> Counter[str]:
        after = self._read()
        return Counter({name: seconds - self._before.get(name, 0) for name, seconds in after.items()})

    def _read(self) -> Counter[str]:
        load = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = Counter({"load": load.ru_utime + load.ru_stime})
        for pid in self._pids:
            for task in Path(f"/proc/{pid}/task").iterdir():
                main = int(task.name) == pid
                spent["arena, Python" if main else "arena, server's threads"] += _seconds(task)
        postmaster = int((self._ground.server.folder / "postmaster.pid").read_text(encoding="ascii").split()[0])
        names = _backends(self._ground.url)
        for pid in children(postmaster):
            spent[f"PostgreSQL, {names.get(pid, 'others')}"] += _seconds(Path(f"/proc/{pid}"))
        spent["PostgreSQL, ended"] += _seconds(Path(f"/proc/{postmaster}"), reaped=True)
        return spent


def _backends(url: str) -> dict[int, str]:
    query = "SELECT pid, application_name FROM pg_stat_activity WHERE application_name LIKE 'arena %'"
    with psycopg.connect(url) as connection:
        return {pid: name.removeprefix("arena ") for pid, name in connection.execute(query).fetchall()}


def _seconds(process: Path, *, reaped: bool = False) -> float:
    """User and system time; with `reaped` that of children who have ended, too."""
    try:
        fields = (process / "stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:  # it has just ended
        return 0.0
    return sum(int(ticks) for ticks in fields[11 : 15 if reaped else 13]) / _TICKS
