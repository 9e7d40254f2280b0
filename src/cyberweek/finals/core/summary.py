"""The log of a final in short: a line for each item that was judged, and every interference of host or scorer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cyberweek.knowledge.core.release import Item

from .events import Event, effective
from .final import state_of
from .screens import LETTERS
from .state import Mark, Setup


class Line(NamedTuple):
    """An item as it was played: in which round (0: the tie-break), by whom, and what it gave."""

    round: int
    item: Item
    at: int
    answers: dict[int, str]
    marks: list[Mark]


class Interference(NamedTuple):
    """An undone step (`what` is its kind) or an overruled judgement (`what` is "overruled", with team and reason)."""

    number: int
    at: int
    what: str
    team: int
    right: bool
    reason: str


def lines_of(setup: Setup, events: Sequence[Event]) -> list[Line]:
    """The items in the order in which they were shown; those shown and never judged have no marks."""
    marks = state_of(setup, effective(events)).marks
    found: list[Line] = []
    for event in effective(events):
        if event.kind == "shown":
            item = event.data["item"]
            mine = [mark for mark in marks if mark.item == item]
            found.append(Line(_round_of(setup, item), setup.items[item], event.at, {}, mine))
        elif event.kind == "answer":
            found[-1].answers[event.data["team"]] = _letters(found[-1].item, event.data["options"])
    return found


def interferences(events: Sequence[Event]) -> list[Interference]:
    """What host or scorer took back or decided against the key, in order."""
    kinds = {event.number: event.kind for event in events}
    found = []
    for event in events:
        data = event.data
        if event.kind == "undone":
            found.append(Interference(event.number, event.at, kinds[data["target"]], 0, right=False, reason=""))
        elif event.kind == "overruled":
            found.append(Interference(event.number, event.at, "overruled", data["team"], data["right"], data["reason"]))
    return found


def _round_of(setup: Setup, item: int) -> int:
    end = 0
    for number, one in enumerate(setup.rules.rounds, 1):
        end += one.items
        if item < end:
            return number
    return 0


def _letters(item: Item, options: Sequence[str]) -> str:
    return "".join(letter for letter, option in zip(LETTERS, item.options, strict=False) if option.id in options)
