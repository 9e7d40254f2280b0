"""A client that asks at a fixed rate, whatever the answers do: what wrk2 does, which Debian does not ship.

Request n is due at n / rate, and its latency runs from when it was due, not from when a connection was free to send it:
a server that stalls for a second delays all that fell due in that second, and all of them are counted so (no
"coordinated omission"). It runs in a process of its own.
"""

import argparse
import gc
import json
import select
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from typing import Final, NamedTuple

from bench.arena.noop import noop
from bench.arena.servers import PORT

CONNECTIONS: Final = 256
CONTROL_RATE: Final = 100
"""A second."""
WARM_SECONDS: Final = 2
"""At half the rate, not counted: processes, connections and caches of both sides come to be."""
LENGTH: Final = b"content-length: "


class Paced(NamedTuple):
    rate: float
    p50: float
    """Milliseconds, as are p99 and the worst."""
    p99: float
    worst: float
    failed: int

    def __str__(self) -> str:
        return f"{self.p99:.1f} ms (half {self.p50:.1f}, worst {self.worst:.0f})"


def paced(
    kind: str, feed: Path, rate: float, seconds: int, connections: int = CONNECTIONS, port: int = PORT
) -> "subprocess.Popen[str]":
    """Starts the client; `result` waits for it."""
    options = [kind, str(feed), str(rate), str(seconds), str(connections), str(port)]
    return subprocess.Popen([sys.executable, "-m", "bench.arena.paced", *options], stdout=subprocess.PIPE, text=True)


@contextmanager
def controls(folder: Path, seconds: int) -> Iterator["dict[str, subprocess.Popen[str]]"]:
    """Clients that ask for next to nothing while others are measured: a fixed answer of the arena, and of a server that
    does nothing else. What they wait is the event loop's share, and the machine's.
    """
    feed = folder / "control"
    feed.write_text("/healthz\t", encoding="utf-8")
    with noop() as port:
        yield {
            "a fixed answer of the arena": paced("read", feed, CONTROL_RATE, seconds, 8),
            "a server that does nothing": paced("read", feed, CONTROL_RATE, seconds, 8, port),
        }


def result(client: "subprocess.Popen[str]") -> Paced:
    printed, _ = client.communicate()
    if client.returncode:
        sys.exit("the paced client failed; see above")
    return Paced(*json.loads(printed))


def as_submit(line: str) -> bytes:
    attempt, _, body = line.partition("\t")
    head = f"POST /arena/v1/attempts/{attempt}/submit HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()


def as_read(line: str) -> bytes:
    """Of "<path>\\t<passport or nothing>"."""
    path, _, passport = line.partition("\t")
    authorization = f"Authorization: Bearer {passport}\r\n" if passport else ""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{authorization}\r\n".encode()


KINDS: Final[dict[str, Callable[[str], bytes]]] = {"submit": as_submit, "read": as_read}


class Client:
    def __init__(self, requests: Sequence[bytes], connections: int, port: int) -> None:
        self._port = port
        self._requests = cycle(requests)
        self._epoll = select.epoll()
        self._lines = dict(self._connect() for _ in range(connections))
        self._free = list(self._lines)
        self._due: dict[int, float] = {}
        self._held: dict[int, bytes] = {}
        self._buffer = bytearray(1 << 16)
        self.latencies: list[float] = []
        self.failed = 0

    def run(self, rate: float, seconds: int) -> float:
        """Asks, and waits for all answers; the seconds that it took. `latencies` and `failed` tell of this run."""
        self.latencies, self.failed = [], 0
        gap, total = 1 / rate, int(rate * seconds)
        began = time.perf_counter()
        scheduled, waiting = 0, deque[float]()
        while len(self.latencies) < total:
            now = time.perf_counter()
            while scheduled < total and (due := began + scheduled * gap) <= now:
                waiting.append(due)
                scheduled += 1
            while waiting and self._free:
                number = self._free.pop()
                self._due[number] = waiting.popleft()
                self._lines[number].send(next(self._requests))
            pause = due - time.perf_counter() if scheduled < total else 1.0
            for number, _ in self._epoll.poll(max(0.0, pause)):
                self._receive(number)
        return time.perf_counter() - began

    def _receive(self, number: int) -> None:
        got = self._lines[number].recv_into(self._buffer)
        if not got:
            sys.exit("the server hung up")
        data: bytes | bytearray = self._buffer
        if number in self._held:
            data = self._held.pop(number) + data[:got]
            got = len(data)
        length = data.find(LENGTH, 0, got) + len(LENGTH)
        body = data.find(b"\r\n\r\n", length, got) + 4
        if length < len(LENGTH) or body < 4 or got < body + int(data[length : data.index(b"\r", length)]):
            self._held[number] = bytes(data[:got])
            return
        self.latencies.append(time.perf_counter() - self._due.pop(number))
        self.failed += data[9:12] != b"200"
        self._free.append(number)

    def _connect(self) -> tuple[int, socket.socket]:
        line = socket.create_connection(("127.0.0.1", self._port))
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._epoll.register(line, select.EPOLLIN)
        return line.fileno(), line


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("feed", type=Path)
    parser.add_argument("rate", type=float)
    parser.add_argument("seconds", type=int)
    parser.add_argument("connections", type=int)
    parser.add_argument("port", type=int)
    options = parser.parse_args()
    requests = [KINDS[options.kind](line) for line in options.feed.read_text(encoding="utf-8").splitlines()]
    gc.disable()
    client = Client(requests, options.connections, options.port)
    client.run(options.rate / 2, WARM_SECONDS)
    gc.collect()
    seconds = client.run(options.rate, options.seconds)
    ordered = sorted(latency * 1000 for latency in client.latencies)
    p50, p99 = (ordered[int(len(ordered) * share)] for share in (0.5, 0.99))
    print(json.dumps([len(ordered) / seconds, p50, p99, ordered[-1], client.failed]))


if __name__ == "__main__":
    main()
