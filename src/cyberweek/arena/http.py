"""The little of HTTP that the arena speaks: a request with a bounded body, a response with a length."""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeVar
from urllib.parse import parse_qs

import msgspec

from cyberweek.arena.problems import Problem
from cyberweek.knowledge.core.release import LANGUAGES, Language

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = Iterable[tuple[bytes, bytes]]
T = TypeVar("T")

MAX_BODY: Final = 64 * 1024
JSON: Final = b"application/json"
_LANGUAGE_HEADERS: Final[dict[Language, tuple[tuple[bytes, bytes], ...]]] = {
    language: ((b"content-language", language.encode()), (b"vary", b"accept-language")) for language in LANGUAGES
}


class ClientGoneError(Exception):
    """The client hung up before its request was whole; there is nobody to answer."""


class Response(NamedTuple):
    status: int
    body: bytes = b""
    media_type: bytes = JSON
    headers: tuple[tuple[bytes, bytes], ...] = ()

    async def send(self, send: Send) -> None:
        headers = [(b"content-length", b"%d" % len(self.body)), *self.headers]
        if self.body:
            headers.append((b"content-type", self.media_type))
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})


class Request:
    __slots__ = ("_receive", "_scope", "language")

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self._scope = scope
        self._receive = receive
        self.language: Language = preferred_language(self.header(b"accept-language") or b"")

    def header(self, name: bytes) -> bytes | None:
        for key, value in self._scope["headers"]:
            if key == name:
                return bytes(value)
        return None

    def query(self, name: str) -> str | None:
        values = parse_qs(self._scope["query_string"].decode("latin-1"), errors="replace").get(name)
        return values[-1] if values else None

    async def disconnected(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def read(self, decoder: msgspec.json.Decoder[T]) -> T:
        """The body as the decoder's type; 400 when it is not JSON, 413 when too long, 422 when it does not fit."""
        body = await self._body()
        try:
            return decoder.decode(body)
        except msgspec.ValidationError as error:
            raise Problem("does-not-fit", reason=str(error)) from error
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Problem("not-json", reason=str(error)) from error

    async def drain(self) -> None:
        """For a request whose body means nothing; 413 all the same when it is too long."""
        await self._body()

    def language_header(self) -> tuple[tuple[bytes, bytes], ...]:
        return _LANGUAGE_HEADERS[self.language]

    async def _body(self) -> bytes:
        announced = self.header(b"content-length") or b"0"
        if not announced.isdigit() or int(announced[:12]) > MAX_BODY:
            raise Problem("too-long")
        message = await self._receive()
        if message["type"] == "http.disconnect":
            raise ClientGoneError
        body: bytes = message.get("body", b"")
        while message.get("more_body"):
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ClientGoneError
            body += message.get("body", b"")
            if len(body) > MAX_BODY:
                break
        if len(body) > MAX_BODY:
            raise Problem("too-long")
        return body


@lru_cache(maxsize=1024)
def preferred_language(accepted: bytes) -> Language:
    """The first of ours that the client accepts; zh-Hans when it accepts neither."""
    best: Language = "zh-Hans"
    best_weight = 0.0
    for part in accepted.decode("latin-1").split(","):
        tag, _, parameters = part.strip().partition(";")
        try:
            weight = float(parameters.partition("=")[2] or 1)
        except ValueError:
            continue
        language = _known_language(tag.lower())
        if language and weight > best_weight:
            best, best_weight = language, weight
    return best


def _known_language(tag: str) -> Language | None:
    primary = tag.partition("-")[0]
    if primary == "en":
        return "en"
    return "zh-Hans" if primary in {"zh", "*"} else None
