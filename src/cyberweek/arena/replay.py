"""Replay: the whole ledger audited again from the database, and the boards held against those that are shown.

What holds is decided by `knowledge.core.audit`, as for an export; nothing is shared with the standings' SQL.
"""

from collections.abc import Iterator
from typing import Final

import msgspec
import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from psycopg.rows import TupleRow

from cyberweek.arena.regions import ALL
from cyberweek.knowledge.core.audit import Audit, Place, Ruled
from cyberweek.knowledge.core.boards import TABLES, board_hash, canonical
from cyberweek.knowledge.core.chain import GENESIS, read_entry
from cyberweek.knowledge.core.ledgers import BATCHES, LINES, SHOWN, TOLD, Told, gathered, lines_of
from cyberweek.knowledge.core.marking import Marker
from cyberweek.knowledge.core.release import open_pack

RELEASES: Final = "SELECT contest, number, pack, sha256 FROM knowledge_release WHERE published IS NOT NULL"
PROGRESS: Final = "SELECT batch FROM standing_progress"
Connection = psycopg.Connection[TupleRow]
_LAST: Final = (1 << 63) - 1


class Report(msgspec.Struct):
    batches: int = 0
    entries: int = 0
    submits: int = 0
    head: str = ""
    boards: str = ""
    """SHA-256 over the rebuilt projections."""
    faults: list[str] = []

    @property
    def holds(self) -> bool:
        return not self.faults


def replay(dsn: str, key: Ed25519PublicKey | None = None) -> Report:
    """Rereads everything in one snapshot; with the public key, signatures are verified too."""
    report = Report()
    with psycopg.connect(dsn) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        connection.execute("SET LOCAL datestyle TO ISO")  # as the ledger's lines have their days
        (progress,) = connection.execute(PROGRESS).fetchone() or (0,)
        audit = _audit(connection, progress, key, report)
        for told in _ledger(connection):
            if told.batch is None:
                report.faults.append(f"batch {told.number}: entries belong to it, and it is not in the chain")
                continue
            if not told.in_place:
                report.faults.append(f"batch {told.number}: its entries are not numbered on from 0")
            if not told.lines:
                report.faults.append(f"batch {told.number}: its entries are not those that were hashed: there are none")
            # The last batches' entries may be ones that the standings have yet to read.
            audit.batch(told.batch, told.head, told.lines, counts=told.number <= progress)
        audit.end()
        rebuilt = audit.boards.tables()
        shown = {name: canonical(connection.execute(query, {"contest": None})) for name, query in SHOWN.items()}
    report.faults.extend(
        f"the projection {name} differs from the ledger" for name in TABLES if rebuilt[name] != shown[name]
    )
    report.batches, report.entries, report.submits = audit.batches, audit.entries, audit.papers
    report.head = audit.head.hex() if audit.batches else ""
    report.boards = board_hash(rebuilt)
    return report


def _audit(connection: Connection, progress: int, key: Ed25519PublicKey | None, report: Report) -> Audit:
    """An audit of all contests, with the rulings that the standings have read."""

    def found(place: Place, text: str) -> None:
        where = f"batch {place.batch}" if place.position is None else f"batch {place.batch}, position {place.position}"
        report.faults.append(f"{where}: {text}" + (f" (attempt {place.attempt})" if place.attempt else ""))

    markers = {
        (contest, number): Marker(open_pack(bytes(data), digest))
        for contest, number, data, digest in connection.execute(RELEASES)
    }
    with connection.cursor().copy(TOLD, [progress]) as copied:
        told = [Ruled(batch, position, read_entry(line)) for batch, position, line in lines_of(copied)]
    audit = Audit(
        markers=markers,
        ancestry={code: list(ancestry) for code, _, ancestry in connection.execute(ALL)},
        told=told,
        key=key,
        found=found,
    )
    audit.begin(1, GENESIS)
    return audit


def _ledger(connection: Connection) -> Iterator[Told]:
    """Every batch with its entries, in order; at the end entries that belong to no batch."""
    after = 0
    while True:
        rows = connection.execute(BATCHES, [after, _LAST]).fetchall()
        until = rows[-1][0] if rows else _LAST
        with connection.cursor().copy(LINES, [after, until]) as copied:
            yield from gathered(rows, copied)
        if not rows:
            return
        after = until
