"""Receipts that a player holds, looked for at their place in the export."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from cyberweek.knowledge.core.chain import Batch, Receipt, ReceiptRefusedError, read_entry, read_receipt
from cyberweek.knowledge.core.pruning import Node, Part
from cyberweek.verify.report import Fault, Proof, Report


class Receipts:
    def __init__(self, texts: Sequence[str], report: Report) -> None:
        self._texts = texts
        self._report = report
        self._waiting: dict[int, list[tuple[Receipt, bytes]]] = defaultdict(list)

    def use(self, key: Ed25519PublicKey) -> None:
        """Reads the receipts, now that the key is known."""
        for number, text in enumerate(self._texts, 1):
            try:
                receipt, head = read_receipt("".join(text.split()), key)
            except ReceiptRefusedError as error:
                self._tell(Proof(False, 0, 0, "", f"receipt {number} does not hold under this key: {error}"))
            else:
                self._waiting[receipt.batch].append((receipt, head))
        self._texts = ()

    def batch(self, batch: Batch, head: bytes, parts: Sequence[Part]) -> None:
        for receipt, proven in self._waiting.pop(batch.number, ()):
            told = _told_at(parts, receipt.position)
            if head != proven:
                said = "the receipt is of a batch with another head: there are two ledgers"
            elif told is None:
                said = "the export does not tell this entry, though the receipt proves that it is in the ledger"
            elif told != receipt.entry:
                said = "the export tells another entry at the receipt's place"
            else:
                said = ""
            self._tell(_proof(receipt, said))

    def end(self) -> None:
        for receipts in self._waiting.values():
            for receipt, _head in receipts:
                self._tell(_proof(receipt, "its batch is not in the export"))
        for _text in self._texts:
            self._tell(Proof(False, 0, 0, "", "the export names no key that the receipt could be checked with"))

    def _tell(self, proof: Proof) -> None:
        self._report.receipts.append(proof)
        if not proof.holds:
            found = {"batch": proof.batch, "position": proof.position, "attempt": proof.attempt}
            place: dict[str, Any] = found if proof.batch else {}
            self._report.add(Fault(f"receipt: {proof.said}", **place))


def _proof(receipt: Receipt, fault: str) -> Proof:
    entry = read_entry(receipt.entry)
    said = fault or f"{entry.kind} of {entry.day}, {entry.score} points in {entry.seconds} s: it is in the ledger"
    return Proof(not fault, receipt.batch, receipt.position, entry.attempt, said)


def _told_at(parts: Sequence[Part], wanted: int) -> bytes | None:
    position = 0
    for part in parts:
        if isinstance(part, Node):
            position += 1 << min(part.level, 40)
        elif position == wanted:
            return part
        else:
            position += 1
    return None
