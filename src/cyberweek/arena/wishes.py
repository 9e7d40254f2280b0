"""What the ledger is asked to write, and what it has written: the values between handlers and the ledger's writer."""

from collections.abc import Callable
from typing import NamedTuple

from cyberweek.arena.problems import Problem
from cyberweek.knowledge.core.chain import Batch, Entry, Tree, write_receipt


class Stored(NamedTuple):
    """An entry that is in the ledger, and its place there."""

    entry: Entry
    batch: int
    position: int
    fresh: bool
    proof: tuple[Batch, Tree] | None = None

    def receipt(self) -> str:
        assert self.proof is not None
        batch, tree = self.proof
        return write_receipt(batch, tree, self.position)


class Start(NamedTuple):
    """The wish to start an attempt: which ordinal it gets, if any, is known only under the lock."""

    entry: Entry
    days: tuple[str, ...]
    """Where an attempt that is still open may lie: today, and before midnight. Every day since the opening where all
    attempts count together, or where the first one decides for which team somebody plays."""
    allowed: int
    is_open: Callable[[Entry], bool]
    in_all: int | None = None


class EarlierStart(NamedTuple):
    stored: Stored
    submitted: bool


class Step(NamedTuple):
    """The wish to answer one item of an endless run, or to end the run where it stands (`place` is None)."""

    entry: Entry
    place: int | None

    def answered_before(self, latest: Stored | None) -> Stored | Problem | None:
        """What the ledger says to this, given the newest entry of the run; None when it is still to be written."""
        if latest is None:
            return None
        over = latest.entry.kind == "submit"
        if self.place is None:
            return latest._replace(fresh=False) if over else None
        if not latest.entry.answered >> self.place & 1:
            return Problem("run-over") if over else None
        same = latest.entry.answers.split(",")[self.place] == self.entry.answers.split(",")[self.place]
        return latest._replace(fresh=False) if same else Problem("other-answers")


Wish = Start | Step | Entry


def day_of(wish: Wish) -> str:
    return wish.day if isinstance(wish, Entry) else wish.entry.day


def player(entry: Entry) -> tuple[str, str]:
    return entry.participant, entry.contest
