"""The events of a final: what happened, in order. Nothing else is kept; everything shown follows from them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, Final, Literal

import msgspec

EventKind = Literal[
    "opened", "chosen", "shown", "armed", "buzz", "awarded", "answer", "judged", "overruled", "undone", "screen",
    "closed", "tiebreak", "finished",
]  # fmt: skip
KINDS: Final[tuple[str, ...]] = EventKind.__args__  # type: ignore[attr-defined]  # a Literal's values
STEPS: Final = frozenset({"shown", "armed", "judged", "overruled", "screen", "closed", "tiebreak", "finished"})
"""What the host does and may undo."""


class Event(msgspec.Struct, frozen=True):
    """`at` is milliseconds since the epoch on the server's clock; `data` what the kind needs (see `final`)."""

    number: int
    kind: EventKind
    at: int
    data: dict[str, Any]


def effective(events: Iterable[Event]) -> list[Event]:
    """The events that count: undoing a step takes it out with everything that came of it. Nothing is deleted."""
    kept: list[Event] = []
    for event in events:
        if event.kind == "undone":
            kept = [one for one in kept if one.number < event.data["target"]]
        else:
            kept.append(event)
    return kept


def last_step(events: Sequence[Event]) -> Event | None:
    """The step that undoing would take back now; `opened` is never taken back."""
    return next((event for event in reversed(effective(events)) if event.kind in STEPS), None)


def head_of(final: str, events: Iterable[Event]) -> str:
    """The hash (hex) that stands for the whole list: each event's line is hashed onto the hash before it.

    A line is `number kind at data`, data as JSON with sorted keys and no spaces, UTF-8. It starts from the hash of the
    final's short name.
    """
    head = hashlib.sha256(f"cyberweek final {final}".encode()).digest()
    for event in events:
        data = msgspec.json.encode(event.data, order="sorted")
        line = f"{event.number} {event.kind} {event.at} ".encode() + data
        head = hashlib.sha256(head + line).digest()
    return head.hex()
