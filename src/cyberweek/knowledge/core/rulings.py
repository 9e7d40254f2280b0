"""Rulings: what organisers have decided about results. They are entries of the ledger like any answer, so that boards
follow from the ledger and the releases alone."""

from collections.abc import Iterable, Mapping
from typing import Final, Literal, NamedTuple, get_args

from cyberweek.knowledge.core.chain import Entry

Ruling = Literal["exclude", "readmit", "regrade"]
RULINGS: Final = get_args(Ruling)
MAX_REASON: Final = 500


class Rulings(NamedTuple):
    """What all rulings up to a batch come to."""

    excluded: frozenset[tuple[str, str]] = frozenset()
    """(contest, participant) of those who count nowhere."""
    regrades: Mapping[str, int] = {}
    """For a contest, the release by whose keys the papers of earlier releases are marked."""


def rulings_of(entries: Iterable[Entry]) -> Rulings:
    """The entries in ledger order; whatever is not a ruling is passed over. The latest ruling stands."""
    excluded: set[tuple[str, str]] = set()
    regrades: dict[str, int] = {}
    for entry in entries:
        if entry.kind == "exclude":
            excluded.add((entry.contest, entry.participant))
        elif entry.kind == "readmit":
            excluded.discard((entry.contest, entry.participant))
        elif entry.kind == "regrade":
            regrades[entry.contest] = entry.release
    return Rulings(frozenset(excluded), regrades)


def is_plain_reason(text: str) -> bool:
    """A reason is one line: it stands in the ledger as COPY writes it, so nothing in it may need escaping."""
    return len(text.strip()) > 0 and len(text) <= MAX_REASON and text.isprintable() and "\\" not in text
