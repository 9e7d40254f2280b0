"""In front of Django, in plain ASGI: a request that is too large is refused before anything of it is kept.

Django writes a whole body to disk before it asks any view; without this, whoever can reach the server can fill its disk.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from django.template.loader import get_template

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

# A browser reads the answer only when it has sent all, and sees none where the line is cut before. So the rest is taken
# and thrown away, as far as that is cheap: for most who err, not for one who sends without end.
LINGER_BYTES: Final = 64 * 1024 * 1024
LINGER_SECONDS: Final = 30.0


class _TooLargeError(Exception):
    """The body has grown beyond the limit."""


class BodyLimit:
    """Let requests through to `application` whose body is at most `limit` bytes, as they announce it and as it comes."""

    def __init__(self, application: Application, limit: int) -> None:
        self._application = application
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        if _announced(scope) > self._limit:
            await self._refuse(scope, receive, send)
            return
        came, too_large = 0, False

        async def counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > self._limit:
                raise _TooLargeError
            return message

        try:
            await self._application(scope, counted, send)  # Django answers only when it has the whole body
        except _TooLargeError:
            too_large = True
        if too_large:  # outside of the except, so that what was kept of the body is let go first
            await self._refuse(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 413; then take what still comes, up to a point, so that the answer can be read."""
        media_type, body = _answer(scope, self._limit)
        headers = [
            (b"content-type", media_type),
            (b"content-length", b"%d" % len(body)),
            (b"connection", b"close"),
            (b"cache-control", b"no-store"),
            (b"x-content-type-options", b"nosniff"),
            (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
        ]
        waits = any(name == b"expect" for name, _value in scope["headers"])
        if not waits:  # one that asks before it sends need not send at all
            await _take_the_rest(receive)
        await send({"type": "http.response.start", "status": 413, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def _announced(scope: Scope) -> int:
    """Content-Length; 0 where there is none or it is no number (what comes is counted all the same)."""
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0


async def _take_the_rest(receive: Receive) -> None:
    taken = 0
    try:
        async with asyncio.timeout(LINGER_SECONDS):
            while taken < LINGER_BYTES:
                message = await receive()
                taken += len(message.get("body", b""))
                if message["type"] == "http.disconnect" or not message.get("more_body"):
                    return
    except TimeoutError:
        return


def _answer(scope: Scope, limit: int) -> tuple[bytes, bytes]:
    """Media type and body: for programs as JSON, for people as a page in both languages."""
    megabytes = limit // 1024**2
    accepted = b",".join(value for name, value in scope["headers"] if name == b"accept")
    if b"json" in accepted and b"html" not in accepted:
        detail = f'{{"status": 413, "title": "Too large", "detail": "A request has at most {megabytes} MB."}}'
        return b"application/problem+json", detail.encode()
    return b"text/html; charset=utf-8", get_template("413.html").render({"megabytes": megabytes}).encode()
