"""Replay: the whole contest computed again from the ledger and the releases, and compared with what is shown.

It shares no code with the standings' SQL: boards are rebuilt by `knowledge.core.boards`. What it finds is named.
"""

from collections.abc import Iterator
from typing import Final

import msgspec
import psycopg
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from psycopg.rows import TupleRow

from cyberweek.arena.ledger import COLUMNS
from cyberweek.arena.regions import ALL
from cyberweek.knowledge.core.boards import TABLES, Boards, board_hash, canonical
from cyberweek.knowledge.core.chain import GENESIS, Batch, Entry, Tree
from cyberweek.knowledge.core.marking import Marker
from cyberweek.knowledge.core.release import open_pack
from cyberweek.knowledge.core.rulings import RULINGS, rulings_of

RELEASES: Final = "SELECT contest, number, pack, sha256 FROM knowledge_release WHERE published IS NOT NULL"
BATCHES: Final = "SELECT number, previous, size, at_ms, root, signature, head FROM ledger_batch ORDER BY number"
# Batch by batch; the last batch's entries are those that the standings have read when the snapshot was taken.
ENTRIES: Final = f"SELECT s.batch, {COLUMNS} FROM ledger_entry s ORDER BY s.batch, s.position"  # noqa: S608 -- constants
PROGRESS: Final = "SELECT batch FROM standing_progress"
RULED: Final = f"SELECT {COLUMNS} FROM ledger_entry s WHERE kind = ANY(%s) AND batch <= %s ORDER BY batch, position"  # noqa: S608 -- as above
SHOWN: Final = {
    "best": "SELECT contest, participant::text, ancestry, score, seconds, at_ms, attempt::text FROM standing_best",
    "top": "SELECT contest, region, participant::text, score, seconds, at_ms, attempt::text FROM standing_top",
    "histogram": "SELECT contest, region, score, seconds, participants FROM standing_histogram WHERE participants <> 0",
    "region": "SELECT contest, region, participants, papers FROM standing_region",
    "topic": "SELECT contest, topic, correct, answered FROM standing_topic",
    "minute": "SELECT contest, minute, papers FROM standing_minute",
}
Connection = psycopg.Connection[TupleRow]


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
        markers = {
            (contest, number): Marker(open_pack(bytes(data), digest))
            for contest, number, data, digest in connection.execute(RELEASES)
        }
        ancestry = {code: list(ancestry) for code, _, ancestry in connection.execute(ALL)}
        (progress,) = connection.execute(PROGRESS).fetchone() or (0,)
        ruled = connection.execute(RULED, [list(RULINGS), progress]).fetchall()
        boards = Boards(markers, ancestry, rulings_of(Entry(*row) for row in ruled))
        for batch, entry in _verified(connection, key, report):
            if entry.kind not in {"submit", "step"}:
                continue
            report.submits += entry.kind == "submit"
            marker = markers.get((entry.contest, entry.release))
            if marker is None:
                report.faults.append(f"attempt {entry.attempt}: release {entry.contest} {entry.release} is unknown")
                continue
            report.faults.extend(_faults_of_paper(entry, marker))
            if batch <= progress:
                boards.add(entry)
        rebuilt = boards.tables()
        shown = {name: canonical(connection.execute(query)) for name, query in SHOWN.items()}
    report.faults.extend(
        f"the projection {name} differs from the ledger" for name in TABLES if rebuilt[name] != shown[name]
    )
    report.boards = board_hash(rebuilt)
    return report


def _verified(connection: Connection, key: Ed25519PublicKey | None, report: Report) -> Iterator[tuple[int, Entry]]:
    """Every entry in order; faults of the chain go into the report as they are met."""
    head = GENESIS
    with connection.cursor("replay_entries") as cursor:
        cursor.execute(ENTRIES)
        rows = iter(cursor)
        row = next(rows, None)
        for *fields, stored_head in connection.execute(BATCHES).fetchall():
            batch = Batch(*fields)
            lines: list[bytes] = []
            while row is not None and row[0] == batch.number:
                entry = Entry(*row[1:])
                lines.append(entry.line())
                yield batch.number, entry
                row = next(rows, None)
            report.batches += 1
            report.entries += len(lines)
            report.faults.extend(_faults_of_batch(batch, report.batches, head, lines, bytes(stored_head), key))
            head = bytes(stored_head)
        if row is not None:
            report.faults.append(f"an entry belongs to batch {row[0]}, which is not in the chain")
    report.head = head.hex()


def _faults_of_batch(
    batch: Batch, number: int, previous: bytes, lines: list[bytes], head: bytes, key: Ed25519PublicKey | None
) -> Iterator[str]:
    if batch.number != number:
        yield f"batch {number} is missing: batch {batch.number} stands in its place"
    if bytes(batch.previous) != previous:
        yield f"batch {batch.number} does not follow the batch before it"
    if len(lines) != batch.size or not lines or Tree(lines).root != bytes(batch.root):
        yield f"batch {batch.number}: its entries are not those that were hashed"
    if batch.head != head:
        yield f"batch {batch.number}: its head is not the hash of its contents"
    if key is not None:
        try:
            key.verify(bytes(batch.signature), head)
        except InvalidSignature:
            yield f"batch {batch.number}: its signature does not hold"


def _faults_of_paper(entry: Entry, marker: Marker) -> Iterator[str]:
    marks = marker.mark(entry)
    if (entry.answered, entry.correct, entry.score) != marks:
        yield f"attempt {entry.attempt}: graded {entry.score}, replay says {marks.score}"
