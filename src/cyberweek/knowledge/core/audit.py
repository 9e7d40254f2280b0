"""The audit of a ledger: chain, trees, signatures, every paper marked again, every board rebuilt.

`cyberweek replay` feeds it from the database, `cyberweek verify` from an export: what holds is decided here alone. It
streams: batches come one after another, and what is kept of them is a participant's best and what is still open.
"""

import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Final, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from cyberweek.knowledge.core.boards import Boards
from cyberweek.knowledge.core.chain import Batch, Entry, chain_head, read_entry
from cyberweek.knowledge.core.conduct import Conduct
from cyberweek.knowledge.core.marking import Marker
from cyberweek.knowledge.core.pruning import Node, Part, PruningError, fold
from cyberweek.knowledge.core.rulings import RULINGS, rulings_of

OF_ORGANISERS: Final = frozenset({*RULINGS, "draw"})


class Ruled(NamedTuple):
    """An organiser's entry (a ruling, a step of a draw) and its place in the ledger."""

    batch: int
    position: int
    entry: Entry


class Place(NamedTuple):
    """What a fault concerns; what is not known is None."""

    batch: int | None = None
    position: int | None = None
    attempt: str | None = None


Found = Callable[[Place, str], None]


class Audit:
    """`told` are the organisers' entries, of which the boards follow the rulings; `found` is called with each fault as
    it is met, `seen` with each entry and its batch."""

    def __init__(
        self,
        *,
        markers: Mapping[tuple[str, int], Marker],
        ancestry: Mapping[str, Sequence[str]],
        told: Sequence[Ruled],
        key: Ed25519PublicKey | None,
        found: Found,
        seen: Callable[[int, Entry], None] = lambda _batch, _entry: None,
        contest: str | None = None,
    ) -> None:
        self._markers = markers
        self._key = key
        self._found = found
        self._contest = contest
        self._seen = seen
        self._told = {(ruled.batch, ruled.position): ruled.entry for ruled in told}
        self._conduct = Conduct(markers)
        self._expected: int | None = None
        self.boards = Boards(markers, ancestry, rulings_of(ruled.entry for ruled in told))
        self.head = b""
        self.batches = self.entries = self.papers = 0

    def begin(self, first: int, previous: bytes) -> None:
        """The chain is read from this batch on, which follows this head."""
        self._expected, self.head = first, previous

    def batch(self, batch: Batch, head: bytes, parts: Sequence[Part], *, counts: bool = True) -> None:
        """The next batch. Without parts nothing of it is told, and its signed root is believed."""
        self.batches += 1
        for fault in self._faults_of_batch(batch, head, parts):
            self._found(Place(batch.number), fault)
        self._expected, self.head = batch.number + 1, head
        position = 0
        for part in parts:
            if isinstance(part, Node):
                position = min(position + (1 << min(part.level, 40)), batch.size)
                continue
            self._entry(part, batch.number, position, counts=counts)
            position += 1

    def end(self) -> None:
        """What can be said only after the last batch."""
        for batch, position in sorted(self._told):
            self._found(Place(batch, position), "a ruling or a draw is told that the ledger does not hold there")

    def _faults_of_batch(self, batch: Batch, head: bytes, parts: Sequence[Part]) -> Iterator[str]:
        if self._expected is not None and batch.number != self._expected:
            yield f"it stands where batch {self._expected} belongs"
        if batch.previous != self.head:
            yield "it does not follow the batch before it"
        if parts:
            try:
                root = fold(batch.size, parts)
            except PruningError as error:
                yield f"its entries are not those that were hashed: {error}"
            else:
                if root != batch.root:
                    yield "its entries are not those that were hashed"
        if not _holds(batch, head):
            yield "its head is not the hash of its contents"
        if self._key is not None:
            try:
                self._key.verify(batch.signature, head)
            except InvalidSignature:
                yield "its signature does not hold"

    def _entry(self, line: bytes, batch: int, position: int, *, counts: bool) -> None:
        self.entries += 1
        try:
            entry = read_entry(line)
        except ValueError as error:
            self._found(Place(batch, position), f"an entry cannot be read: {error}")
            return
        place = Place(batch, position, entry.attempt)
        if self._contest is not None and entry.contest != self._contest:
            self._found(place, f"the entry belongs to the contest {entry.contest}")
        elif entry.kind in OF_ORGANISERS:
            if counts and self._told.pop((batch, position), None) != entry:
                self._found(place, f"the ledger holds an organiser’s entry ({entry.kind}) that is not told")
            if entry.kind == "regrade" and (entry.contest, entry.release) not in self._markers:
                self._found(place, f"it regrades by release {entry.release}, which is not at hand")
        elif (entry.contest, entry.release) not in self._markers:
            self.papers += entry.kind == "submit"
            self._found(place, f"release {entry.release} of {entry.contest} is not at hand")
        else:
            for fault in self._conduct.faults_of(entry):
                self._found(place, f"the {entry.kind} {fault}")
            self._mark(entry, place, counts=counts)
            self._seen(batch, entry)

    def _mark(self, entry: Entry, place: Place, *, counts: bool) -> None:
        if entry.kind not in {"submit", "step"}:
            return
        self.papers += entry.kind == "submit"
        try:
            marks = self._markers[entry.contest, entry.release].mark(entry)
        except ValueError as error:
            self._found(place, f"the paper cannot be marked: {error}")
            return
        if (entry.answered, entry.correct, entry.score) != marks:
            self._found(place, f"the ledger says {entry.score} points, its answers come to {marks.score}")
        if counts:
            with suppress(KeyError):  # a regrade by a release that is not at hand is said where the ruling stands
                self.boards.add(entry, marks)


def _holds(batch: Batch, head: bytes) -> bool:
    try:
        return chain_head(batch.previous, batch.number, batch.size, batch.at_ms, batch.root) == head
    except struct.error:  # a number that does not fit into 8 bytes
        return False
