"""Two people edit the same thing: what the second has to be told, field by field. Values are plain and comparable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Meeting:
    """A field that somebody else changed since it was read. `mine` differs from `theirs` only where both wrote it:
    then `is_contested`, and what is saved next stands."""

    name: str
    before: Any
    theirs: Any
    mine: Any

    @property
    def is_contested(self) -> bool:
        return bool(self.mine != self.theirs)


def meetings(
    names: Iterable[str], *, read: Mapping[str, Any], theirs: Mapping[str, Any], mine: Mapping[str, Any]
) -> list[Meeting]:
    """The fields whose present value (`theirs`) is neither what was `read` nor what I write. Where I left a field as I
    read it, theirs is taken over. A field of which nobody knows how it was read counts as written by both."""
    found = []
    for name in names:
        present, own = theirs.get(name), mine.get(name)
        if present == own or (name in read and read[name] == present):
            continue
        untouched = name in read and read[name] == own
        found.append(Meeting(name, read.get(name), present, present if untouched else own))
    return found
