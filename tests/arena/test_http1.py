"""The arena's own server, byte by byte, over a real socket."""

import asyncio
import socket
import time
from contextlib import closing, suppress

import pytest

from cyberweek.arena import http1
from cyberweek.arena.http import Response
from tests.arena.servers import served


@pytest.fixture(scope="module")
def address(week):
    with served(week) as (url, _):
        host, port = url.removeprefix("http://").split(":")
        yield host, int(port)


def told(address, *pieces, pause=0.0):
    """All that the server says until it hangs up."""
    said = b""
    with closing(socket.create_connection(address, timeout=60)) as line, suppress(ConnectionResetError):
        for piece in pieces:
            line.sendall(piece)
            time.sleep(pause)
        while data := line.recv(65536):
            said += data
    return said


def told_and_kept(address, *pieces, pause=0.0):
    """All that the server says on a line that it keeps: one more request is answered, and is left out of it."""
    said, _, last = told(address, *pieces, LAST, pause=pause).rpartition(b"HTTP/1.1 ")
    assert last.endswith(ALIVE)
    return said


HEALTH = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
LAST = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
ALIVE = b'{"status":"alive"}'


def test_a_connection_is_kept_and_a_second_request_answered(address):
    said = told_and_kept(address, HEALTH, HEALTH, pause=0.1)
    assert (said.count(b"HTTP/1.1 200 OK"), said.count(ALIVE)) == (2, 2)
    assert b"\r\ndate: " in said


def test_pipelined_requests_are_answered_in_their_order_however_many(address):
    ask = b"".join(b"GET /nowhere/%d HTTP/1.1\r\nHost: x\r\n\r\n%b" % (n, HEALTH) for n in range(20))
    said = told_and_kept(address, ask)
    assert [part[:3] for part in said.split(b"HTTP/1.1 ")[1:]] == [b"404", b"200"] * 20


def test_a_request_may_come_a_byte_at_a_time(address):
    assert told_and_kept(address, *[HEALTH[at : at + 1] for at in range(len(HEALTH))]).endswith(ALIVE)


def test_head_has_the_length_and_no_body(address):
    said = told_and_kept(address, b"HEAD /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    assert b"content-length: 18\r\n" in said
    assert said.endswith(b"\r\n\r\n")


def test_a_client_that_wants_to_close_is_closed(address):
    said = told(address, LAST)
    assert (b"connection: close\r\n" in said, said.endswith(ALIVE)) == (True, True)
    assert told(address, b"GET /healthz HTTP/1.0\r\n\r\n").endswith(ALIVE)


def test_an_address_may_be_escaped_or_absolute(address):
    for path in (b"/%68ealthz", b"http://x/healthz", b"/healthz?a=%ff"):
        assert told_and_kept(address, b"GET " + path + b" HTTP/1.1\r\nHost: x\r\n\r\n").endswith(ALIVE)


def test_who_asks_for_leave_to_send_a_body_gets_it(address):
    head = b"POST /arena/v1/passports HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
    said = told_and_kept(address, head, b"{}", pause=0.2)
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
    said = told(address, sent)
    assert (said[9:12], said.count(b"HTTP/1.1 ")) == (status, 1)
    assert told_and_kept(address, HEALTH).endswith(ALIVE)


def test_who_is_refused_while_still_sending_hears_why(address):
    for _ in range(10):
        assert told(address, b"GET / HTTP/1.1\r\n", b"X: y\r\n" * 300_000)[9:12] == b"431"


def test_who_is_refused_and_neither_hangs_up_nor_ends_is_hung_up_on(address):
    with closing(socket.create_connection(address, timeout=60)) as line:
        line.sendall(b"nonsense\r\n\r\n")
        while line.recv(65536):
            pass
        until, heard = time.monotonic() + 60, True
        while heard and time.monotonic() < until:
            time.sleep(0.05)
            try:
                line.sendall(b"more")
            except (ConnectionResetError, BrokenPipeError):
                heard = False
        assert not heard


def test_an_earlier_request_is_answered_before_nonsense_ends_the_line(address):
    assert told(address, b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n\x00\x01\r\n\r\n")[9:12] == b"200"


def test_an_upgrade_is_not_taken_up(address):
    ask = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    assert told(address, ask)[9:12] == b"200"


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
        self.closed = asyncio.Event()

    @property
    def state(self):
        return "closed" if self.closed.is_set() else "open"

    def write(self, data):
        self.written += data

    def close(self):
        if not self.closed.is_set():
            self.closed.set()
            asyncio.get_running_loop().call_soon(self.connection.connection_lost, None)

    abort = close
    write_eof = close  # whoever is at the other end hangs up then

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
        monkeypatch.setattr("cyberweek.arena.http1.answer", answer)
        server = http1.Server(None)
        connection, wire = server.connect(), Wire()
        wire.connection = connection
        connection.connection_made(wire)
        return await scenario(server, connection, wire)

    return asyncio.run(run())


def test_a_fault_of_ours_is_a_500_and_ends_the_line(monkeypatch, caplog):
    async def scenario(server, connection, wire):
        connection.data_received(HEALTH)
        await wire.closed.wait()
        return wire

    wire = play(monkeypatch, scenario)
    assert (wire.written[9:12], wire.state) == (b"500", "closed")
    assert "a fault of ours" in caplog.text


def test_who_is_slow_to_ask_is_hung_up_on(monkeypatch):
    """However many bytes still come: what counts is when the request began."""

    async def scenario(server, connection, wire):
        connection.data_received(HEALTH[:20])
        due = connection.deadline
        connection.data_received(HEALTH[20:30])
        assert connection.deadline == due <= asyncio.get_running_loop().time() + http1.REQUEST_SECONDS
        return await swept(monkeypatch, server, connection, wire)

    assert play(monkeypatch, scenario, Response(200, b"x")) == ["open", "closed"]


def test_who_does_not_read_is_hung_up_on(monkeypatch):
    async def scenario(server, connection, wire):
        connection.data_received(HEALTH)
        connection.pause_writing()
        return await swept(monkeypatch, server, connection, wire)

    assert play(monkeypatch, scenario, Response(200, b"x")) == ["open", "closed"]


async def swept(monkeypatch, server, connection, wire):
    """The state of the line after a sweep before its deadline and after one behind it."""
    monkeypatch.setattr(http1, "SWEEP_SECONDS", 0)
    sweeper = asyncio.create_task(server.sweep())
    for _ in range(50):
        await asyncio.sleep(0)
    states = [wire.state]
    connection.deadline = 0.0
    await wire.closed.wait()
    sweeper.cancel()
    return [*states, wire.state]


def test_at_the_end_what_is_under_way_is_answered(monkeypatch):
    async def scenario(server, connection, wire):
        connection.data_received(HEALTH)
        await server.drain(60)
        return wire

    wire = play(monkeypatch, scenario, Response(200, b"x"))
    assert b"connection: close\r\n" in wire.written
    assert wire.state == "closed"
