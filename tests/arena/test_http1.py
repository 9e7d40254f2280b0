"""The arena's own server, byte by byte, over a real socket."""

import asyncio
import socket
import time
from contextlib import closing

import pytest

from cyberweek.arena import http1
from cyberweek.arena.http import Response
from tests.arena.servers import served


@pytest.fixture(scope="module")
def address(week):
    with served(week) as (url, _):
        host, port = url.removeprefix("http://").split(":")
        yield host, int(port)


def exchange(address, *pieces, pause=0.0):
    """All that the server says until it hangs up or is quiet for half a second."""
    with closing(socket.create_connection(address, timeout=5)) as line:
        for piece in pieces:
            line.sendall(piece)
            time.sleep(pause)
        line.settimeout(0.5)
        said = b""
        try:
            while data := line.recv(65536):
                said += data
        except TimeoutError:
            return said, "open"
        except ConnectionResetError:
            pass
        return said, "closed"


HEALTH = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
ALIVE = b'{"status":"alive"}'


def test_a_connection_is_kept_and_a_second_request_answered(address):
    said, line = exchange(address, HEALTH, HEALTH, pause=0.1)
    assert (said.count(b"HTTP/1.1 200 OK"), said.count(ALIVE), line) == (2, 2, "open")
    assert b"\r\ndate: " in said


def test_pipelined_requests_are_answered_in_their_order_however_many(address):
    ask = b"".join(b"GET /nowhere/%d HTTP/1.1\r\nHost: x\r\n\r\n%b" % (n, HEALTH) for n in range(20))
    said, line = exchange(address, ask)
    statuses = [part[:3] for part in said.split(b"HTTP/1.1 ")[1:]]
    assert (statuses, line) == ([b"404", b"200"] * 20, "open")


def test_a_request_may_come_a_byte_at_a_time(address):
    said, _ = exchange(address, *[HEALTH[at : at + 1] for at in range(len(HEALTH))])
    assert said.endswith(ALIVE)


def test_head_has_the_length_and_no_body(address):
    said, _ = exchange(address, b"HEAD /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    assert b"content-length: 18\r\n" in said
    assert said.endswith(b"\r\n\r\n")


def test_a_client_that_wants_to_close_is_closed(address):
    said, line = exchange(address, b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert (b"connection: close\r\n" in said, said.endswith(ALIVE), line) == (True, True, "closed")
    said, line = exchange(address, b"GET /healthz HTTP/1.0\r\n\r\n")
    assert (said.endswith(ALIVE), line) == (True, "closed")


def test_an_address_may_be_escaped_or_absolute(address):
    for path in (b"/%68ealthz", b"http://x/healthz", b"/healthz?a=%ff"):
        assert exchange(address, b"GET " + path + b" HTTP/1.1\r\nHost: x\r\n\r\n")[0].endswith(ALIVE)


def test_who_asks_for_leave_to_send_a_body_gets_it(address):
    head = b"POST /arena/v1/passports HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
    said, _ = exchange(address, head, b"{}", pause=0.2)
    assert said.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 422 ")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"nonsense\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc", b"400"),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nX: " + b"y" * 20_000 + b"\r\n\r\n", b"431"),
        (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 20_000 + b"\r\n", b"431"),
        (b"GET /" + b"y" * 20_000 + b" HTTP/1.1\r\n\r\n", b"431"),
        (b"GET / HTTP/1.1\r\nX: " + b"y" * 20_000, b"431"),
        (b"POST /arena/v1/passports HTTP/1.1\r\nContent-Length: 99999999999999\r\n\r\n", b"413"),
    ],
)
def test_what_is_no_proper_request_is_refused_and_the_line_closed(address, sent, status):
    said, line = exchange(address, sent)
    assert (said[9:12], said.count(b"HTTP/1.1 "), line) == (status, 1, "closed")
    assert exchange(address, HEALTH)[0].endswith(ALIVE)


