"""What a check has come to."""

import msgspec

MAX_FAULTS = 1000


class NotAnExportError(Exception):
    """There is nothing to check: the sentence says why."""


class TooManyFaultsError(Exception):
    """Reading on would only name more of the same."""


class Fault(msgspec.Struct, frozen=True, omit_defaults=True):
    """What does not hold, and what it concerns: a line of the file, a batch and a position of the ledger, an attempt."""

    text: str
    line: int | None = None
    batch: int | None = None
    position: int | None = None
    attempt: str | None = None

    def __str__(self) -> str:
        places = [("line", self.line), ("batch", self.batch), ("position", self.position), ("attempt", self.attempt)]
        where = ", ".join(f"{name} {place}" for name, place in places if place is not None)
        return f"{where}: {self.text}" if where else self.text


class Proof(msgspec.Struct, frozen=True):
    """A receipt that was asked for."""

    holds: bool
    batch: int
    position: int
    attempt: str
    said: str


class Drawn(msgspec.Struct, frozen=True):
    """A prize draw of the contest, and how far it has come."""

    holds: bool
    id: str
    step: str
    prizes: int
    entries: int


class Report(msgspec.Struct):
    contest: str = ""
    made: str = ""
    key: str = ""
    fingerprint: str = ""
    key_given: bool = False
    """The key came from whoever checks, not from the export alone."""
    first: int = 0
    last: int = 0
    head: str = ""
    batches: int = 0
    entries: int = 0
    papers: int = 0
    participants: int = 0
    boards: str = ""
    """The hash of the boards as they follow from the export."""
    boards_said: str = ""
    """The hash of the boards as the server showed them."""
    draws: list[Drawn] = []
    receipts: list[Proof] = []
    heads: dict[str, int] = {}
    """Heads that were asked for, and after which batch the chain has them."""
    faults: list[Fault] = []

    @property
    def holds(self) -> bool:
        return not self.faults

    def add(self, fault: Fault) -> None:
        self.faults.append(fault)
        if len(self.faults) >= MAX_FAULTS:
            raise TooManyFaultsError
