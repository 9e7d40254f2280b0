"""Ports for servers that tests start: nobody else gets them between the choice and the start."""

from __future__ import annotations

import itertools
import os
import socket
from contextlib import closing

# Below those that the system gives to whoever connects; each process (a worker of xdist) begins in a place of its own.
_FIRST, _COUNT, _A_PROCESS = 20_000, 12_000, 50
_turns = itertools.count(os.getpid() * _A_PROCESS)


def free_port() -> int:
    while True:
        port = _FIRST + next(_turns) % _COUNT
        with closing(socket.socket()) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
