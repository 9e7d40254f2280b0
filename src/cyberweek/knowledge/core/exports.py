"""The export of one contest: a file of text lines from which a stranger computes the result again (docs/export.md).

    line      = checksum, tab, kind, (tab, field)…, newline: UTF-8, at most LINE_LIMIT bytes
    checksum  = CRC-32 of the line after the first tab, continued from the checksum of the line before; 8 hex digits

So a damaged, missing, doubled or displaced line is named by its number, and the lines after it are judged on their own.
Checksums find accidents; what finds forgers is the hash of everything before and its signature at the end, and the
chain of batches within.
"""

import base64
from binascii import crc32
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from cyberweek.knowledge.core.chain import Batch
from cyberweek.knowledge.core.pruning import Node, prune
from cyberweek.knowledge.core.release import SealedRelease

NAME: Final = "cyberweek export"
VERSION: Final = "1"
LINE_LIMIT: Final = 65_536
PACK_PIECE: Final = 8_000
"""Characters of a pack on one line: a pack is canonical JSON, so it holds neither tabs nor newlines."""
CHECKSUM: Final = 8
_SEALED: Final = b"cyberweek export"


def checksum(content: bytes, before: int) -> int:
    """The checksum of a line: `content` is what stands between its first tab and its newline."""
    return crc32(content, before)


def key_text(key: Ed25519PublicKey) -> str:
    """A public key as it stands in an export and at /arena/v1/ledger: base64."""
    return base64.b64encode(key.public_bytes_raw()).decode()


def key_from(text: str) -> Ed25519PublicKey:
    """Raises ValueError for what is no public key."""
    return Ed25519PublicKey.from_public_bytes(base64.b64decode(text, validate=True))


def fingerprint(key: Ed25519PublicKey) -> str:
    """A public key for reading aloud and printing: SHA-256 in groups of four digits."""
    digits = sha256(key.public_bytes_raw()).hexdigest()
    return " ".join(digits[place : place + 4] for place in range(0, len(digits), 4))


def sealed_hash(digest: bytes) -> bytes:
    """What the signature at the end is made of: an export's hash is never mistaken for a batch's head."""
    return _SEALED + digest


class Exporter:
    """Writes an export; its methods are called in the order in which they stand here."""

    def __init__(self, write: Callable[[bytes], object], key: Ed25519PrivateKey) -> None:
        self._write = write
        self._key = key
        self._hash = sha256()
        self._checksum = 0
        self._contest = b""
        self.size = 0
        self.batches = self.entries = self.papers = 0

    def begin(self, *, contest: str, made_ms: int, first: int, last: int, previous: bytes) -> None:
        """`previous` is the head that batch `first` follows; with last = first - 1 there is no batch at all."""
        self._contest = contest.encode()
        self._line(NAME, VERSION)
        self._line("contest", contest)
        self._line("made", made_ms)
        self._line("key", key_text(self._key.public_key()))
        self._line("batches", first, last, previous.hex())

    def release(self, number: int, sealed: SealedRelease) -> None:
        text = sealed.pack.decode()
        self._line("release", number, sealed.sha256, len(sealed.pack))
        for place in range(0, len(text), PACK_PIECE):
            self._line("pack", text[place : place + PACK_PIECE])

    def region(self, code: str, ancestry: Sequence[str]) -> None:
        self._line("region", code, ",".join(ancestry))

    def told(self, batch: int, position: int, line: bytes) -> None:
        """Rulings and steps of draws stand before the batches, so that one pass is enough; and in their batches too."""
        kind = b"draw" if line.startswith(b"draw\t") else b"ruling"
        self._bytes(b"%b\t%d\t%d\t%b" % (kind, batch, position, line))

    def batch(self, batch: Batch, head: bytes, entries: Sequence[bytes]) -> None:
        """With all entries of the batch; only those of this contest are written, the others are stood for."""
        signature = base64.b64encode(batch.signature).decode()
        self._line("batch", batch.number, batch.size, batch.at_ms, batch.root.hex(), head.hex(), signature)
        self.batches += 1
        told = [contest_of(entry) == self._contest for entry in entries]
        if any(told):
            for part in prune(entries, told):
                if isinstance(part, Node):
                    self._line("node", part.level, part.hash.hex())
                else:
                    self._bytes(b"entry\t" + part)
                    self.entries += 1
                    self.papers += part.startswith(b"submit\t")

    def end(self, boards: str) -> str:
        """`boards` is the hash of the boards as the server shows them. Returns the SHA-256 of the whole file."""
        self._line("counts", self.batches, self.entries, self.papers)
        self._line("boards", boards)
        digest = self._hash.digest()
        self._line("sha256", digest.hex())
        self._line("signature", base64.b64encode(self._key.sign(sealed_hash(digest))).decode())
        return self._hash.hexdigest()

    def _line(self, *fields: object) -> None:
        self._bytes("\t".join(map(str, fields)).encode())

    def _bytes(self, content: bytes) -> None:
        if len(content) + CHECKSUM + 2 > LINE_LIMIT or b"\n" in content:
            raise ValueError(f"an export cannot hold this line: {content[:80]!r}")
        self._checksum = checksum(content, self._checksum)
        line = b"%08x\t%b\n" % (self._checksum, content)
        self._hash.update(line)
        self.size += len(line)
        self._write(line)


def contest_of(line: bytes) -> bytes:
    """The contest that an entry's line belongs to, without reading the rest of it."""
    return line.split(b"\t", 4)[3]
