"""The arena as an RSGI application: Granian's own interface, half the server's time of ASGI. For a server of its own:

granian --interface rsgi --loop uvloop --no-ws cyberweek.arena.rsgi:app
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from typing import Protocol

from cyberweek.arena.app import Arena, answer
from cyberweek.arena.clock import Clock
from cyberweek.arena.config import Config
from cyberweek.arena.http import MAX_BODY, ClientGoneError, Headers, Request, SendChunk
from cyberweek.arena.problems import Problem


class RsgiHeaders(Protocol):
    def get(self, name: str, /) -> str | None: ...
    def get_all(self, name: str, /) -> list[str]: ...


class RsgiScope(Protocol):
    method: str
    path: str
    query_string: str
    client: str

    @property
    def headers(self) -> RsgiHeaders: ...


class RsgiStream(Protocol):
    def send_bytes(self, data: bytes, /) -> Awaitable[None]: ...


class RsgiProtocol(Protocol):
    def __call__(self) -> Awaitable[bytes]: ...
    def __aiter__(self) -> AsyncIterator[bytes]: ...
    def client_disconnect(self) -> Awaitable[None]: ...
    def response_bytes(self, status: int, headers: Headers, body: bytes, /) -> None: ...
    def response_empty(self, status: int, headers: Headers, /) -> None: ...
    def response_stream(self, status: int, headers: Headers, /) -> RsgiStream: ...


class App:
    """`app = App()` is what Granian runs. The arena is made before the first request, in the worker's event loop."""

    def __init__(self) -> None:
        self._arena: Arena | None = None

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        loop.run_until_complete(self._start())

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._arena is not None:
            loop.run_until_complete(self._arena.stop())

    async def __rsgi__(self, scope: RsgiScope, protocol: RsgiProtocol) -> None:
        assert self._arena is not None, "the server did not call __rsgi_init__"
        response = await answer(self._arena, RsgiRequest(scope, protocol))
        if response is None:
            return
        if response.body:
            protocol.response_bytes(response.status, response.headers, response.body)
        else:
            protocol.response_empty(response.status, response.headers)

    async def _start(self) -> None:
        self._arena = Arena(Config.from_environment(), Clock())
        await self._arena.start()


class RsgiRequest(Request):
    __slots__ = ("_headers", "_protocol", "_scope")

    def __init__(self, scope: RsgiScope, protocol: RsgiProtocol) -> None:
        self._scope = scope
        self._headers = scope.headers
        self._protocol = protocol
        super().__init__(scope.method, scope.path)

    def header(self, name: str) -> str | None:
        return self._headers.get(name)

    def header_lines(self, name: str) -> str:
        return ",".join(self._headers.get_all(name))

    def peer(self) -> str:
        return self._scope.client

    def query_string(self) -> str:
        return self._scope.query_string

    async def body(self) -> bytes:
        try:
            if self.announced_length() is not None:
                return await self._protocol()
            body = b""
            async for chunk in self._protocol:
                body += chunk
                if len(body) > MAX_BODY:
                    raise Problem("too-long")
        except RuntimeError as error:  # what Granian raises when the client is gone
            raise ClientGoneError from error
        return body

    async def disconnected(self) -> None:
        await self._protocol.client_disconnect()

    async def stream(self, headers: Headers) -> SendChunk:
        return self._protocol.response_stream(200, headers).send_bytes


app = App()
