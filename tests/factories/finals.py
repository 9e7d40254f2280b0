from __future__ import annotations

import datetime as dt
import uuid

from cyberweek.editions.models import Edition
from cyberweek.finals.actions import create_final, open_final, settle, take_step
from cyberweek.finals.core.events import Event
from cyberweek.finals.core.final import state_of
from cyberweek.finals.core.rules import Round, Rules
from cyberweek.finals.core.state import Setup
from cyberweek.finals.models import Final
from cyberweek.finals.queries import Standing, standing_of
from cyberweek.regions.models import Unit

from . import numbers
from .knowledge import NOW, content, make_item

START = int(NOW.timestamp() * 1000)
TEAMS = ("红队", "Blue", "绿队")
_numbers = numbers()


def rules(*rounds: Round, spares: int = 2) -> Rules:
    """A must-answer round for three teams, unless other rounds are given."""
    return Rules(rounds=rounds or (Round(kind="must", items=3),), spares=spares)


def setup(*rounds: Round, teams=TEAMS, spares: int = 2) -> Setup:
    """What is frozen of a final with these rounds; every item's key is "a"."""
    held = rules(*rounds, spares=spares)
    return Setup(held, tuple(teams), tuple(content(f"item-{index}") for index in range(held.items)), "seed")


class Play:
    """A final played in memory: each method adds one event, at `now` milliseconds."""

    def __init__(self, held: Setup) -> None:
        self.setup, self.events, self.now = held, [], START
        self.add("opened", pack="")

    @property
    def state(self):
        return state_of(self.setup, self.events)

    def add(self, kind: str, **data):
        event = Event(len(self.events) + 1, kind, self.now, data)
        state_of(self.setup, [*self.events, event])
        self.events.append(event)
        return self

    def wait(self, seconds: float):
        self.now += int(seconds * 1000)
        return self

    def show(self):
        return self.add("shown", item=self.state.item_to_come())

    def buzz(self, team: int, *, credit: int = 0, wait: int = 0):
        return self.add("buzz", team=team, arrived=self.now, credit=credit, wait=wait)

    def award(self):
        self.now = max(self.now, self.state.award_due())
        team, tied = self.state.winner()
        return self.add("awarded", team=team, drawn=tied if len(tied) > 1 else [])

    def answer(self, team: int, *options: str, spoken: bool = False):
        return self.add("answer", team=team, options=list(options), arrived=self.now, credit=0, spoken=spoken)

    def judge(self):
        state = self.state
        return self.add("judged", results=state.verdict() if state.stage == "answering" else [])

    def take(self, team: int, *options: str):
        """Show an item to the team in turn, which answers it, and judge."""
        return self.show().answer(team, *options).judge()

    def duel(self, team: int, *options: str):
        """Show a buzzer item, open the buzzers, let one team win and answer, and judge."""
        return self.show().add("armed").buzz(team).award().answer(team, *options).judge()

    def close(self):
        return self.add("closed", round=self.state.round)


def make_final(
    *, edition: Edition, owner: Unit, slug: str = "", held: Rules | None = None, teams=TEAMS, opened: bool = False
) -> Final:
    """A final with as many ready items as it takes."""
    held = held or rules()
    for _ in range(held.items):
        make_item(owner=owner)
    final = create_final(
        edition=edition, owner=owner, slug=slug or f"final-{next(_numbers)}", contest=None, rules=held, teams=teams,
        title={"zh-Hans": "总决赛", "en": "Grand final"}, starts=dt.datetime(2019, 9, 22, 6, 30, tzinfo=dt.UTC), by=None,
    )  # fmt: skip
    return open_final(final=final, by=None, now_ms=START) if opened else final


def lead(final: Final, by, kind: str, *, now_ms: int = START, **given) -> Standing:
    """One step of the host, who has seen everything."""
    seen = settle(final=final, now_ms=now_ms).step
    return take_step(final=final, kind=kind, given=given, token=uuid.uuid4(), step=seen, by=by, now_ms=now_ms)


def key_of(final: Final) -> list[str]:
    """The key of the item on the table."""
    state = standing_of(final).state
    return list(state.setup.items[state.item].key)
