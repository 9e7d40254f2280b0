"""Replay: the whole contest computed again from the ledger and the releases, and compared with what is shown.

It shares no code with the standings' SQL: boards are rebuilt by plain Python from the entries. What it finds is named.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from hashlib import sha256
from typing import Any, Final

import msgspec
import psycopg
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from psycopg.rows import TupleRow

from cyberweek.arena.ledger import COLUMNS
from cyberweek.arena.regions import ALL
from cyberweek.arena.releases import Release
from cyberweek.knowledge.core.chain import GENESIS, Batch, Entry, Tree
from cyberweek.knowledge.core.grading import grade
from cyberweek.knowledge.core.release import open_pack

RELEASES: Final = "SELECT contest, number, pack, sha256 FROM knowledge_release WHERE published IS NOT NULL"
BATCHES: Final = "SELECT number, previous, size, at_ms, root, signature, head FROM ledger_batch ORDER BY number"
# Batch by batch; the last batch's entries are those that the standings have read when the snapshot was taken.
ENTRIES: Final = f"SELECT s.batch, {COLUMNS} FROM ledger_entry s ORDER BY s.batch, s.position"  # noqa: S608 -- constants
PROGRESS: Final = "SELECT batch FROM standing_progress"
TABLES: Final = {
    "best": "SELECT contest, participant::text, ancestry, score, seconds, at_ms, attempt::text FROM standing_best",
    "top": "SELECT contest, region, participant::text, score, seconds, at_ms, attempt::text FROM standing_top",
    "histogram": "SELECT contest, region, score, seconds, participants FROM standing_histogram WHERE participants <> 0",
    "region": "SELECT contest, region, participants, papers FROM standing_region",
    "topic": "SELECT contest, topic, correct, answered FROM standing_topic",
    "minute": "SELECT contest, minute, papers FROM standing_minute",
}
Connection = psycopg.Connection[TupleRow]
Tables = dict[str, bytes]


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
        releases = {
            (contest, number): Release(open_pack(bytes(data), digest))
            for contest, number, data, digest in connection.execute(RELEASES)
        }
        regions = {code: list(ancestry) for code, _, ancestry in connection.execute(ALL)}
        progress = connection.execute(PROGRESS).fetchone()
        boards = _Boards(regions)
        for batch, entry in _verified(connection, key, report):
            if entry.kind != "submit":
                continue
            report.submits += 1
            release = releases.get((entry.contest, entry.release))
            if release is None:
                report.faults.append(f"attempt {entry.attempt}: release {entry.contest} {entry.release} is unknown")
                continue
            report.faults.extend(_faults_of_paper(entry, release))
            if progress and batch <= progress[0] and not release.pack.practice:
                boards.count(entry, release)
        rebuilt = boards.tables()
        shown = {name: _canonical(connection.execute(query).fetchall()) for name, query in TABLES.items()}
    report.faults.extend(
        f"the projection {name} differs from the ledger" for name in TABLES if rebuilt[name] != shown[name]
    )
    report.boards = sha256(b"".join(rebuilt[name] for name in TABLES)).hexdigest()
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


def _faults_of_paper(entry: Entry, release: Release) -> Iterator[str]:
    paper = release.deck.draw(entry.participant, entry.day, entry.ordinal)
    result = grade([release.questions[place] for place in paper.items], entry.answers)
    score = result.correct.bit_count() * release.pack.points
    if (entry.answered, entry.correct, entry.score) != (result.answered, result.correct, score):
        yield f"attempt {entry.attempt}: graded {entry.score}, replay says {score}"


class _Boards:
    """The projections of `standings`, the slow and plain way."""

    def __init__(self, regions: dict[str, list[str]]) -> None:
        self._regions = regions
        self._papers: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        self._region_papers: Counter[tuple[str, str]] = Counter()
        self._topics: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
        self._minutes: Counter[tuple[str, int]] = Counter()

    def count(self, entry: Entry, release: Release) -> None:
        self._papers[entry.contest, entry.participant].append(entry)
        self._minutes[entry.contest, entry.at_ms // 60_000] += 1
        for region in self._ancestry(entry):
            self._region_papers[entry.contest, region] += 1
        for topic, mask in release.topics.items():
            self._topics[entry.contest, topic][0] += (entry.correct & mask).bit_count()
            self._topics[entry.contest, topic][1] += (entry.answered & mask).bit_count()

    def tables(self) -> Tables:
        bests = [min(papers, key=_board_order) for papers in self._papers.values()]
        histogram = Counter((e.contest, region, e.score, e.seconds) for e in bests for region in self._ancestry(e))
        people = Counter((e.contest, region) for e in bests for region in self._ancestry(e))
        return {
            "best": _canonical(
                [(e.contest, e.participant, self._ancestry(e), e.score, e.seconds, e.at_ms, e.attempt) for e in bests]
            ),
            "top": _canonical(list(self._top(bests))),
            "histogram": _canonical([(*cell, count) for cell, count in histogram.items()]),
            "region": _canonical([(*place, people[place], papers) for place, papers in self._region_papers.items()]),
            "topic": _canonical([(*topic, *counts) for topic, counts in self._topics.items()]),
            "minute": _canonical([(*minute, papers) for minute, papers in self._minutes.items()]),
        }

    def _top(self, bests: list[Entry]) -> Iterator[tuple[object, ...]]:
        boards: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        for entry in sorted(bests, key=_board_order):
            for region in self._ancestry(entry):
                boards[entry.contest, region].append(entry)
        for (contest, region), board in boards.items():
            for e in board[:20]:
                yield contest, region, e.participant, e.score, e.seconds, e.at_ms, e.attempt

    def _ancestry(self, entry: Entry) -> list[str]:
        return self._regions.get(entry.region, [entry.region])


def _board_order(entry: Entry) -> tuple[object, ...]:
    return -entry.score, entry.seconds, entry.at_ms, entry.attempt


def _canonical(rows: list[Any]) -> bytes:
    return b"\n".join(sorted(msgspec.json.encode(row) for row in rows))
