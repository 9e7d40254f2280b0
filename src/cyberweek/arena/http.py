"""The little of HTTP that the arena speaks: a request with a bounded body, a response with a length.

`asgi` and `http1` hold what differs between a server that calls us beside Django and our own.
"""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Final, NamedTuple, TypeVar
from urllib.parse import parse_qs

import msgspec

from cyberweek.arena.problems import Problem
from cyberweek.knowledge.core.release import LANGUAGES, Language

Headers = tuple[tuple[str, str], ...]
SendChunk = Callable[[bytes], Awaitable[object]]
T = TypeVar("T")

MAX_BODY: Final = 64 * 1024
REQUEST_SECONDS: Final = 10.0
"""For a request to arrive whole, and for a client to take what was written to it."""
JSON: Final = (("content-type", "application/json"),)
PROBLEM_JSON: Final = (("content-type", "application/problem+json"),)
_IN_LANGUAGE: Final[dict[Language, Headers]] = {
    language: (("content-language", language), ("vary", "accept-language")) for language in LANGUAGES
}
_JSON_IN: Final[dict[Language, Headers]] = {language: JSON + _IN_LANGUAGE[language] for language in LANGUAGES}


class ClientGoneError(Exception):
    """The client hung up before its request was whole; there is nobody to answer."""


class Response(NamedTuple):
    status: int
    body: bytes = b""
    headers: Headers = JSON


class Request(ABC):
    """A request as handlers see it."""

    __slots__ = ("language", "method", "path")

    def __init__(self, method: str, path: str) -> None:
        self.method = method
        self.path = path
        self.language: Language = preferred_language(self.header("accept-language") or "")

    @abstractmethod
    def header(self, name: str) -> str | None:
        """A header by its lower-case name; bytes outside ASCII may be lost."""

    @abstractmethod
    def header_lines(self, name: str) -> str:
        """All lines of a header that may come more than once, in their order, joined by commas; "" for none."""

    @abstractmethod
    def peer(self) -> str:
        """The address at the other end of the connection, with or without a port; "" where there is none."""

    @abstractmethod
    async def body(self) -> bytes:
        """The whole body; raises Problem("too-long") above MAX_BODY, Problem("too-slow") after REQUEST_SECONDS, ClientGoneError
        when it ends before it is whole."""

    @abstractmethod
    async def disconnected(self) -> None:
        """Returns when the client has hung up."""

    @abstractmethod
    async def stream(self, headers: Headers) -> SendChunk:
        """Begins a response of unknown length; what it returns sends a piece, and waits until it is on its way."""

    @abstractmethod
    def query_string(self) -> str: ...

    def query(self, name: str) -> str | None:
        values = parse_qs(self.query_string(), errors="replace").get(name)
        return values[-1] if values else None

    async def read(self, decoder: msgspec.json.Decoder[T]) -> T:
        """The body as the decoder's type; 400 when it is not JSON, 413 when too long, 422 when it does not fit."""
        return decode(await self.body(), decoder)

    def announced_length(self) -> int | None:
        """What content-length says; raises Problem("too-long") when that is too much or no number."""
        announced = self.header("content-length")
        if announced is None:
            return None
        if not announced.isdecimal() or int(announced[:12]) > MAX_BODY:
            raise Problem("too-long")
        return int(announced)

    def json_headers(self) -> Headers:
        return _JSON_IN[self.language]

    def problem_headers(self) -> Headers:
        return PROBLEM_JSON + _IN_LANGUAGE[self.language]


def decode(body: bytes, decoder: msgspec.json.Decoder[T]) -> T:
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise Problem("does-not-fit", reason=str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Problem("not-json", reason=str(error)) from error


@lru_cache(maxsize=1024)
def preferred_language(accepted: str) -> Language:
    """The first of ours that the client accepts; zh-Hans when it accepts neither."""
    best: Language = "zh-Hans"
    best_weight = 0.0
    for part in accepted.split(","):
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
