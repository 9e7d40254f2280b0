"""The ledger's arithmetic: entries, the Merkle tree of a batch, the chain of batches, receipts.

    entry   = one line of text, fields joined by tabs: exactly what COPY writes for the row after batch and position
    leaf    = SHA-256(00 ‖ entry)            node = SHA-256(01 ‖ left ‖ right)      the tree of RFC 6962
    head    = SHA-256("cyberweek ledger" ‖ previous head ‖ number ‖ size ‖ at_ms, 8 bytes each ‖ root)
    a batch is vouched for by the Ed25519 signature of its head; the first batch follows 32 zero bytes

A receipt holds the entry, its path to the root and what the head is made of, so that it can be checked with the public
key alone.
"""

import struct
from collections.abc import Sequence
from hashlib import sha256
from sys import intern
from typing import Any, Final, Literal, get_args

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from cyberweek.kernel.core.tokens import derive_key, from_text, to_text

GENESIS: Final = bytes(32)
_DOMAIN: Final = b"cyberweek ledger"
_NUMBERS: Final = struct.Struct(">QQQ")

CHAIN_LOCK: Final = 0x43575F4348
"""The advisory lock of PostgreSQL that whoever adds a batch holds for that transaction: it keeps the chain a line."""

NOBODY: Final = "00000000-0000-0000-0000-000000000000"

Kind = Literal["start", "save", "step", "submit", "exclude", "readmit", "regrade", "draw"]


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One fact of the ledger. No name, no address: a participant is a random id and a region.

    What a participant does: `start`, `save`, `step` (one answer of an endless run), `submit`. What an organiser rules:
    `exclude` and `readmit` (a participant), `regrade` (by the keys of `release`); there `answers` is the public reason,
    `attempt` the ruling's own id, and what does not apply is empty, zero or NOBODY. A prize draw's steps are kept the
    same way (`draw`).
    """

    kind: Kind
    day: str
    attempt: str
    contest: str
    participant: str
    region: str
    ordinal: int
    release: int
    at_ms: int
    answers: str = ""
    answered: int = 0
    correct: int = 0
    score: int = 0
    seconds: int = 0
    team: str = ""

    def line(self) -> bytes:
        return (
            f"{self.kind}\t{self.day}\t{self.attempt}\t{self.contest}\t{self.participant}\t{self.region}\t"
            f"{self.ordinal}\t{self.release}\t{self.at_ms}\t{self.answers}\t{self.answered}\t{self.correct}\t"
            f"{self.score}\t{self.seconds}\t{self.team}"
        ).encode()


KINDS: Final = frozenset(get_args(Kind))
_NUMBERED: Final = (6, 7, 8, 10, 11, 12, 13)
_REPEATED: Final = (1, 3, 5, 14)
_TOO_LARGE: Final = 1 << 63


def read_entry(line: bytes) -> Entry:
    """The entry that has this line; raises ValueError unless there is one that would be written exactly so."""
    fields: list[Any] = line.decode().split("\t")
    if len(fields) != len(Entry.__struct_fields__) or fields[0] not in KINDS:
        raise ValueError("it is not an entry's line")
    for place in _REPEATED:  # one copy each, however many entries are kept
        fields[place] = intern(fields[place])
    for place in _NUMBERED:
        fields[place] = int(fields[place])
        if not 0 <= fields[place] < _TOO_LARGE:
            raise ValueError("a number in it is out of range")
    entry = Entry(*fields)
    if entry.line() != line:
        raise ValueError("a number in it is not written as the ledger writes numbers")
    return entry


class Batch(msgspec.Struct, frozen=True):
    number: int
    previous: bytes
    size: int
    at_ms: int
    root: bytes
    signature: bytes

    @property
    def head(self) -> bytes:
        return chain_head(self.previous, self.number, self.size, self.at_ms, self.root)


class Receipt(msgspec.Struct, frozen=True, array_like=True):
    batch: int
    previous: bytes
    size: int
    at_ms: int
    position: int
    path: list[bytes]
    entry: bytes
    signature: bytes


class ReceiptRefusedError(ValueError):
    """The receipt does not prove what it says."""


class Tree:
    """The Merkle tree over the entries of one batch; a node without a sibling is carried up as it is."""

    def __init__(self, entries: Sequence[bytes]) -> None:
        self.entries = entries
        level = [sha256(b"\0" + entry).digest() for entry in entries]
        self._levels = [level]
        while len(level) > 1:
            above = [sha256(b"\1" + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=False)]
            if len(level) % 2:
                above.append(level[-1])
            self._levels.append(above)
            level = above

    @property
    def root(self) -> bytes:
        return self._levels[-1][0]

    def path(self, position: int) -> list[bytes]:
        path = []
        for level in self._levels:
            if position ^ 1 < len(level):
                path.append(level[position ^ 1])
            position >>= 1
        return path


def climb(entry: bytes, position: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that an entry at this position would lead to; raises ValueError when the path has the wrong length."""
    node = sha256(b"\0" + entry).digest()
    siblings = list(path)
    while size > 1:
        if position ^ 1 < size:
            sibling = siblings.pop(0) if siblings else b""
            left, right = (sibling, node) if position & 1 else (node, sibling)
            node = sha256(b"\1" + left + right).digest()
        position, size = position >> 1, (size + 1) >> 1
    if siblings:
        raise ValueError("the path is too long")
    return node


def chain_head(previous: bytes, number: int, size: int, at_ms: int, root: bytes) -> bytes:
    return sha256(_DOMAIN + previous + _NUMBERS.pack(number, size, at_ms) + root).digest()


def signing_key(secret: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(derive_key(secret, "ledger signature"))


def write_receipt(batch: Batch, tree: Tree, position: int) -> str:
    path = tree.path(position)
    entry = tree.entries[position]
    fields = (batch.number, batch.previous, batch.size, batch.at_ms, position, path, entry, batch.signature)
    return to_text(msgspec.msgpack.encode(fields))


def read_receipt(text: str, key: Ed25519PublicKey) -> tuple[Receipt, bytes]:
    """The receipt and the head of its batch; raises ReceiptRefusedError unless it holds under this key."""
    try:
        receipt = msgspec.msgpack.decode(from_text(text), type=Receipt)
        if not 0 <= receipt.position < receipt.size:
            raise ReceiptRefusedError("its position is outside its batch")
        root = climb(receipt.entry, receipt.position, receipt.size, receipt.path)
        head = chain_head(receipt.previous, receipt.batch, receipt.size, receipt.at_ms, root)
        key.verify(receipt.signature, head)
    except (ValueError, struct.error, InvalidSignature) as error:
        raise ReceiptRefusedError("the receipt does not hold") from error
    return receipt, head