def test_an_earlier_request_is_answered_before_nonsense_ends_the_line(address):
    said, line = exchange(address, b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n\x00\x01\r\n\r\n")
    assert (said[9:12], line) == (b"200", "closed")


def test_an_upgrade_is_not_taken_up(address):
    ask = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    said, line = exchange(address, ask)
    assert (said[9:12], line) == (b"200", "closed")


def test_who_asks_is_the_other_end_and_repeated_headers_are_one_list(monkeypatch):
    async def scenario():
        connection, wire = http1.Server(None).connect(), Wire()
        connection.connection_made(wire)
        seen = []
        monkeypatch.setattr(http1.Connection, "_begin", lambda _self, request: seen.append(request))
        connection.data_received(HEALTH[:-2] + b"X-Forwarded-For: 1.2.3.4\r\nx-forwarded-for: 5.6.7.8\r\n\r\n")
        return seen[0]

    request = asyncio.run(scenario())
    assert (request.peer(), request.header_lines("x-forwarded-for")) == ("192.0.2.7", "1.2.3.4,5.6.7.8")
    assert (request.header("x-none"), request.header_lines("x-none")) == (None, "")


class Wire(asyncio.Transport):
    """What a connection writes to; it takes everything unless told to be full."""

    def __init__(self):
        super().__init__({"peername": ("192.0.2.7", 40000)})
        self.written = b""
        self.state = "open"

    def write(self, data):
        self.written += data

    def close(self):
        self.state = "closed"

    abort = close

    def is_closing(self):
        return self.state == "closed"


def play(monkeypatch, scenario, reply=None):
    """Runs `scenario(server, connection, wire)` against a server whose arena gives `reply`."""

    async def answer(_arena, request):
        await request.body()
        if reply is None:
            raise LookupError("a fault of ours")
        return reply

    async def run():
        monkeypatch.setattr("cyberweek.arena.app.answer", answer)
        server = http1.Server(None)
        connection, wire = server.connect(), Wire()
        connection.connection_made(wire)
        return await scenario(server, connection, wire)

    return asyncio.run(run())


def test_a_fault_of_ours_is_a_500_and_ends_the_line(monkeypatch, caplog):
    async def scenario(server, connection, wire):
        connection.data_received(HEALTH)
        await asyncio.sleep(0.01)
        return wire

    wire = play(monkeypatch, scenario)
    assert (wire.written[9:12], wire.state) == (b"500", "closed")
    assert "a fault of ours" in caplog.text


def test_who_is_slow_to_ask_is_hung_up_on_and_who_waits_for_us_is_not(monkeypatch):
    monkeypatch.setattr(http1, "SWEEP_SECONDS", 0.01)
    monkeypatch.setattr(http1, "REQUEST_SECONDS", 0.03)

    async def scenario(server, connection, wire):
        sweeper = asyncio.create_task(server.sweep())
        connection.data_received(HEALTH[:20])
        await asyncio.sleep(0.02)
        connection.data_received(HEALTH[20:30])
        states = [wire.state]
        await asyncio.sleep(0.06)
        sweeper.cancel()
        return [*states, wire.state]

    assert play(monkeypatch, scenario, Response(200, b"x")) == ["open", "closed"]


def test_who_does_not_read_is_hung_up_on(monkeypatch):
    monkeypatch.setattr(http1, "SWEEP_SECONDS", 0.01)
    monkeypatch.setattr(http1, "REQUEST_SECONDS", 0.03)

    async def scenario(server, connection, wire):
        sweeper = asyncio.create_task(server.sweep())
        connection.data_received(HEALTH)
        connection.pause_writing()
        await asyncio.sleep(0.08)
        sweeper.cancel()
        connection.connection_lost(None)
        return wire.state

    assert play(monkeypatch, scenario, Response(200, b"x")) == "closed"


def test_at_the_end_what_is_under_way_is_answered(monkeypatch):
    async def scenario(server, connection, wire):
        connection.data_received(HEALTH)
        await server.drain(0.1)
        return wire

    wire = play(monkeypatch, scenario, Response(200, b"x"))
    assert b"connection: close\r\n" in wire.written
    assert wire.state == "closed"
