"""A server that answers whatever it is sent with the same bytes: what a round trip costs on this machine, under this load."""

import argparse
import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, cast

import uvloop
from bench.arena.servers import free_port, wait_until_ready

ANSWER: Final = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"


class Same(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:  # noqa: ARG002 -- the loop's interface
        self._transport.write(ANSWER)


@contextmanager
def noop() -> Iterator[int]:
    """The port on which it listens, in a process of its own."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "bench.arena.noop", str(port)])
    try:
        wait_until_ready(process, port)
        yield port
    finally:
        process.terminate()
        process.wait(20)


async def serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Same, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(parser.parse_args().port))
