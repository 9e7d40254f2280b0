"""HTTP by hand: a connection that can be cut in the middle of a request, and the page's rules for asking again.

The rules are those of `knowledge/play/api.js`: patience of 15 s, then a pause that doubles with every failure, never
shorter than Retry-After, spread at random.
"""

import asyncio
import random
import socket
import struct
from collections.abc import Sequence
from contextlib import suppress
from typing import Final, Literal, NamedTuple

Address = tuple[str, int]
Cut = Literal["in the body", "before the answer"]

PATIENCE_SECONDS: Final = 15.0
LONGEST_WAIT: Final = 30.0
_RESET: Final = struct.pack("ii", 1, 0)  # SO_LINGER of nothing: close() sends RST


class LostError(Exception):
    """No whole answer came."""


class Answer(NamedTuple):
    status: int
    retry_after: float
    body: bytes


class Line:
    """One keep-alive connection to one of several servers; after trouble the next server is asked."""

    def __init__(self, servers: Sequence[Address], first: int = 0) -> None:
        self._servers = servers
        self._place = first
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(
        self, method: str, path: str, body: bytes = b"", *, bearer: str = "", cut: Cut | None = None
    ) -> Answer:
        """The answer; raises LostError when there is none in time, or when the line was cut as asked."""
        host, port = self._servers[self._place % len(self._servers)]
        head = f"{method} {path} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Length: {len(body)}\r\n"
        head += "Content-Type: application/json\r\nAccept-Language: en\r\n"
        head += f"Authorization: Bearer {bearer}\r\n\r\n" if bearer else "\r\n"
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await self._exchange((host, port), head.encode() + body, len(body), cut)
        except (OSError, EOFError, ValueError, asyncio.LimitOverrunError) as error:
            self.close()
            self._place += 1
            raise LostError(f"{host}:{port}: {error or type(error).__name__}") from error

    async def _exchange(self, server: Address, request: bytes, size: int, cut: Cut | None) -> Answer:
        if self._streams is None:
            self._streams = await asyncio.open_connection(*server)
        reader, writer = self._streams
        writer.write(request[: len(request) - (size + 1) // 2] if cut == "in the body" else request)
        await writer.drain()
        if cut:
            await asyncio.sleep(random.random() * 0.02)
            _reset(writer)
            raise ConnectionResetError("cut")
        status, headers = _parsed(await reader.readuntil(b"\r\n\r\n"))
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        if headers.get("connection", "").lower() == "close":
            self.close()
        return Answer(status, float(headers.get("retry-after", "0")), body)

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].transport.abort()
            self._streams = None


def _parsed(head: bytes) -> tuple[int, dict[str, str]]:
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines if line)
    return int(first.split()[1]), {name.lower(): value.strip() for name, _, value in pairs}


def _reset(writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()


def wait_for(retry_after: float, failures: int, dice: random.Random) -> float:
    """Seconds before try `failures` + 1; the same arithmetic as `waitFor` of the page."""
    backoff = min(LONGEST_WAIT, 2.0**failures)
    if retry_after:
        return max(retry_after, backoff / 2) * (1 + dice.random() / 2)
    return backoff * (0.5 + dice.random() / 2)
