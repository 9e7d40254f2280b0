"""The limit of a request, as plain ASGI; on the real server in tests/launch/test_uploads.py."""

from __future__ import annotations

import asyncio

import pytest

from cyberweek.kernel import middleware
from cyberweek.kernel.middleware import BodyLimit

LIMIT = 1024 * 1024


def asked(*, headers: dict[str, str] | None = None, pieces: list[bytes] | None = None):
    """Status, headers and body of the answer; what the application was given; how many pieces were taken."""
    waiting = list(pieces or [b""])
    given, sent, taken = [], [], 0

    async def application(scope, receive, send):
        while True:
            message = await receive()
            given.append(message["body"])
            if not message["more_body"]:
                break
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"fine"})

    async def receive():
        nonlocal taken
        taken += 1
        body = waiting.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(waiting)}

    async def send(message):
        sent.append(message)

    encoded = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    asyncio.run(BodyLimit(application, LIMIT)({"type": "http", "headers": encoded}, receive, send))
    return sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"], given, taken


def test_what_is_within_the_limit_passes_piece_by_piece():
    pieces = [b"x" * (LIMIT // 2)] * 2
    assert asked(headers={"content-length": str(LIMIT)}, pieces=pieces)[:4] == (200, {}, b"fine", pieces)


def test_what_announces_too_much_never_reaches_the_application():
    status, headers, body, given, _taken = asked(headers={"content-length": str(2 * 1024**3)})
    assert status == 413
    assert headers[b"connection"] == b"close"
    assert int(headers[b"content-length"]) == len(body)
    assert "1 MB" in body.decode()
    assert "一次发送的内容太大" in body.decode()
    assert given == []


@pytest.mark.parametrize("announced", [{}, {"content-length": "many"}, {"content-length": "5"}])
def test_what_announces_nothing_or_lies_is_counted(announced):
    status, _headers, _body, given, _taken = asked(headers=announced, pieces=[b"x" * LIMIT, b"x", b"x" * LIMIT])
    assert status == 413
    assert given == [b"x" * LIMIT]


def test_one_that_asks_first_need_not_send():
    headers = {"content-length": str(2 * 1024**3), "expect": "100-continue"}
    assert asked(headers=headers)[4] == 0


def test_of_one_without_end_a_part_is_taken_and_no_more(monkeypatch):
    monkeypatch.setattr(middleware, "LINGER_BYTES", 10 * LIMIT)
    taken = asked(headers={"content-length": str(2 * 1024**3)}, pieces=[b"x" * LIMIT] * 50)[4]
    assert taken == 10


def test_a_program_is_answered_in_json():
    _status, headers, body, _given, _taken = asked(headers={"content-length": "99999999", "accept": "application/json"})
    assert headers[b"content-type"] == b"application/problem+json"
    assert b'"status": 413' in body
