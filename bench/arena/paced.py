"""A client that asks at a fixed rate, whatever the answers do: what wrk2 does, which Debian does not ship.

Request n is due at n / rate, and its latency runs from when it was due, not from when a connection was free to send it:
a server that stalls for a second delays all that fell due in that second, and all of them are counted so (no
"coordinated omission"). It runs in a process of its own.
"""

import argparse
import json
import selectors
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from itertools import cycle
from pathlib import Path
from typing import Final, NamedTuple

from bench.arena.servers import PORT

CONNECTIONS: Final = 256
_HEAD_END: Final = b"\r\n\r\n"


class Paced(NamedTuple):
    rate: float
    p50: float
    """Milliseconds, as are p99 and the worst."""
    p99: float
    worst: float
    failed: int


def paced(kind: str, feed: Path, rate: float, seconds: int, connections: int = CONNECTIONS) -> "subprocess.Popen[str]":
    """Starts the client; `result` waits for it."""
    command = [sys.executable, "-m", "bench.arena.paced", kind, str(feed), str(rate), str(seconds), str(connections)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


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
    def __init__(self, requests: Sequence[bytes], rate: float, seconds: int, connections: int) -> None:
        self._requests = cycle(requests)
        self._gap = 1 / rate
        self._total = int(rate * seconds)
        self._selector = selectors.EpollSelector()
        self._free = [self._connect() for _ in range(connections)]
        self._due: dict[socket.socket, float] = {}
        self._held: dict[socket.socket, bytes] = {}
        self.latencies: list[float] = []
        self.failed = 0

    def run(self) -> float:
        """Seconds that it took."""
        began = time.perf_counter()
        scheduled, waiting = 0, deque[float]()
        while len(self.latencies) < self._total:
            now = time.perf_counter()
            while scheduled < self._total and began + scheduled * self._gap <= now:
                waiting.append(began + scheduled * self._gap)
                scheduled += 1
            while waiting and self._free:
                line = self._free.pop()
                self._due[line] = waiting.popleft()
                line.send(next(self._requests))
            pause = began + scheduled * self._gap - time.perf_counter() if scheduled < self._total else 1.0
            if pause > 0 or self._due:
                for key, _ in self._selector.select(max(0.0, pause)):
                    self._receive(key.fileobj)  # type: ignore[arg-type]
        return time.perf_counter() - began

    def _receive(self, line: socket.socket) -> None:
        data = self._held.pop(line, b"") + line.recv(1 << 17)
        end = data.find(_HEAD_END)
        at = data.lower().find(b"content-length:", 0, end) if end > 0 else -1
        whole = end + 4 + int(data[at + 15 : data.index(b"\r", at)]) if at > 0 else sys.maxsize
        if len(data) < whole:
            self._held[line] = data
            return
        self.latencies.append(time.perf_counter() - self._due.pop(line))
        self.failed += not data.startswith(b"HTTP/1.1 200")
        self._free.append(line)

    def _connect(self) -> socket.socket:
        line = socket.create_connection(("127.0.0.1", PORT))
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._selector.register(line, selectors.EVENT_READ)
        return line


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("feed", type=Path)
    parser.add_argument("rate", type=float)
    parser.add_argument("seconds", type=int)
    parser.add_argument("connections", type=int)
    options = parser.parse_args()
    requests = [KINDS[options.kind](line) for line in options.feed.read_text(encoding="utf-8").splitlines()]
    client = Client(requests, options.rate, options.seconds, options.connections)
    seconds = client.run()
    ordered = sorted(latency * 1000 for latency in client.latencies)
    p50, p99 = (ordered[int(len(ordered) * share)] for share in (0.5, 0.99))
    print(json.dumps([len(ordered) / seconds, p50, p99, ordered[-1], client.failed]))


if __name__ == "__main__":
    main()
