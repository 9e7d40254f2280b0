"""Waiting until a final has a new event: one connection a process listens to PostgreSQL while anybody waits.

Where nothing can be heard (a proxy that pools transactions, a lost connection) waiting simply ends at its time limit,
and whoever waited looks for itself.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Any, Final

import psycopg
from django.db import connection
from psycopg import sql
from psycopg.conninfo import make_conninfo

logger = logging.getLogger(__name__)

CHANNEL: Final = "finals_event"
_IDLE_SECONDS: Final = 30


class _Ear:
    """The listening connection of one event loop, and who waits for which final."""

    def __init__(self) -> None:
        self.waiting: dict[str, set[asyncio.Future[None]]] = {}
        self.task: asyncio.Task[None] | None = None

    async def wait(self, final: str, seconds: float) -> None:
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self._listen())
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.waiting.setdefault(final, set()).add(future)
        try:
            async with asyncio.timeout(seconds):
                await future
        except TimeoutError:
            pass
        finally:
            self.waiting[final].discard(future)
            if not self.waiting[final]:
                del self.waiting[final]

    async def _listen(self) -> None:
        try:
            async with await psycopg.AsyncConnection.connect(_address(), autocommit=True) as heard:
                await heard.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
                quiet = 0
                while quiet < _IDLE_SECONDS:
                    async for notice in heard.notifies(timeout=1):
                        self._wake(notice.payload)
                    quiet = 0 if self.waiting else quiet + 1
        except (psycopg.Error, OSError) as error:
            logger.warning("finals are not heard of, only looked for: %s", error)
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(1)

    def _wake(self, final: str) -> None:
        for future in list(self.waiting.get(final, ())):
            if not future.done():
                future.set_result(None)


_ears: dict[int, _Ear] = {}


async def next_change(final: int, *, seconds: float) -> None:
    """Returns when the final has a new event, and at the latest after `seconds`."""
    ear = _ears.setdefault(id(asyncio.get_running_loop()), _Ear())
    await ear.wait(str(final), seconds)


def _address() -> str:
    told = connection.settings_dict
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    parts: dict[str, Any] = {name: told[key] for key, name in names.items() if told.get(key)}
    parts |= {key: value for key, value in told["OPTIONS"].items() if isinstance(value, str | int)}
    return make_conninfo(**parts)
