"""Connections, and the names by which arena processes find each other in PostgreSQL."""

from typing import Final

import psycopg
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool

Connection = psycopg.AsyncConnection[TupleRow]
Pool = AsyncConnectionPool[Connection]

# Advisory locks. The chain's is held for one transaction, the worker's for as long as its session lives.
CHAIN_LOCK: Final = 0x43575F4348
WORKER_LOCK: Final = 0x43575F5754

STANDINGS_CHANNEL: Final = "arena_standings"
RELEASE_CHANNEL: Final = "arena_release"


async def connect(url: str, name: str, **settings: str) -> Connection:
    """A connection of one's own: every statement prepared, every statement its own transaction unless BEGIN is said."""
    options = " ".join(f"-c {key}={value}" for key, value in settings.items())
    return await psycopg.AsyncConnection.connect(
        url,
        autocommit=True,
        prepare_threshold=0,
        application_name=f"arena {name}",
        connect_timeout=5,
        options=options,
    )


def make_pool(url: str) -> Pool:
    """Connections for the small reads of requests."""
    return AsyncConnectionPool(
        url,
        min_size=1,
        max_size=8,
        max_waiting=512,
        timeout=5,
        open=False,
        kwargs={"autocommit": True, "application_name": "arena reads", "connect_timeout": 5},
    )
