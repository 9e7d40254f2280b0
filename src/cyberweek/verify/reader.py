"""One pass over an export: every line is read, what it says is held against the rest, the ledger goes to the audit."""

import base64
from binascii import Error as NotBase64
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from cyberweek.knowledge.core.audit import OF_ORGANISERS, Audit, Place, Ruled
from cyberweek.knowledge.core.chain import Batch, read_entry
from cyberweek.knowledge.core.exports import NAME, VERSION, fingerprint, key_from, sealed_hash
from cyberweek.knowledge.core.marking import Marker
from cyberweek.knowledge.core.pruning import Node, Part
from cyberweek.knowledge.core.release import open_pack, seal
from cyberweek.verify.draws import Draws
from cyberweek.verify.lines import Lines, opened
from cyberweek.verify.receipts import Receipts
from cyberweek.verify.report import Fault, NotAnExportError, Report, TooManyFaultsError

ORDER: Final = {
    NAME: 0, "contest": 1, "made": 2, "key": 3, "batches": 4, "release": 5, "pack": 5, "region": 6, "ruling": 7, "draw": 7,
    "batch": 8, "entry": 8, "node": 8, "counts": 9, "boards": 10, "sha256": 11, "signature": 12,
}  # fmt: skip
ONCE: Final = (NAME, "contest", "made", "key", "batches", "counts", "boards", "sha256", "signature")
MAX_PACK: Final = 16 * 1024 * 1024
MAX_PACKS: Final = 16 * MAX_PACK
MAX_BATCH: Final = 100_000
_MAX_NUMBER: Final = 1 << 63


def read_export(
    path: Path, *, key: Ed25519PublicKey | None = None, receipts: Sequence[str] = (), heads: Sequence[str] = ()
) -> Report:
    """Checks a whole export; raises NotAnExportError when there is nothing to check."""
    report = Report(key_given=key is not None)
    with opened(path) as file:
        lines = Lines(file, report)
        reader = _Reader(lines, report, key, receipts, heads)
        try:
            for number, content in lines:
                reader.line(number, content)
            reader.end()
        except TooManyFaultsError:
            said = f"so much does not hold that reading stopped after line {lines.number}"
            report.faults.append(Fault(said))
    return report


