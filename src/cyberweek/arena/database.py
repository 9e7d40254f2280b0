"""Connections, and the names by which arena processes find each other in PostgreSQL."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any, Final

import psycopg
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool

Connection = psycopg.AsyncConnection[TupleRow]

# The advisory lock that the worker holds for as long as its session lives. The ledger's is chain.CHAIN_LOCK.
WORKER_LOCK: Final = 0x43575F5754

STANDINGS_CHANNEL: Final = "arena_standings"
RELEASE_CHANNEL: Final = "arena_release"

PATIENCE_SECONDS: Final = 3
"""How long a request may wait for a database that says nothing; then the connection is dropped."""

AWAY: Final = (psycopg.OperationalError, psycopg.InterfaceError, psycopg.errors.ReadOnlySqlTransaction, OSError)
"""What it looks like when the database is away, or is no primary any more: reconnect, and answer 503 meanwhile."""

# DATABASE_URL may name several hosts: psycopg tries them in turn and keeps the primary. A host that is gone without a
# word (power, network) is given up in about ten seconds; a Unix socket knows none of this.
_LINE: Final[dict[str, Any]] = {
    "connect_timeout": PATIENCE_SECONDS,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}


class Pool(AsyncConnectionPool[Connection]):
    """Connections for the small reads of requests."""

    def __init__(self, url: str) -> None:
        super().__init__(
            url,
            min_size=1,
            max_size=8,
            max_waiting=512,
            timeout=PATIENCE_SECONDS,
            open=False,
            reconnect_timeout=1,  # then the next request tries: no long pauses when the database comes back
            kwargs={
                "autocommit": True,
                "application_name": "arena reads",
                "target_session_attrs": "primary",
                "prepare_threshold": 0,
                "options": "-c plan_cache_mode=force_generic_plan",  # to plan a rank takes as long as to count it
                **_LINE,
            },
        )

    @asynccontextmanager
    async def connection(self, timeout: float | None = None) -> AsyncIterator[Connection]:  # noqa: ASYNC109 -- the parent's
        """One for a moment; raises OperationalError when the database does not answer in PATIENCE_SECONDS."""
        async with super().connection(timeout) as connection:
            with patience(connection):
                yield connection


async def connect(url: str, name: str, **settings: str) -> Connection:
    """A connection of one's own: every statement prepared, every statement its own transaction unless BEGIN is said."""
    options = " ".join(f"-c {key}={value}" for key, value in settings.items())
    return await psycopg.AsyncConnection.connect(
        url,
        autocommit=True,
        prepare_threshold=0,
        application_name=f"arena {name}",
        target_session_attrs="read-write",
        options=options,
        **_LINE,
    )


@contextmanager
def patience(connection: Connection, seconds: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Hangs up on a database that does not answer in time; whoever waits for it then gets an OperationalError.

    A query that is cancelled in the usual way waits for the server to agree, and a server that hangs never does.
    """
    timer = asyncio.get_running_loop().call_later(seconds, _hang_up, connection)
    try:
        yield
    finally:
        timer.cancel()


def _hang_up(connection: Connection) -> None:
    with suppress(OSError, psycopg.Error), socket.socket(fileno=os.dup(connection.fileno())) as line:
        line.shutdown(socket.SHUT_RDWR)
