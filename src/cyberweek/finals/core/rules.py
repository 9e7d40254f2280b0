"""The rules of a stage final as data, and everything that can be wrong with them.

A final is rounds in order. In a `must` round the teams answer in turn (or all `together`), in a `choose` round a team
in turn picks one of numbered items, in a `buzzer` round whoever buzzes first answers, in a `risk` round a team in turn
stakes one of `values` before it sees the item and wins or loses it. `spares` are items kept for a tie-break.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, Literal, NamedTuple

import msgspec

Kind = Literal["must", "choose", "buzzer", "risk"]
KINDS: Final[tuple[Kind, ...]] = ("must", "choose", "buzzer", "risk")
MIN_TEAMS: Final = 2
MAX_TEAMS: Final = 12
MAX_ROUNDS: Final = 8
MAX_ITEMS: Final = 60
MAX_POINTS: Final = 500
MIN_SECONDS: Final = 5
MAX_SECONDS: Final = 300
MAX_LOCKOUT: Final = 60
MAX_VALUES: Final = 5
MAX_NAME: Final = 30


class Round(msgspec.Struct, frozen=True, kw_only=True):
    """One round. Points are never negative: `right` is won, `wrong` is lost. Times are seconds."""

    kind: Kind
    items: int
    right: int = 10
    wrong: int = 0
    seconds: int = 30
    """To answer; in a buzzer round also how long the buzzers stay open."""
    together: bool = False
    turns: int = 1
    """Turns of each team in a `choose` or `risk` round."""
    values: tuple[int, ...] = ()
    lockout: int = 0
    """How long a false start locks a team out after the buzzers open; 0: for the whole item."""
    rebound: bool = True
    """After a wrong answer the others may buzz again."""

    def sittings(self, teams: int) -> int:
        """How many times somebody is asked in this round."""
        return self.turns * teams if self.kind in {"choose", "risk"} else self.items


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    rounds: tuple[Round, ...]
    spares: int = 3

    @property
    def items(self) -> int:
        """How many items the final takes in all, those of the tie-break included."""
        return sum(one.items for one in self.rounds) + self.spares


class Fault(NamedTuple):
    """Where (`teams`, `team:3`, `rounds`, `spares`, `round:0:items`), what, and what its words name."""

    field: str
    reason: str
    params: dict[str, Any]


def faults_of(rules: Rules, teams: Sequence[str], ready: int) -> list[Fault]:
    """Everything that keeps the rules from being held with these teams and `ready` items."""
    return [*_faults_of_teams(teams), *_faults_of_rounds(rules, len(teams)), *_faults_of_items(rules, ready)]


def _faults_of_teams(teams: Sequence[str]) -> Iterator[Fault]:
    if not MIN_TEAMS <= len(teams) <= MAX_TEAMS:
        yield Fault("teams", "teams", {"least": MIN_TEAMS, "limit": MAX_TEAMS, "count": len(teams)})
    folded = [name.strip().casefold() for name in teams]
    for name in sorted({name for name, plain in zip(teams, folded, strict=True) if folded.count(plain) > 1}):
        yield Fault("teams", "same-team", {"name": name})
    for name in teams:
        if len(name) > MAX_NAME:
            yield Fault("teams", "long-team", {"name": name, "limit": MAX_NAME})


def _faults_of_items(rules: Rules, ready: int) -> Iterator[Fault]:
    if not 0 <= rules.spares <= MAX_ITEMS:
        yield Fault("spares", "spares", {"limit": MAX_ITEMS})
    elif rules.rounds and rules.items > ready:
        yield Fault("rounds", "short-of-items", {"count": rules.items, "ready": ready})


def _faults_of_rounds(rules: Rules, teams: int) -> Iterator[Fault]:
    if not rules.rounds:
        yield Fault("rounds", "no-rounds", {})
    if len(rules.rounds) > MAX_ROUNDS:
        yield Fault("rounds", "many-rounds", {"limit": MAX_ROUNDS})
    for index, one in enumerate(rules.rounds):
        for field, reason, params in (*_faults_of_numbers(one), *_faults_of_kind(one, teams)):
            yield Fault(f"round:{index}:{field}", reason, params)


def _faults_of_numbers(one: Round) -> Iterator[Fault]:
    if not 1 <= one.items <= MAX_ITEMS:
        yield Fault("items", "items", {"limit": MAX_ITEMS})
    if one.kind != "risk" and not 1 <= one.right <= MAX_POINTS:
        yield Fault("right", "right", {"limit": MAX_POINTS})
    if not 0 <= one.wrong <= MAX_POINTS:
        yield Fault("wrong", "wrong", {"limit": MAX_POINTS})
    if not MIN_SECONDS <= one.seconds <= MAX_SECONDS:
        yield Fault("seconds", "seconds", {"least": MIN_SECONDS, "limit": MAX_SECONDS})
    if not 0 <= one.lockout <= MAX_LOCKOUT:
        yield Fault("lockout", "lockout", {"limit": MAX_LOCKOUT})


def _faults_of_kind(one: Round, teams: int) -> Iterator[Fault]:
    if one.kind == "must" and not one.together and teams and one.items % teams:
        yield Fault("items", "uneven", {"items": one.items, "teams": teams})
    if one.kind in {"choose", "risk"}:
        if one.turns < 1:
            yield Fault("turns", "turns", {})
        elif one.items < one.turns * teams:
            yield Fault("items", "few-items", {"items": one.items, "needed": one.turns * teams})
    if one.kind == "risk":
        yield from _faults_of_values(one.values)


def _faults_of_values(values: tuple[int, ...]) -> Iterator[Fault]:
    if not 1 <= len(values) <= MAX_VALUES:
        yield Fault("values", "values", {"limit": MAX_VALUES})
    if any(not 1 <= value <= MAX_POINTS for value in values):
        yield Fault("values", "value", {"limit": MAX_POINTS})
    elif list(values) != sorted(set(values)):
        yield Fault("values", "unsorted-values", {})
