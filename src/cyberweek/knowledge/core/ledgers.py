"""The ledger as it comes from PostgreSQL, put together batch by batch: what `replay` and the export both read.

An entry's line is the very text that COPY writes for its row, so nothing is converted on the way. This module reads no
database itself: who has a connection runs BATCHES and LINES and passes on what they give, in one snapshot.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from cyberweek.knowledge.core.chain import Batch, Entry

Buffer = bytes | bytearray | memoryview

BATCHES: Final = """
    SELECT number, previous, size, at_ms, root, signature, head FROM ledger_batch
    WHERE number > %s AND number <= %s ORDER BY number LIMIT 2000
"""
LINES: Final = f"""
    COPY (SELECT batch, position, {", ".join(Entry.__struct_fields__)} FROM ledger_entry
          WHERE batch > %s AND batch <= %s ORDER BY batch, position) TO STDOUT
"""  # noqa: S608 -- the names of our own columns

TOLD: Final = f"""
    COPY (SELECT batch, position, {", ".join(Entry.__struct_fields__)} FROM ledger_entry
          WHERE kind IN ('exclude', 'readmit', 'regrade', 'draw') AND batch <= %s ORDER BY batch, position) TO STDOUT
"""  # noqa: S608 -- as above
_OF: Final = "(%(contest)s::text IS NULL OR contest = %(contest)s)"
SHOWN: Final = {
    "best": f"""SELECT contest, participant::text, ancestry, score, seconds, at_ms, attempt::text FROM standing_best
        WHERE {_OF} ORDER BY contest COLLATE "C", participant""",  # noqa: S608 -- as above
    "top": f"""SELECT contest, region, participant::text, score, seconds, at_ms, attempt::text FROM standing_top
        WHERE {_OF} ORDER BY contest COLLATE "C", region COLLATE "C", participant""",  # noqa: S608 -- as above
    "histogram": f"""SELECT contest, region, score, seconds, participants FROM standing_histogram
        WHERE {_OF} AND participants <> 0
        ORDER BY contest COLLATE "C", region COLLATE "C", score::text COLLATE "C", seconds::text COLLATE "C" """,  # noqa: S608 -- as above
    "region": f"""SELECT contest, region, participants, papers FROM standing_region
        WHERE {_OF} ORDER BY contest COLLATE "C", region COLLATE "C" """,  # noqa: S608 -- as above
    "topic": f"""SELECT contest, topic, correct, answered FROM standing_topic
        WHERE {_OF} ORDER BY contest COLLATE "C", topic COLLATE "C" """,  # noqa: S608 -- as above
    "minute": f"""SELECT contest, minute, papers FROM standing_minute
        WHERE {_OF} ORDER BY contest COLLATE "C", minute::text COLLATE "C" """,  # noqa: S608 -- as above
}  # fmt: skip
"""The boards as they are shown, of one contest or (NULL) of all, in the order in which `board_hash` takes their rows."""


class Told(NamedTuple):
    """A batch with its stored head and its entries' lines; `batch` is None where entries belong to none."""

    number: int
    batch: Batch | None
    head: bytes
    lines: list[bytes]
    in_place: bool
    """Whether the entries have the positions 0, 1, 2, …"""


def batch_from(row: Sequence[Any]) -> tuple[Batch, bytes]:
    """A row of BATCHES: the batch, and its head as it is stored."""
    number, previous, size, at_ms, root, signature, head = row
    return Batch(number, bytes(previous), size, at_ms, bytes(root), bytes(signature)), bytes(head)


def gathered(rows: Iterable[Sequence[Any]], copied: Iterable[Buffer]) -> Iterator[Told]:
    """Rows of BATCHES with the lines of LINES for the same range, both in order."""
    lines = _Rows(copied)
    for row in rows:
        batch, head = batch_from(row)
        yield from lines.strays(batch.number)
        found, in_place = lines.of(batch.number)
        yield Told(batch.number, batch, head, found, in_place)
    yield from lines.strays(None)


class _Rows:
    """Lines of COPY with one in hand."""

    def __init__(self, copied: Iterable[Buffer]) -> None:
        self._lines = lines_of(copied)
        self._next = next(self._lines, None)

    def of(self, number: int) -> tuple[list[bytes], bool]:
        found: list[bytes] = []
        in_place = True
        while self._next is not None and self._next[0] == number:
            in_place &= self._next[1] == len(found)
            found.append(self._next[2])
            self._next = next(self._lines, None)
        return found, in_place

    def strays(self, before: int | None) -> Iterator[Told]:
        while self._next is not None and (before is None or self._next[0] < before):
            number = self._next[0]
            yield Told(number, None, b"", *self.of(number))


def lines_of(copied: Iterable[Buffer]) -> Iterator[tuple[int, int, bytes]]:
    """Batch, position and line of each row; a driver may cut the stream wherever it likes."""
    rest = b""
    for piece in copied:
        *whole, rest = (rest + bytes(piece)).split(b"\n")
        for row in whole:
            batch, position, line = row.split(b"\t", 2)
            yield int(batch), int(position), line
