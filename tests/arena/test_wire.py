"""What a client may do to a real server with its bytes: send them slowly, in pieces, too many, or not at all."""

import json
import re
import socket
import time
from contextlib import closing, suppress

import pytest

from tests.arena.servers import served

PATIENCE = 3.0
"""Seconds, as `tests.arena.hasty` has it."""
READ = 422
"""What an application without a proof of work gets, once its body has been read whole."""
STATUS = re.compile(rb"HTTP/1\.1 (\d{3})")
PASSPORT = json.dumps({"nickname": "Ana", "region": "350203", "band": "18-25", "sector": "other"}).encode()


@pytest.fixture(scope="module", params=["own", "asgi"])
def server(week, request):
    with served(week, f"hasty {request.param}") as (url, _process):
        host, _, port = url.removeprefix("http://").partition(":")
        yield host, int(port)


def post(body=PASSPORT, *headers):
    return b"\r\n".join([b"POST /arena/v1/passports HTTP/1.1", b"host: x", *headers, b"", body])


def length(body=PASSPORT):
    return b"content-length: %d" % len(body)


def statuses(server, *pieces, wait=0.0, shut=False, count=1):
    """Sends the pieces, and reads until so many answers are there or the server hangs up."""
    answer = b""
    with closing(socket.create_connection(server, timeout=120)) as line, suppress(ConnectionError):
        for piece in pieces:
            line.sendall(piece)
            time.sleep(wait)
        if shut:
            line.shutdown(socket.SHUT_WR)
        while len(STATUS.findall(answer)) < count and (chunk := line.recv(65536)):
            answer += chunk
    return [int(status) for status in STATUS.findall(answer)]


def test_requests_sent_at_once_are_answered_in_their_order(server):
    get = b"GET %b HTTP/1.1\r\nhost: x\r\n\r\n"
    asked = get % b"/healthz" + get % b"/nothing" + post(PASSPORT, length()) + get % b"/healthz"
    assert statuses(server, asked, count=4) == [200, 404, READ, 200]


def test_a_body_in_chunks_is_a_body(server):
    chunked = b"".join(b"1\r\n%c\r\n" % byte for byte in PASSPORT) + b"0\r\n\r\n"
    assert statuses(server, post(chunked, b"transfer-encoding: chunked")) == [READ]


def test_a_body_byte_by_byte_is_a_body(server):
    assert statuses(server, post(b"", length()), *(bytes([byte]) for byte in PASSPORT), wait=0.001) == [READ]


def test_chunks_that_never_end_are_refused_at_the_limit(server):
    endless = b"1000\r\n" + b" " * 4096 + b"\r\n"
    assert statuses(server, post(b"", b"transfer-encoding: chunked"), *[endless] * 20, wait=0.01) in ([413], [])


def test_a_body_announced_as_too_long_is_refused_unread(server):
    assert statuses(server, post(b"", b"content-length: 10000000")) == [413]


@pytest.mark.parametrize(
    "headers",
    [
        (b"content-length: -1",), (b"content-length: 1e1",), (b"content-length: 5", b"content-length: 6"), (b"no colon",),
        (b"x: " + b"y" * 600_000,), (b"transfer-encoding: chunked", b"content-length: 5"), (b"\x00: x",),
    ],
)  # fmt: skip
def test_a_head_that_cannot_be_right_is_refused_or_cut_off(server, headers):
    found = statuses(server, post(PASSPORT, *headers), b" " * 10)
    assert all(400 <= status < 500 for status in found)


def test_who_stops_sending_in_the_middle_is_told_so_and_is_let_go(server):
    assert statuses(server, post(PASSPORT[:20], length()), shut=True) in ([400], [])


def test_who_sends_too_slowly_is_let_go_and_holds_up_nobody(server):
    began = time.monotonic()
    with closing(socket.create_connection(server, timeout=120)) as slow:
        slow.sendall(post(PASSPORT[:20], length()))
        assert statuses(server, b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n") == [200]
        with suppress(ConnectionResetError):
            answer = slow.recv(65536)
            assert answer == b"" or STATUS.match(answer)[1] == b"408"
    assert PATIENCE - 1 < time.monotonic() - began < PATIENCE + 60


def test_two_hundred_half_open_connections_leave_room_for_others(server):
    lines = [socket.create_connection(server, timeout=120) for _ in range(200)]
    try:
        for line in lines:
            line.sendall(b"POST /arena/v1/passports HTTP/1.1\r\nhost: x\r\ncontent-le")
        assert statuses(server, post(PASSPORT, length())) == [READ]
    finally:
        for line in lines:
            line.close()