class _Reader:
    def __init__(
        self, lines: Lines, report: Report, key: Ed25519PublicKey | None, receipts: Sequence[str], heads: Sequence[str]
    ) -> None:
        self._lines = lines
        self._report = report
        self._key = key
        self._receipts = Receipts(receipts, report)
        self._heads = {head.lower() for head in heads}
        self._stage = -1
        self._number = 0
        self._seen: dict[str, int] = {}
        self._previous = b""
        self._release: tuple[int, str, int] | None = None
        self._pieces: list[bytes] = []
        self._packed = 0
        self._markers: dict[tuple[str, int], Marker] = {}
        self._ancestry: dict[str, list[str]] = {}
        self._told: list[Ruled] = []
        self._draws: Draws | None = None
        self._audit: Audit | None = None
        self._batch: tuple[Batch, bytes] | None = None
        self._parts: list[Part] = []
        self._digest = b""
        self._handlers: dict[str, Callable[[bytes], None]] = {
            NAME: self._name, "contest": self._contest, "made": self._made, "key": self._key_line,
            "batches": self._batches, "release": self._release_line, "pack": self._pack,
            "region": self._region, "ruling": self._told_line, "draw": self._told_line, "batch": self._batch_line, "entry": self._entry,
            "node": self._node, "counts": self._counts, "boards": self._boards, "sha256": self._sha256,
            "signature": self._signature,
        }  # fmt: skip

    def line(self, number: int, content: bytes) -> None:
        self._number = number
        kind_bytes, _, rest = content.partition(b"\t")
        if kind_bytes == b"entry" and self._stage == ORDER["entry"]:  # nearly every line
            self._entry(rest)
            return
        kind = kind_bytes.decode("utf-8", "replace")
        if number == 1 and kind != NAME:
            raise NotAnExportError(f"This is no export: line 1 does not begin with “{NAME}”.")
        handler = self._handlers.get(kind)
        if handler is None:
            self._fault(f"no line is of the kind “{kind[:40]}”")
            return
        self._seen[kind] = self._seen.get(kind, 0) + 1
        if kind in ONCE and self._seen[kind] > 1:
            self._fault(f"there is a second line “{kind}”")
            return
        self._move_to(ORDER[kind], kind)
        try:
            handler(rest)
        except (ValueError, NotBase64, IndexError, TypeError, OverflowError) as error:
            self._fault(f"the line “{kind}” cannot be read: {error}")

    def end(self) -> None:
        if not self._number:
            raise NotAnExportError("This is no export: the file is empty.")
        self._finish_ledger()
        for kind in ONCE:
            if kind not in self._seen:
                self._fault(f"the file ends without a line “{kind}”")
        for head in sorted(self._heads - self._report.heads.keys()):
            self._report.add(Fault(f"the head {head} is not that of any batch in the export"))
        self._receipts.end()

    def _fault(self, text: str, *, batch: int | None = None) -> None:
        self._report.add(Fault(text, line=self._number, batch=batch))

    def _move_to(self, stage: int, kind: str) -> None:
        if stage < self._stage:
            self._fault(f"the line “{kind}” stands out of order")
        if kind != "pack":
            self._finish_release()
        if kind not in {"entry", "node"}:
            self._finish_batch()
        if stage > ORDER["batch"]:
            self._finish_ledger()
        self._stage = max(self._stage, stage)

    # -- The head of the file --

    def _name(self, rest: bytes) -> None:
        if rest.decode() != VERSION:
            said = f"line 1: this export is of version {rest.decode()[:20]}; this program reads version {VERSION}."
            raise NotAnExportError(said)

    def _contest(self, rest: bytes) -> None:
        self._report.contest = rest.decode()

    def _made(self, rest: bytes) -> None:
        self._report.made = datetime.fromtimestamp(_number(rest) / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")

    def _key_line(self, rest: bytes) -> None:
        stated = key_from(rest.decode())
        if self._key is None:
            self._key = stated
        elif self._key.public_bytes_raw() != stated.public_bytes_raw():
            self._fault("the export names another key than the one that was given")
        self._report.key = base64.b64encode(self._key.public_bytes_raw()).decode()
        self._report.fingerprint = fingerprint(self._key)
        self._receipts.use(self._key)

    def _batches(self, rest: bytes) -> None:
        first, last, previous = _fields(rest, 3)
        self._report.first, self._report.last = _number(first), _number(last)
        self._previous = _hash(previous)

    # -- Releases, regions, rulings --

    def _release_line(self, rest: bytes) -> None:
        number, digest, size = _fields(rest, 3)
        if _number(size) > MAX_PACK:
            raise ValueError(f"no pack is larger than {MAX_PACK} bytes")
        self._release = _number(number), digest.decode(), _number(size)

    def _pack(self, rest: bytes) -> None:
        self._pieces.append(rest)
        self._packed += len(rest)
        if self._packed > MAX_PACKS:
            raise NotAnExportError(f"line {self._number}: no contest has so many releases.")

    def _finish_release(self) -> None:
        pieces, self._pieces[:] = b"".join(self._pieces), []
        release, self._release = self._release, None
        if release is None:
            if pieces:
                self._fault("a pack stands before its release")
            return
        number, digest, size = release
        try:
            self._open(pieces, number, digest, size)
        except ValueError as error:
            self._fault(f"release {number}, which ends before this line, cannot be used: {error}")

    def _open(self, data: bytes, number: int, digest: str, size: int) -> None:
        if len(data) != size:
            raise ValueError(f"it has {len(data)} bytes instead of {size}")
        pack = open_pack(data, digest)
        seal(pack)  # refuses a pack that contradicts itself, which no honest server has released
        if (pack.contest, pack.number) != (self._report.contest, number):
            raise ValueError(f"it is release {pack.number} of {pack.contest}")
        if (pack.contest, number) in self._markers:
            raise ValueError("it stands twice")
        self._markers[pack.contest, number] = Marker(pack)

    def _region(self, rest: bytes) -> None:
        code, ancestry = _fields(rest, 2)
        if code.decode() in self._ancestry:
            raise ValueError(f"the region {code.decode()} stands twice")
        self._ancestry[code.decode()] = ancestry.decode().split(",")

    def _told_line(self, rest: bytes) -> None:
        batch, position, line = rest.split(b"\t", 2)
        ruled = Ruled(_number(batch), _number(position), read_entry(line))
        if ruled.entry.kind not in OF_ORGANISERS:
            raise ValueError(f"{ruled.entry.kind} is neither a ruling nor of a draw")
        if self._told and self._told[-1][:2] >= ruled[:2]:
            raise ValueError("it does not come after the one before it")
        self._told.append(ruled)

    # -- The ledger --

    def _batch_line(self, rest: bytes) -> None:
        number, size, at_ms, root, head, signature = _fields(rest, 6)
        audit = self._begin_audit()
        if not 0 < _number(size) <= MAX_BATCH:
            self._fault(f"no batch has {_number(size)} entries", batch=_number(number))
        previous = audit.head
        signed = base64.b64decode(signature, validate=True)
        batch = Batch(_number(number), previous, _number(size), _number(at_ms), _hash(root), signed)
        self._batch = batch, _hash(head)

    def _entry(self, rest: bytes) -> None:
        self._part(rest)

    def _node(self, rest: bytes) -> None:
        level, digest = _fields(rest, 2)
        self._part(Node(_number(level), _hash(digest)))

    def _part(self, part: Part) -> None:
        if self._batch is None:
            self._fault("what belongs to a batch stands outside of one")
        elif len(self._parts) >= min(self._batch[0].size, MAX_BATCH):
            self._fault("it is more than its batch holds", batch=self._batch[0].number)
        else:
            self._parts.append(part)

    def _finish_batch(self) -> None:
        if self._batch is None:
            return
        (batch, head), self._batch = self._batch, None
        parts, self._parts = self._parts, []
        self._begin_audit().batch(batch, head, parts)
        self._receipts.batch(batch, head, parts)
        if head.hex() in self._heads:
            self._report.heads[head.hex()] = batch.number

    def _begin_audit(self) -> Audit:
        if self._audit is None:
            self._draws = Draws(self._told, self._markers, self._report)
            self._audit = Audit(
                markers=self._markers,
                ancestry=self._ancestry,
                told=self._told,
                key=self._key,
                found=self._found,
                seen=self._draws.see,
                contest=self._report.contest,
            )
            self._audit.begin(self._report.first, self._previous)
            if self._previous.hex() in self._heads:
                self._report.heads[self._previous.hex()] = self._report.first - 1
        return self._audit

    def _found(self, place: Place, text: str) -> None:
        self._report.add(Fault(text, batch=place.batch, position=place.position, attempt=place.attempt))

    def _finish_ledger(self) -> None:
        if self._report.boards:
            return
        self._finish_batch()
        audit = self._begin_audit()
        audit.end()
        if self._draws is not None:
            self._draws.end()
        report = self._report
        report.batches, report.entries, report.papers = audit.batches, audit.entries, audit.papers
        report.head = audit.head.hex()
        report.boards = audit.boards.hash()
        if audit.batches != report.last - report.first + 1:
            promised = f"{report.first} to {report.last}"
            self._fault(f"the export promises batches {promised}, of these {audit.batches} are here")

    # -- The end of the file --

    def _counts(self, rest: bytes) -> None:
        stated = tuple(_number(field) for field in _fields(rest, 3))
        read = self._report.batches, self._report.entries, self._report.papers
        if stated != read:
            self._fault("counts {} batches, {} entries, {} papers; ".format(*stated) + "read {}, {}, {}".format(*read))

    def _boards(self, rest: bytes) -> None:
        self._report.boards_said = rest.decode()
        if self._report.boards_said != self._report.boards:
            self._fault("the boards that the server showed are not those that follow from the ledger")

    def _sha256(self, rest: bytes) -> None:
        self._digest = self._lines.digest.digest()
        if rest.decode() != self._digest.hex():
            self._fault("it is not the hash of what stands before it")

    def _signature(self, rest: bytes) -> None:
        if self._key is None:
            return
        try:
            self._key.verify(base64.b64decode(rest, validate=True), sealed_hash(self._digest))
        except InvalidSignature:
            self._fault("the signature of the export does not hold")


def _fields(rest: bytes, count: int) -> list[bytes]:
    fields = rest.split(b"\t")
    if len(fields) != count:
        raise ValueError(f"it has {len(fields)} fields instead of {count}")
    return fields


def _number(text: bytes) -> int:
    if not text.isdigit() or len(text) > 19 or int(text) >= _MAX_NUMBER or (len(text) > 1 and text[:1] == b"0"):
        raise ValueError(f"{text[:30]!r} is not a number that can stand here")
    return int(text)


def _hash(text: bytes) -> bytes:
    if len(text) != 64:
        raise ValueError("a hash has 64 digits")
    return bytes.fromhex(text.decode("ascii"))
