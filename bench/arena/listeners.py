"""Very many listeners of `live`: how long after its publication a snapshot has reached every one of them.

Runs in a process of its own: `python -m bench.arena.listeners COUNT SECONDS`. A snapshot says when it was made; a client
has it when its last byte has come.
"""

import json
import re
import resource
import selectors
import socket
import subprocess
import sys
import time
from collections import defaultdict
from datetime import datetime
from typing import Final, NamedTuple

from bench.arena.ground import CONTEST
from bench.arena.servers import PORT

REQUEST: Final = f"GET /arena/v1/contests/{CONTEST}/live HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
_AT: Final = re.compile(rb'"at":"([^"]+)"')
_FRAME_END: Final = b"\n\n\r\n"  # the event's own end, then the chunk's
_AT_ONCE: Final = 200


class Heard(NamedTuple):
    clients: int
    snapshots: int
    """That every client got whole."""
    p99: float
    """Milliseconds from publication, as is the worst."""
    worst: float
    frame_bytes: int


def allow_files(count: int) -> None:
    """Raises this process's limit of open files, and so that of the processes it starts; ends when it may not."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < count:
        sys.exit(f"{count} open files are needed, the limit is {hard}: ulimit -n {count}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, count), hard))


def listeners(count: int, seconds: int) -> "subprocess.Popen[str]":
    """Starts them; a line on its output says that all are connected, the next one what they heard."""
    command = [sys.executable, "-m", "bench.arena.listeners", str(count), str(seconds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def result(crowd: "subprocess.Popen[str]") -> Heard:
    printed, _ = crowd.communicate()
    if crowd.returncode:
        sys.exit("the listeners failed; see above")
    return Heard(*json.loads(printed.splitlines()[-1]))


class Crowd:
    def __init__(self) -> None:
        self._selector = selectors.EpollSelector()
        self._frame: dict[int, bytes] = {}
        """By connection, when the snapshot that it is receiving was made."""
        self.delays: dict[bytes, list[float]] = defaultdict(list)
        """By snapshot, in seconds."""
        self.frame_bytes = 0
        self._buffer = memoryview(bytearray(1 << 18))

    def connect(self, count: int) -> None:
        for number in range(count):
            line = socket.create_connection(("127.0.0.1", PORT))
            line.setblocking(False)
            line.send(REQUEST)
            self._selector.register(line, selectors.EVENT_READ)
            if number % _AT_ONCE == 0:
                self.listen(time.time() + 0.02)

    def listen(self, until: float) -> None:
        while (left := until - time.time()) > 0:
            for key, _ in self._selector.select(left):
                self._receive(key.fileobj, key.fd)  # type: ignore[arg-type]  # we gave it sockets

    def _receive(self, line: socket.socket, number: int) -> None:
        size = line.recv_into(self._buffer)
        if size == 0:
            sys.exit("the server hung up on a listener")
        # The beginning of a piece holds the moment of the snapshot, if a snapshot begins in it.
        found = _AT.search(self._buffer, 0, min(size, 700))
        if found:
            self._frame[number] = found[1]
        if self._buffer[size - 4 : size] == _FRAME_END and number in self._frame:
            at = self._frame.pop(number)
            self.delays[at].append(time.time() - datetime.fromisoformat(at.decode()).timestamp())
            self.frame_bytes = max(self.frame_bytes, size)


def main() -> None:
    count, seconds = map(int, sys.argv[1:])
    allow_files(count + 100)
    crowd = Crowd()
    crowd.connect(count)
    crowd.listen(time.time() + 3)
    print("connected", flush=True)
    crowd.delays.clear()
    crowd.listen(time.time() + seconds)
    # The first and the last may have been under way when we began or stopped looking.
    whole = [delays for _, delays in sorted(crowd.delays.items())[1:-1]]
    if not whole or any(len(delays) != count for delays in whole):
        sys.exit(f"of {count} clients {min(map(len, whole), default=0)} got a snapshot")
    ordered = sorted(delay * 1000 for delays in whole for delay in delays)
    p99 = ordered[int(len(ordered) * 0.99)]
    print(json.dumps([count, len(whole), p99, ordered[-1], crowd.frame_bytes]))


if __name__ == "__main__":
    main()
