"""The arena in a server of its own: `python -m cyberweek.arena [--host H] [--port P] [--workers N]`.

Every process listens on the same port by itself (SO_REUSEPORT) and the kernel deals out the connections. With more than
one, this process only watches over the others: one that ends by itself is started again a second later.
"""

import argparse
import asyncio
import logging
import os
import resource
import signal
import socket
import sys
import time
from typing import Final

import uvloop

from cyberweek.arena.app import Arena
from cyberweek.arena.clock import Clock
from cyberweek.arena.config import Config
from cyberweek.arena.http1 import Server

BACKLOG: Final = 4096
SECONDS_TO_FINISH: Final = 5.0
_RESTART_SECONDS: Final = 1.0


def main(config: Config | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m cyberweek.arena", description="The contest's API, alone.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    allow_files()
    config = config or Config.from_environment()
    with listen(options.host, options.port):  # says at once if the port is taken, and holds it for the workers
        if options.workers == 1:
            work(config, options.host, options.port)
        else:
            watch(config, options.host, options.port, options.workers)


def allow_files() -> None:
    """As many connections as the system lets us have; the usual limit of 1,024 is for programs, not for servers."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to this address, not yet listening; other sockets of ours may be bound to it too."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    line = socket.socket(family, socket.SOCK_STREAM)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        line.bind((host, port))
    except OSError as error:
        sys.exit(f"cannot listen on {host}:{port}: {error.strerror}")
    return line


def work(config: Config, host: str, port: int) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(config, listen(host, port)))


async def serve(config: Config, line: socket.socket) -> None:
    """Until SIGTERM or SIGINT: then what is under way is answered, what waits for the ledger is written."""
    loop = asyncio.get_running_loop()
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    arena = Arena(config, Clock())
    await arena.start()
    server = Server(arena)
    listener = await loop.create_server(server.connect, sock=line, backlog=BACKLOG)
    sweeper = asyncio.create_task(server.sweep())
    await told.wait()
    listener.close()
    await server.drain(SECONDS_TO_FINISH)
    sweeper.cancel()
    await arena.stop()


def watch(config: Config, host: str, port: int, workers: int) -> None:
    stopping = False

    def stop(number: int, _frame: object) -> None:
        nonlocal stopping
        stopping = True
        for pid in pids:
            os.kill(pid, number)

    pids: set[int] = {start_worker(config, host, port) for _ in range(workers)}
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while pids:
        pid, status = os.wait()
        pids.discard(pid)
        if not stopping:
            sys.stderr.write(f"an arena process ended by itself (status {status}); another one is started\n")
            time.sleep(_RESTART_SECONDS)
            pids.add(start_worker(config, host, port))


def start_worker(config: Config, host: str, port: int) -> int:
    """The new process's id."""
    pid = os.fork()
    if pid:
        return pid
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    code = 1
    try:
        work(config, host, port)
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
