"""Requests that nobody should send: good ones, bent. What is bent keeps its framing, or loses it."""

import random
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import msgspec

Body = bytes | None


class Request(NamedTuple):
    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: Body

    def wire(self) -> bytes:
        """With the framing that belongs to it."""
        lines = [f"{self.method} {self.path} HTTP/1.1", "host: fuzz"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if self.body is not None:
            lines.append(f"content-length: {len(self.body)}")
        return "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n" + (self.body or b"")


STRANGE: Final[Sequence[object]] = (
    None, True, -1, 0, 2**31, 2**63, 2**64, 1e308, -0.0, "", " ", "\x00", "\ud800", "ℵ" * 40, "a" * 5000, "😀", "../..",
    "'; DROP TABLE ledger_entry; --", "%s%n{0}", [], {}, [[]], [{}], {"": ""}, ["a"] * 300,
)  # fmt: skip
_SEGMENTS: Final = ("..", ".", "", "%2e%2e", "%00", "%", "%zz", "a" * 3000, "*", "ℵ", "%ff%fe", "?", "#", "//", ";x=1")
_METHODS: Final = ("GET", "POST", "PUT", "HEAD", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND")
_HEADERS: Final = (
    ("accept-language", "en;q=nan,zh;q=inf,*;q=-1"), ("accept-language", "," * 2000), ("authorization", "Bearer"),
    ("authorization", "Bearer ."), ("authorization", "Bearer \xff\xfe"), ("authorization", "Basic Og=="),
    ("content-type", "text/html"), ("content-encoding", "gzip"), ("x-forwarded-for", "1.2.3.4, ::1%eth0, '"),
    ("cookie", "a=" + "b" * 3000), ("if-none-match", '"'), ("range", "bytes=-1"), ("origin", "null"), ("te", "trailers"),
)  # fmt: skip
_FRAMING: Final = (
    b"content-length: -1", b"content-length: 1e3", b"content-length: 99999999999999999999", b"content-length: 3\r\ncontent-length: 5",
    b"transfer-encoding: chunked", b"transfer-encoding: chunked\r\ncontent-length: 5", b"transfer-encoding: identity",
    b"transfer-encoding: chunked, chunked", b"upgrade: h2c\r\nconnection: upgrade", b"expect: 100-continue", b"expect: tea",
    b"connection: close", b"x" * 9000 + b": y", b"x: " + b"y" * 70_000, b": nameless", b"no colon", b"\x00: \x00", b" folded: line",
)  # fmt: skip
_CHUNKS: Final = (
    b"0\r\n\r\n", b"5\r\nhello\r\n0\r\n\r\n", b"ffffffffffffffff\r\nx", b"-5\r\nhello\r\n", b"5;x=y\r\nhello\r\n0\r\nt: v\r\n\r\n", b"5\nhello\n0\n\n",
    b"1\r\n{\r\n" * 50 + b"0\r\n\r\n", b"zz\r\n", b"10000\r\n" + b"a" * 65536 + b"\r\n10000\r\n" + b"a" * 65536 + b"\r\n0\r\n\r\n",
)  # fmt: skip


class Mutator:
    """Bends good requests; the same seed bends them the same way."""

    def __init__(self, good: Sequence[Request], seed: int) -> None:
        self._good = good
        self._rng = random.Random(seed)
        self._bends: Sequence[Callable[[Request], Request]] = (
            self._bend_json, self._bend_json, self._bend_json, self._bend_bytes, self._bend_path, self._bend_headers,
            self._bend_method, self._bend_token, self._swap_body,
        )  # fmt: skip

    def framed(self) -> Request:
        """A bent request whose length is told rightly, so that the connection goes on after it."""
        request = self._rng.choice(self._good)
        for _ in range(self._rng.choice((0, 1, 1, 1, 2, 3))):
            request = self._rng.choice(self._bends)(request)
        return request

    def unframed(self) -> bytes:
        """Bytes that may be no request at all, or several."""
        wire = bytearray(self.framed().wire())
        for _ in range(self._rng.randint(1, 3)):
            self._rng.choice((self._flip, self._cut, self._repeat, self._insert_header, self._chunk, self._insert))(
                wire
            )
        return bytes(wire[:200_000])

    # -- with the framing kept --

    def _bend_json(self, request: Request) -> Request:
        try:
            value = msgspec.json.decode(request.body or b"{}")
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return request
        try:
            return request._replace(body=msgspec.json.encode(self._bent(value)))
        except (UnicodeEncodeError, OverflowError, ValueError):
            return request._replace(body=b"[" * self._rng.choice((10, 1000, 30_000)))

    def _bent(self, value: object) -> object:
        """The value with one part of it, however deep, made strange."""
        if self._rng.random() < 0.3:
            return self._rng.choice(STRANGE)
        if isinstance(value, dict) and value:
            key = self._rng.choice(list(value))
            how = self._rng.randrange(4)
            if how == 0:
                return {name: part for name, part in value.items() if name != key}
            if how == 1:
                return value | {str(self._rng.choice(STRANGE)): self._rng.choice(STRANGE)}
            return value | {key: self._bent(value[key])}
        if isinstance(value, list) and value:
            place = self._rng.randrange(len(value))
            return [*value[:place], self._bent(value[place]), *value[place:]]
        return self._rng.choice(STRANGE)

    def _bend_bytes(self, request: Request) -> Request:
        body = bytearray(request.body or b"{}")
        self._rng.choice((self._flip, self._cut, self._repeat, self._insert))(body)
        return request._replace(body=bytes(body[:150_000]))

    def _bend_path(self, request: Request) -> Request:
        segments = request.path.split("/")
        segments[self._rng.randrange(1, len(segments))] = self._rng.choice(_SEGMENTS)
        return request._replace(path="/" + "/".join(segments[1:]).replace(" ", "%20"))

    def _bend_headers(self, request: Request) -> Request:
        return request._replace(headers=(*request.headers, self._rng.choice(_HEADERS)))

    def _bend_method(self, request: Request) -> Request:
        return request._replace(method=self._rng.choice(_METHODS))

    def _bend_token(self, request: Request) -> Request:
        """One character of the passport."""
        bent = []
        for name, value in request.headers:
            if name == "authorization":
                place = self._rng.randrange(len(value))
                value = value[:place] + self._rng.choice("Aa0._-=~") + value[place + 1 :]  # noqa: PLW2901 -- bent
            bent.append((name, value))
        return request._replace(headers=tuple(bent))

    def _swap_body(self, request: Request) -> Request:
        return request._replace(body=self._rng.choice(self._good).body)

    # -- bytes --

    def _flip(self, data: bytearray) -> None:
        for _ in range(self._rng.randint(1, 8)):
            if data:
                data[self._rng.randrange(len(data))] = self._rng.randrange(256)

    def _cut(self, data: bytearray) -> None:
        if data:
            start = self._rng.randrange(len(data))
            del data[start : start + self._rng.choice((1, 4, 64, len(data)))]

    def _repeat(self, data: bytearray) -> None:
        if data:
            start = self._rng.randrange(len(data))
            piece = data[start : start + self._rng.choice((1, 16, 256))]
            data[start:start] = bytes(piece) * self._rng.choice((1, 2, 50))

    def _insert(self, data: bytearray) -> None:
        place = self._rng.randrange(len(data) + 1)
        data[place:place] = self._rng.choice(
            (b"\x00", b"\r\n", b"\xff\xfe", b'"', b"\xed\xa0\x80", b"}" * 40, b"\\ud800")
        )

    def _insert_header(self, data: bytearray) -> None:
        place = data.find(b"\r\n") + 2
        data[place:place] = self._rng.choice(_FRAMING) + b"\r\n"

    def _chunk(self, data: bytearray) -> None:
        """Says that the body comes in chunks, and sends strange ones."""
        head, _, _ = bytes(data).partition(b"\r\n\r\n")
        kept = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-length")]
        data[:] = b"\r\n".join([*kept, b"transfer-encoding: chunked"]) + b"\r\n\r\n" + self._rng.choice(_CHUNKS)
