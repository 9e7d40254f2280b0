"""Clients that send what was bent, and note how the server took it."""

import asyncio
import re
import socket
import struct
from collections import Counter
from contextlib import suppress
from typing import Final

from bench.fuzz.mutations import Mutator, Request

PATIENCE_SECONDS: Final = 20.0
"""Longer than the server gives a request to arrive, so that it is the server that lets go."""
PIPELINED: Final = 16
UNFRAMED_SHARE: Final = 0.15
_STATUS: Final = re.compile(rb"HTTP/1\.[01] (\d{3})")
_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_RST: Final = struct.pack("ii", 1, 0)


class Findings:
    """What came back, by status; and what should not have happened, with the bytes that did it."""

    def __init__(self) -> None:
        self.sent = 0
        self.statuses: Counter[int] = Counter()
        self.closed = 0
        self.faults: list[tuple[str, bytes]] = []

    def status(self, status: int, sent: bytes) -> None:
        self.statuses[status] += 1
        if status >= 500 and status != 503:
            self.fault(f"answered {status}", sent)

    def fault(self, what: str, sent: bytes) -> None:
        if len(self.faults) < 1000:
            self.faults.append((what, sent))


class Client:
    def __init__(self, port: int, mutator: Mutator, findings: Findings) -> None:
        self._port = port
        self._mutator = mutator
        self._findings = findings

    async def run(self, requests: int) -> None:
        """Sends about so many."""
        sent = 0
        while sent < requests:
            for _ in range(int(PIPELINED * UNFRAMED_SHARE)):
                await self._send_unframed(self._mutator.unframed())
            batch = [self._mutator.framed() for _ in range(PIPELINED)]
            await self._send_framed(batch)
            count = int(PIPELINED * UNFRAMED_SHARE) + len(batch)
            sent += count
            self._findings.sent += count

    async def _send_framed(self, batch: list[Request]) -> None:
        """All at once on one connection; each has its answer, in order, unless the server hangs up after one of them."""
        reader, writer = await self._connect()
        try:
            writer.write(b"".join(request.wire() for request in batch))
            for request in batch:
                status, keeps = await asyncio.wait_for(_read_answer(reader, request.method), PATIENCE_SECONDS)
                self._findings.status(status, request.wire())
                if not keeps:
                    break
        except TimeoutError:
            self._findings.fault("no answer", b"".join(request.wire() for request in batch))
        except (OSError, EOFError):
            self._findings.closed += 1
        finally:
            _reset(writer)

    async def _send_unframed(self, data: bytes) -> None:
        """On a connection of its own that says nothing more: the server has to answer or to hang up."""
        reader, writer = await self._connect()
        try:
            writer.write(data)
            with suppress(OSError):
                writer.write_eof()
            answer = await asyncio.wait_for(_read_all(reader), PATIENCE_SECONDS)
            for found in _STATUS.finditer(answer):
                self._findings.status(int(found[1]), data)
            if not answer:
                self._findings.closed += 1
        except TimeoutError:
            self._findings.fault("stuck", data)
        except OSError:
            self._findings.closed += 1
        finally:
            _reset(writer)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        line = writer.get_extra_info("socket")
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RST)  # or the ports run out
        return reader, writer


async def _read_answer(reader: asyncio.StreamReader, method: str) -> tuple[int, bool]:
    """Its status, and whether the connection goes on."""
    head = await reader.readuntil(b"\r\n\r\n")
    found = _STATUS.match(head)
    if found is None:
        raise EOFError
    status = int(found[1])
    if status == 100:
        return await _read_answer(reader, method)
    length = _LENGTH.search(head)
    if length and method != "HEAD" and status not in (204, 304):
        await reader.readexactly(int(length[1]))
    return status, b"connection: close" not in head.lower()


async def _read_all(reader: asyncio.StreamReader) -> bytes:
    """The heads, at least; a stream that never ends is left after its first part."""
    answer = b""
    while chunk := await reader.read(65536):
        answer += chunk
        if b"text/event-stream" in answer:
            break
    return answer


def _reset(writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        writer.close()
