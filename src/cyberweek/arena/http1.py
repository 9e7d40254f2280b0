"""The arena's own HTTP/1.1: bytes in, a `Request` for `app.answer`, bytes out. llhttp (httptools) reads the grammar.

Half of a submit's time in Python went into a general server; this one knows that a request is small and whole before it
is answered, and that an answer is one piece. What a client may not do is here too: heads over MAX_HEAD, bodies over
MAX_BODY, requests that take longer than REQUEST_SECONDS to arrive, answers that are not read.
"""

import asyncio
import logging
import math
import time
from collections import deque
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import Final, cast
from urllib.parse import unquote

import httptools

from cyberweek.arena.app import Arena, answer
from cyberweek.arena.http import MAX_BODY, REQUEST_SECONDS, Headers, Request, Response, SendChunk
from cyberweek.arena.problems import Problem

logger = logging.getLogger(__name__)

MAX_HEAD: Final = 16 * 1024
MAX_PIPELINED: Final = 8
IDLE_SECONDS: Final = 75.0
SWEEP_SECONDS: Final = 1.0
LINGER_SECONDS: Final = 2.0
_NEVER: Final = math.inf


class Server:
    """The connections of one process."""

    def __init__(self, arena: Arena) -> None:
        self.arena = arena
        self.connections: set[Connection] = set()
        self.closing = False

    def connect(self) -> "Connection":
        return Connection(self)

    async def sweep(self) -> None:
        """Hangs up on whoever let a deadline pass; one look a second at all is cheaper than a timer for each."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            now = asyncio.get_running_loop().time()
            for connection in [one for one in self.connections if one.deadline < now]:
                connection.hang_up()

    async def drain(self, seconds: float) -> None:
        """Lets requests that are under way be answered, then hangs up."""
        self.closing = True
        until = asyncio.get_running_loop().time() + seconds
        for connection in list(self.connections):
            connection.hang_up_when_idle()
        while any(not one.streaming for one in self.connections) and asyncio.get_running_loop().time() < until:  # noqa: ASYNC110 -- once in a process's life
            await asyncio.sleep(0.02)
        for connection in list(self.connections):
            connection.hang_up()


class Connection(asyncio.Protocol):
    """One client. Requests on it are answered one after another, in their order."""

    __slots__ = (
        "_answering", "_body", "_gone", "_head_size", "_headers", "_heard_all", "_in_head", "_left", "_loop", "_parser",
        "_refused", "_server", "_transport", "_url", "_waiting", "_writable", "deadline", "streaming",
    )  # fmt: skip
    _transport: asyncio.Transport

    def __init__(self, server: Server) -> None:
        self._server = server
        self._loop = asyncio.get_running_loop()
        self._parser = httptools.HttpRequestParser(self)
        self._waiting: deque[Http1Request] = deque()
        self._answering: asyncio.Task[None] | None = None
        self._writable: asyncio.Future[None] | None = None
        self._gone: asyncio.Future[None] | None = None
        self._refused = self._heard_all = self._left = False
        self.streaming = False
        self.deadline = self._loop.time() + IDLE_SECONDS
        self.on_message_begin()

    # -- what the event loop says -------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is one in all but name
        self._server.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 -- the loop's interface
        self._server.connections.discard(self)
        self._refused = True
        for future in (self._gone, self._writable):
            if future is not None and not future.done():
                future.set_result(None)

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        if self._answering is None and self.deadline is not _NEVER and not self._head_size:
            self.deadline = self._loop.time() + REQUEST_SECONDS
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._refused = True  # what follows is no HTTP; the request itself is answered, then we hang up
        except httptools.HttpParserError:
            self._refuse(HTTPStatus.BAD_REQUEST)
        if self._in_head:
            self._head_size += len(data)
            if self._head_size > MAX_HEAD:
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def eof_received(self) -> bool:
        """A client that has said all may still listen: what is under way is answered first."""
        self._refused = self._heard_all = True
        return self._answering is not None

    def pause_writing(self) -> None:
        self._writable = self._loop.create_future()
        self.deadline = self._loop.time() + REQUEST_SECONDS

    def resume_writing(self) -> None:
        writable, self._writable = self._writable, None
        self.deadline = _NEVER if self._answering else self._loop.time() + IDLE_SECONDS
        if writable is not None and not writable.done():
            writable.set_result(None)

    # -- what the parser says -----------------------------------------------------------------------------------------

    def on_message_begin(self) -> None:
        self._url = b""
        self._headers: dict[bytes, bytes] = {}
        self._body = b""
        self._head_size = 0
        self._in_head = True

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        name = name.lower()
        self._headers[name] = self._headers[name] + b"," + value if name in self._headers else value
        self._head_size += len(name) + len(value)

    def on_headers_complete(self) -> None:
        self._in_head = False
        if self._head_size + len(self._url) > MAX_HEAD:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        elif int(self._headers.get(b"content-length", b"0")[:12]) > MAX_BODY:
            self._accept(too_long=True)
        elif self._headers.get(b"expect", b"").lower() == b"100-continue":
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        if not self._refused:
            self._body += body
            if len(self._body) > MAX_BODY:
                self._accept(too_long=True)

    def on_message_complete(self) -> None:
        self._head_size = 0
        if not self._refused:
            self._accept(too_long=False)

    # -- answering ----------------------------------------------------------------------------------------------------

    def _accept(self, *, too_long: bool) -> None:
        """A request is there; of one that is too long nothing more is read, and after its answer we hang up."""
        self._refused = too_long
        keep = self._parser.should_keep_alive() and not too_long
        request = Http1Request(
            self, self._parser.get_method(), self._url, self._headers, None if too_long else self._body
        )
        request.keep_alive = keep
        if self._answering is None:
            self._begin(request)
            return
        self._waiting.append(request)
        if len(self._waiting) == MAX_PIPELINED:
            self._transport.pause_reading()

    def _begin(self, request: "Http1Request") -> None:
        self.deadline = _NEVER
        self._answering = self._loop.create_task(self._answer(request))

    async def _answer(self, request: "Http1Request") -> None:
        try:
            response = await answer(self._server.arena, request)
            if response is not None:
                self._respond(request, response)
            else:
                self.hang_up()
        except Exception:
            logger.exception("%s %s failed", request.method, request.path)
            self._refuse(HTTPStatus.INTERNAL_SERVER_ERROR)
        if self._writable is not None:
            await self._writable
        self._answering = None
        if self._left or self._transport.is_closing():
            return
        if self._waiting:
            if len(self._waiting) == MAX_PIPELINED:
                self._transport.resume_reading()
            self._begin(self._waiting.popleft())
        else:
            self.deadline = self._loop.time() + IDLE_SECONDS
            if self._refused or self._server.closing:
                self._leave()

    def _respond(self, request: "Http1Request", response: Response) -> None:
        if self._transport.is_closing():
            return
        keep = request.keep_alive and not self._server.closing
        body = b"" if request.method == "HEAD" else response.body
        length = b"" if response.status == HTTPStatus.NO_CONTENT else b"content-length: %d\r\n" % len(response.body)
        self._transport.write(
            b"%b%b%b%b\r\n%b"
            % (
                _head(response.status, response.headers),
                length,
                _date(),
                b"" if keep else b"connection: close\r\n",
                body,
            )
        )
        if not keep:
            self._leave()

    def _refuse(self, status: HTTPStatus) -> None:
        """Answers with a bare status, and hangs up once that is written; not before what came earlier is answered."""
        self._refused = True
        if self._answering is None or self._answering is asyncio.current_task():
            if not self._left and not self._transport.is_closing():
                self._transport.write(_head(status, ()) + b"content-length: 0\r\nconnection: close\r\n\r\n")
            self._leave()

    def _leave(self) -> None:
        """Hangs up once all is written.

        Who was refused may be sending yet, and a line that is closed on unread bytes is reset, which takes the answer away
        from them: what they still send is dropped until they have heard it, for LINGER_SECONDS at most.
        """
        if self._left:
            return
        self._left = True
        if self._refused and not self._heard_all and not self._transport.is_closing():
            self._transport.write_eof()
            self.deadline = self._loop.time() + LINGER_SECONDS
        else:
            self._transport.close()

    def hang_up(self) -> None:
        self._transport.abort()

    def hang_up_when_idle(self) -> None:
        if self._answering is None:
            self._transport.close()

    # -- streams ------------------------------------------------------------------------------------------------------

    def peer(self) -> str:
        address = self._transport.get_extra_info("peername")
        return str(address[0]) if address else ""

    def gone(self) -> asyncio.Future[None]:
        if self._gone is None:
            self._gone = self._loop.create_future()
            if self._transport.is_closing():
                self._gone.set_result(None)
        return self._gone

    def begin_stream(self, headers: Headers) -> SendChunk:
        self.streaming = True
        self._transport.write(b"%btransfer-encoding: chunked\r\n%b\r\n" % (_head(HTTPStatus.OK, headers), _date()))
        return self._send_chunk

    async def _send_chunk(self, chunk: bytes) -> None:
        self._transport.write(_chunk(chunk))
        if self._writable is not None:
            await asyncio.shield(self._writable)


class Http1Request(Request):
    __slots__ = ("_body", "_connection", "_headers", "_query", "keep_alive")

    def __init__(
        self, connection: Connection, method: bytes, url: bytes, headers: dict[bytes, bytes], body: bytes | None
    ) -> None:
        self._connection = connection
        self._headers = headers
        self._body = body
        path, _, self._query = url.decode("latin-1").partition("?")
        if path[:1] != "/":  # "GET http://host/path", as to a proxy
            path = "/" + path.partition("://")[2].partition("/")[2]
        self.keep_alive = True
        super().__init__(method.decode("ascii"), unquote(path) if "%" in path else path)

    def header(self, name: str) -> str | None:
        value = self._headers.get(name.encode())
        return None if value is None else value.decode("latin-1")

    def header_lines(self, name: str) -> str:
        return self.header(name) or ""

    def peer(self) -> str:
        return self._connection.peer()

    def query_string(self) -> str:
        return self._query

    async def body(self) -> bytes:
        if self._body is None:
            raise Problem("too-long")
        return self._body

    async def disconnected(self) -> None:
        await self._connection.gone()

    async def stream(self, headers: Headers) -> SendChunk:
        return self._connection.begin_stream(headers)


@lru_cache(maxsize=256)
def _head(status: int, headers: Headers) -> bytes:
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *(f"{name}: {value}" for name, value in headers)]
    return ("\r\n".join(lines) + "\r\n").encode("latin-1")


@lru_cache(maxsize=8)
def _chunk(data: bytes) -> bytes:
    """Encoded once for all who get it: what is sent in pieces is sent to a crowd."""
    return b"%x\r\n%b\r\n" % (len(data), data)


def _date() -> bytes:
    return _date_of(int(time.time()))


@lru_cache(maxsize=2)
def _date_of(second: int) -> bytes:
    return f"date: {formatdate(second, usegmt=True)}\r\n".encode("ascii")
