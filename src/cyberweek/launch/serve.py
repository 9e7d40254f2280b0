"""`cyberweek serve`: web and arena in one server, the worker beside it; or one of them alone."""

from __future__ import annotations

import http.client
import os
import resource
import socket
import sys
import time
from contextlib import closing
from typing import Final

from .environment import prepared
from .failures import CannotStart
from .processes import Processes, Stopped, stop_on_signals

SECONDS_TO_READY: Final = 30.0
# What one process holds at most: an idle connection of a browser counts like a busy one, and so does a listener.
CONNECTIONS: Final = 32_768
REQUEST_BUFFER: Final = 32_768  # bytes; a body is read in pieces, so this bounds the headers
USAGE: Final = """\
cyberweek serve                  web (pages and arena) and worker
cyberweek serve --only web       pages, static files and an arena, no worker
cyberweek serve --only arena     the contest alone, as fast as it goes
cyberweek serve --only worker    background jobs alone
HOST, PORT and the rest come from the environment.
"""
ARENA_ALONE: Final = frozenset({"arena"})
WORKER_ALONE: Final = frozenset({"worker"})


def serve(arguments: list[str]) -> int:
    """Serve until a signal comes. The database must be migrated already."""
    parts = _asked_parts(arguments)
    if parts is None:
        sys.stderr.write(USAGE)
        return 2
    stop_on_signals()
    processes = Processes()
    try:
        with prepared() as database:
            if parts != WORKER_ALONE:
                refuse_taken_port()
            if parts != ARENA_ALONE:  # the arena knows no Django, and starts without its database too
                set_up_django()
                _refuse_unmigrated()
            if "web" in parts:
                collect_static_files()
            try:
                start_server(processes, parts)
                if parts == WORKER_ALONE:
                    processes.look()
                    sys.stdout.write("ready  worker\n")
                else:
                    wait_until_ready(processes, "/healthz" if parts == ARENA_ALONE else "/readyz")
                    sys.stdout.write(f"ready  {address()}\n")
                sys.stdout.flush()
                processes.watch(database)
            finally:
                processes.stop()
    except Stopped:
        pass
    return 0


def _asked_parts(arguments: list[str]) -> frozenset[str] | None:
    """What to serve: by default the web, which has an arena in it, and the worker. None where the words are unknown."""
    if not arguments:
        return frozenset({"web", "worker"})
    if len(arguments) == 2 and arguments[0] == "--only" and arguments[1] in {"web", "arena", "worker"}:
        return frozenset({arguments[1]})
    return None


def host_and_port() -> tuple[str, int]:
    """HOST and PORT. Raises CannotStart for what is no port."""
    port = os.environ.get("PORT", "").strip() or "8000"
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise CannotStart(f"PORT must be a number from 1 to 65535, not {port!r}.")
    return os.environ.get("HOST", "").strip() or "127.0.0.1", int(port)


def address() -> str:
    """Where a browser on this machine finds the server."""
    host, port = host_and_port()
    return f"http://{host if host not in {'0.0.0.0', '::'} else '127.0.0.1'}:{port}/"  # noqa: S104 -- compared, not bound


def refuse_taken_port() -> None:
    """Raise CannotStart when something listens on HOST:PORT already, before anything is started."""
    host, port = host_and_port()
    with closing(socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise CannotStart(
                f"Cannot listen on {host}:{port}: {problem.strerror}. End what uses it, or set PORT to another number."
            ) from None


def start_server(processes: Processes, parts: frozenset[str] = frozenset({"web", "worker"})) -> None:
    """Start what is asked for: Granian with pages, arena and static files, or with the arena alone; the worker."""
    if "web" in parts:
        from django.conf import settings  # noqa: PLC0415 -- settings need the prepared environment

        static = ("--static-path-route", "/static", "--static-path-mount", str(settings.STATIC_ROOT))
        processes.start("web", *_granian(), *static, "cyberweek.asgi:application")
    if "arena" in parts:
        host, port = host_and_port()
        processes.start("arena", "cyberweek.arena", "--host", host, "--port", str(port), "--workers", _workers())
    if "worker" in parts:
        processes.start("worker", "cyberweek", "manage", "procrastinate", "worker")


def _workers() -> str:
    return os.environ.get("WORKERS", "").strip() or "1"


def _granian() -> tuple[str, ...]:
    host, port = host_and_port()
    open_files = _raise_open_files()
    return (
        "granian", "--interface", "asgi", "--no-ws", "--loop", "uvloop", "--host", host, "--port", str(port),
        "--workers", _workers(), "--backlog", "4096", "--respawn-failed-workers",
        "--backpressure", str(min(CONNECTIONS, open_files - 200)), "--http1-buffer-size", str(REQUEST_BUFFER),
        "--http1-header-read-timeout", "15000", "--workers-kill-timeout", "3", "--log-level", "warning",
    )  # fmt: skip


def _raise_open_files() -> int:
    """As many files as the system lets us open, connections among them; the soft limit is often 1024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + 1024 if hard == resource.RLIM_INFINITY else min(hard, CONNECTIONS + 1024)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return wanted


def wait_until_ready(processes: Processes, path: str = "/readyz") -> None:
    """Wait for `path` to answer 200. Raises CannotStart after 30 s, or when a process ends."""
    host, port = host_and_port()
    deadline = time.monotonic() + SECONDS_TO_READY
    while time.monotonic() < deadline:
        processes.look()
        try:
            with closing(http.client.HTTPConnection(host, port, timeout=2)) as connection:
                connection.request("GET", path)
                if connection.getresponse().status == 200:
                    return
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.1)
    raise CannotStart(f"The server did not become ready within {SECONDS_TO_READY:.0f} s; see its messages above.")


def collect_static_files() -> None:
    """Gather static files under DATA_DIR/static, with names that carry their content's hash."""
    from django.core.management import call_command  # noqa: PLC0415 -- settings need the prepared environment

    call_command("collectstatic", interactive=False, verbosity=0)


def set_up_django() -> None:
    import django  # noqa: PLC0415 -- settings need the prepared environment

    django.setup()


def _refuse_unmigrated() -> None:
    from django.db import OperationalError, connection  # noqa: PLC0415 -- settings need the prepared environment
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415 -- as above

    try:
        executor = MigrationExecutor(connection)
    except OperationalError as problem:
        raise CannotStart(f"The database does not answer: {str(problem).strip()}") from None
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    connection.close()
    if waiting:
        raise CannotStart(f"The database lacks {len(waiting)} migrations: run `cyberweek manage migrate` first.")
