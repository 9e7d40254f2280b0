"""The arena as an ASGI application, for a server that it shares with Django."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from functools import lru_cache
from typing import Any

from cyberweek.arena.app import Arena, answer
from cyberweek.arena.clock import Clock
from cyberweek.arena.config import Config
from cyberweek.arena.http import MAX_BODY, REQUEST_SECONDS, ClientGoneError, Headers, Request, Response, SendChunk
from cyberweek.arena.problems import Problem

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class App:
    """`app = App()` is what a server runs. The arena is made at lifespan start, in the server's event loop."""

    def __init__(self, config: Config | None = None, clock: Clock | None = None) -> None:
        self._config = config
        self._clock = clock
        self._arena: Arena | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            assert self._arena is not None, "the server does not run ASGI lifespan"
            response = await answer(self._arena, AsgiRequest(scope, receive, send))
            if response is not None:
                await _send(response, send)
        elif scope["type"] == "lifespan":
            await self._live_and_die(receive, send)
        else:
            raise NotImplementedError(scope["type"])

    async def _live_and_die(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            self._arena = Arena(self._config or Config.from_environment(), self._clock or Clock())
            await self._arena.start()
        except Exception as error:
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            raise
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._arena.stop()
        await send({"type": "lifespan.shutdown.complete"})


class AsgiRequest(Request):
    __slots__ = ("_receive", "_scope", "_send")

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send
        super().__init__(scope["method"], scope["path"])

    def header(self, name: str) -> str | None:
        wanted = name.encode()
        for key, value in self._scope["headers"]:
            if key == wanted:
                return bytes(value).decode("latin-1")
        return None

    def header_lines(self, name: str) -> str:
        wanted = name.encode()
        return ",".join(bytes(value).decode("latin-1") for key, value in self._scope["headers"] if key == wanted)

    def peer(self) -> str:
        client = self._scope.get("client")
        return str(client[0]) if client else ""

    def query_string(self) -> str:
        return bytes(self._scope["query_string"]).decode("latin-1")

    async def body(self) -> bytes:
        self.announced_length()
        try:
            async with asyncio.timeout(REQUEST_SECONDS):
                return await self._gather()
        except TimeoutError as error:
            raise Problem("too-slow") from error

    async def _gather(self) -> bytes:
        body: bytes = b""
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ClientGoneError
            body += message.get("body", b"")
            if len(body) > MAX_BODY:
                raise Problem("too-long")
            if not message.get("more_body"):
                return body

    async def disconnected(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def stream(self, headers: Headers) -> SendChunk:
        await self._send({"type": "http.response.start", "status": 200, "headers": _encoded(headers)})

        async def send_chunk(chunk: bytes) -> None:
            await self._send({"type": "http.response.body", "body": chunk, "more_body": True})

        return send_chunk


async def _send(response: Response, send: Send) -> None:
    headers = [*_encoded(response.headers), (b"content-length", b"%d" % len(response.body))]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})


@lru_cache(maxsize=64)
def _encoded(headers: Headers) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers]


app = App()
