"""Where a final stands, and what follows from that: whose turn, which item next, who leads. See `final` for the fold."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from cyberweek.knowledge.core.grading import Question
from cyberweek.knowledge.core.release import Item

from .buzzers import Press, decided_at, first_of
from .rules import Round, Rules

DUEL: Final = Round(kind="buzzer", items=1, right=1, wrong=0, seconds=30, rebound=False)
"""An item of the tie-break: it decides the order and gives no points."""


class Setup(NamedTuple):
    """What is fixed at the opening. `names` are the teams by seat, `seed` decides draws."""

    rules: Rules
    names: tuple[str, ...]
    items: tuple[Item, ...]
    seed: str = ""


class Mark(NamedTuple):
    """What a team got for an item. `reason` is the scorer's, where the key was overruled."""

    item: int
    team: int
    right: bool
    points: int
    reason: str = ""


class Buzz(NamedTuple):
    press: Press
    verdict: str  # counts, early, locked, after


class Duel(NamedTuple):
    """One decided item of a tie-break: who of the `group` is now `ahead` (0) or behind (1) of the rest."""

    group: frozenset[int]
    order: dict[int, int]


@dataclass
class State:
    setup: Setup
    stage: str = "before"  # before idle reading armed answering judged done over
    screen: str = "item"
    round: int = 0
    turn: int = 0
    item: int | None = None
    stake: int | None = None
    choice: int | None = None
    taken: dict[int, set[int]] = field(default_factory=dict)
    responders: tuple[int, ...] = ()
    until: int = 0
    opening: int = 0
    armed_at: int = 0
    buzzes: list[Buzz] = field(default_factory=list)
    drawn: tuple[int, ...] = ()
    locked: dict[int, int] = field(default_factory=dict)
    early: set[int] = field(default_factory=set)
    out: set[int] = field(default_factory=set)
    answers: dict[int, tuple[str, ...]] = field(default_factory=dict)
    marks: list[Mark] = field(default_factory=list)
    group: tuple[int, ...] = ()  # who is in the tie-break that is on
    duels: list[Duel] = field(default_factory=list)
    spares_used: int = 0

    # -- What follows from it --

    @property
    def teams(self) -> range:
        return range(1, len(self.setup.names) + 1)

    @property
    def rule(self) -> Round:
        return DUEL if self.group else self.setup.rules.rounds[min(self.round, len(self.setup.rules.rounds) - 1)]

    @property
    def offset(self) -> int:
        """Where the round's items begin in the frozen list."""
        return sum(one.items for one in self.setup.rules.rounds[: self.round])

    @property
    def first_spare(self) -> int:
        """Where the items of the tie-break begin in the frozen list."""
        return self.setup.rules.items - self.setup.rules.spares

    @property
    def in_turn(self) -> int | None:
        """The team whose turn it is, where teams take turns."""
        if self.group or self.rule.kind == "buzzer" or self.rule.together:
            return None
        return self.turn % len(self.setup.names) + 1

    @property
    def round_is_through(self) -> bool:
        return self.turn >= self.rule.sittings(len(self.setup.names))

    @property
    def scores(self) -> dict[int, int]:
        """Points by team: the sum of its marks."""
        sums = dict.fromkeys(self.teams, 0)
        for mark in self.marks:
            sums[mark.team] += mark.points
        return sums

    def eligible(self) -> set[int]:
        """Who may still buzz for this item, locks aside."""
        return set(self.group or self.teams) - self.out

    def places(self) -> list[tuple[int, int]]:
        """(team, place) from the first on; teams that nothing separates share a place."""
        scores = self.scores
        level = {team: frozenset(one for one in self.teams if scores[one] == scores[team]) for team in self.teams}

        def key(team: int) -> tuple[int, list[int]]:
            fought = [duel for duel in self.duels if self._root(duel) == level[team]]
            return -scores[team], [duel.order.get(team, 0) for duel in fought]

        ordered = sorted(self.teams, key=lambda team: (key(team), team))
        return [(team, 1 + sum(key(other) < key(team) for other in self.teams)) for team in ordered]

    def _root(self, duel: Duel) -> frozenset[int]:
        """The whole group of equal scores that a duel began in: a later change of scores makes it void."""
        first = next(one for one in self.duels if duel.group <= one.group)
        return first.group

    def ties(self) -> list[tuple[int, ...]]:
        """Groups of teams that share a place, best first."""
        shared: dict[int, list[int]] = {}
        for team, place in self.places():
            shared.setdefault(place, []).append(team)
        return [tuple(sorted(group)) for _place, group in sorted(shared.items()) if len(group) > 1]

    def item_to_come(self) -> int | None:
        """The item that `shown` would show, or None when nothing can be shown now."""
        if self.group:
            return self.first_spare + self.spares_used if self.spares_used < self.setup.rules.spares else None
        if self.round_is_through:
            return None
        if self.rule.kind == "choose":
            return None if self.choice is None else self.offset + self.choice - 1
        if self.rule.kind == "risk" and self.choice is None:
            return None
        return self.offset + self.turn

    def counted(self) -> list[Press]:
        return [buzz.press for buzz in self.buzzes if buzz.verdict == "counts" and buzz.press.team not in self.out]

    def award_due(self) -> int | None:
        """When the buzzers' winner is known for certain; None while nobody has buzzed, or it is told already."""
        presses = self.counted()
        return decided_at(presses) if self.stage == "armed" and presses else None

    def winner(self) -> tuple[int, list[int]]:
        return first_of(self.counted(), draw=f"{self.setup.seed} {self.opening}")

    def verdict(self) -> list[list[Any]]:
        """What `judged` would say: [team, right, points] for each who was to answer, by the key."""
        found = []
        for team in self.responders:
            right = self.is_right(team)
            found.append([team, right, self.worth(right=right)])
        return found

    def is_right(self, team: int) -> bool:
        assert self.item is not None
        question = Question(self.setup.items[self.item])
        return bool(self.answers.get(team)) and question.mark(self.answers[team]) == question.key

    def worth(self, *, right: bool) -> int:
        if self.group:
            return 0
        if self.stake is not None:
            return self.stake if right else -self.stake
        return self.rule.right if right else -self.rule.wrong


def points_by_item(rules: Rules, mark: Mark, *, right: bool) -> int:
    """What the mark's item gives, judged so; the stake of a risk item is what was won or lost. 0 in a tie-break."""
    end = 0
    for one in rules.rounds:
        end += one.items
        if mark.item < end:
            if one.kind == "risk":
                return abs(mark.points) if right else -abs(mark.points)
            return one.right if right else -one.wrong
    return 0
