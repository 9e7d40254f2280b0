"""Writing the export of a contest from the database: one snapshot, streamed, docs/export.md byte for byte."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connections

from cyberweek.knowledge.core.boards import TABLES, hash_in_order
from cyberweek.knowledge.core.chain import GENESIS
from cyberweek.knowledge.core.exports import Exporter, contest_of
from cyberweek.knowledge.core.ledgers import BATCHES, LINES, SHOWN, TOLD, gathered, lines_of
from cyberweek.knowledge.core.release import SealedRelease, open_pack

AFTER_CLOSE: Final = dt.timedelta(seconds=60)
"""How long after its last grace period a contest is left alone: what was on its way then is in the ledger now."""
EXTENT: Final = "SELECT region, min(batch) FROM ledger_entry WHERE contest = %s GROUP BY region"
REGIONS: Final = "SELECT code, ancestry FROM regions_region WHERE code = ANY(%s) ORDER BY ancestry"
RELEASES: Final = """
    SELECT number, pack, sha256 FROM knowledge_release WHERE contest = %s AND published IS NOT NULL ORDER BY number
"""


class NotYetError(Exception):
    """The export cannot be made now; `reason` says why: unknown, open, behind."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Written(NamedTuple):
    first: int
    last: int
    head: str
    boards: str
    entries: int
    papers: int
    size: int
    sha256: str


@contextmanager
def snapshot() -> Iterator[Any]:
    """A psycopg connection of its own that reads one state of the database, whatever happens meanwhile."""
    wrapper = connections.create_connection("default")
    try:
        wrapper.ensure_connection()
        raw: Any = wrapper.connection
        raw.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        raw.execute("SET LOCAL datestyle TO ISO")  # as the ledger's lines have their days
        yield raw
        raw.execute("ROLLBACK")
    finally:
        wrapper.close()


def write_export(
    contest: str, *, write: Callable[[bytes], object], key: Ed25519PrivateKey, now: dt.datetime
) -> Written:
    """Write a closed contest's export; raises NotYetError. Nothing is written before it is sure that it can be."""
    with snapshot() as raw:
        releases = [
            (number, SealedRelease(bytes(pack), sha256)) for number, pack, sha256 in raw.execute(RELEASES, [contest])
        ]
        last = _last_batch(raw, contest, _end_of(releases), now)
        extent = dict(raw.execute(EXTENT, [contest]).fetchall())
        first = min(extent.values(), default=last + 1)
        exporter = Exporter(write, key)
        previous = _head_of(raw, first - 1)
        exporter.begin(contest=contest, made_ms=int(now.timestamp() * 1000), first=first, last=last, previous=previous)
        for number, sealed in releases:
            exporter.release(number, sealed)
        for code, ancestry in raw.execute(REGIONS, [list(extent)]).fetchall():
            exporter.region(code, ancestry)
        for batch, position, line in _told(raw, contest, last):
            exporter.told(batch, position, line)
        _copy_batches(raw, exporter, first, last)
        boards = hash_in_order(_streamed(raw, SHOWN[name], {"contest": contest}) for name in TABLES)
        head = _head_of(raw, last).hex()
        sha256 = exporter.end(boards)
    return Written(first, last, head, boards, exporter.entries, exporter.papers, exporter.size, sha256)


def _end_of(releases: list[tuple[int, SealedRelease]]) -> dt.datetime:
    """Until when answers may come, whichever release they are for."""
    if not releases:
        raise NotYetError("unknown")
    packs = [open_pack(sealed.pack, sealed.sha256) for _number, sealed in releases]
    return max(pack.closes + dt.timedelta(seconds=pack.grace_seconds) for pack in packs)


def _last_batch(raw: Any, contest: str, end: dt.datetime, now: dt.datetime) -> int:
    """The batch up to which the standings have read: the boards are those of exactly this state of the ledger."""
    if now < end + AFTER_CLOSE:
        raise NotYetError("open")
    (last,) = raw.execute("SELECT batch FROM standing_progress").fetchone()
    (tip,) = raw.execute("SELECT coalesce(max(number), 0) FROM ledger_batch").fetchone()
    at_ms = (raw.execute("SELECT at_ms FROM ledger_batch WHERE number = %s", [last]).fetchone() or (0,))[0]
    newest = max((batch for batch, _, _ in _told(raw, contest, tip)), default=0)
    if newest > last or (last < tip and at_ms <= end.timestamp() * 1000):
        raise NotYetError("behind")
    return int(last)


def _head_of(raw: Any, batch: int) -> bytes:
    row = raw.execute("SELECT head FROM ledger_batch WHERE number = %s", [batch]).fetchone()
    return bytes(row[0]) if row else GENESIS


def _told(raw: Any, contest: str, last: int) -> list[tuple[int, int, bytes]]:
    with raw.cursor().copy(TOLD, [last]) as copied:
        return [row for row in lines_of(copied) if contest_of(row[2]) == contest.encode()]


def _copy_batches(raw: Any, exporter: Exporter, first: int, last: int) -> None:
    after = first - 1
    while rows := raw.execute(BATCHES, [after, last]).fetchall():
        until = rows[-1][0]
        with raw.cursor().copy(LINES, [after, until]) as copied:
            for told in gathered(rows, copied):
                if told.batch is not None:
                    exporter.batch(told.batch, told.head, told.lines)
        after = until


def _streamed(raw: Any, query: str, parameters: dict[str, Any]) -> Iterator[Any]:
    with raw.cursor("export_rows") as cursor:
        cursor.itersize = 10_000
        cursor.execute(query, parameters)
        yield from cursor
