"""A contest's rules as values: what is wrong with them, and what may still change once papers have been written.

Scores of one contest stand on one board, so whatever would make two papers unequal is fixed at the first opening: the
number of items, points, minutes, zone and opening. Attempts a day and grace may rise, the closing may move later.
Which topics the items come from may change: an item found wrong has to be replaced. Practice is no part of the board.
What `core.terms` knows (form, groups, stage, draw) is fixed as well; groups may be added, attempts in all may rise.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from cyberweek.knowledge.core.release import CODE, MAX_ITEMS, Draw, Form, Stage, Text

MAX_MINUTES: Final = 180
MAX_ATTEMPTS: Final = 50
MAX_POINTS: Final = 100
MAX_GRACE: Final = 300
MAX_EVER: Final = 5000  # attempts in all


# What stays once it has opened, and beside which field that is said.
_FIXED: Final = {name: name for name in ("opens", "zone", "minutes", "points", "form", "closed", "team_minimum")} | {
    "draw": "draw_every",
    "stage": "stage_after",
}


class Rules(NamedTuple):
    """`opens` and `closes` are instants, `blueprint` says how many items of each topic stand on a paper."""

    opens: datetime
    closes: datetime
    zone: str
    minutes: int
    attempts_per_day: int
    points: int
    grace_seconds: int
    practice: bool
    blueprint: Mapping[str, int]
    form: Form = "paper"
    attempts_in_all: int | None = None
    groups: Mapping[str, Text] = {}
    """Names by id."""
    closed: bool = False
    team_minimum: int | None = None
    draw: Draw | None = None
    stage: Stage | None = None
    objections_until: datetime | None = None
    """Until when the list of those promoted may be objected to."""

    @property
    def items(self) -> int:
        return sum(self.blueprint.values())


class Earlier(NamedTuple):
    """The contest that a stage follows, and what is known of it."""

    closes: datetime
    chain: tuple[str, ...]
    """Its short name, that of the contest which it follows itself, and so on."""


class Fault(NamedTuple):
    """Where (a field of `Rules`, `quota:TOPIC`, or a part of a stage or a draw), what, and what its words name."""

    field: str
    reason: str
    params: dict[str, Any]


def faults_of(rules: Rules, ready: Mapping[str, int]) -> list[Fault]:
    """Everything wrong with the rules, given how many ready items each topic has."""
    return [*_faults_of_hours(rules), *_faults_of_limits(rules), *_faults_of_blueprint(rules, ready)]


def faults_of_change(before: Rules, after: Rules) -> list[Fault]:
    """What may not be changed any more, when the contest has opened."""
    return list(_faults_of_change(before, after))


def faults_of_slug(slug: str) -> list[Fault]:
    """A contest's short name is also the arena's for it."""
    if slug == "new":  # the page that makes contests stands there
        return [Fault("slug", "reserved-slug", {"slug": slug})]
    return [] if re.fullmatch(CODE, slug) else [Fault("slug", "odd-slug", {})]


def _faults_of_hours(rules: Rules) -> Iterator[Fault]:
    if rules.opens >= rules.closes:
        yield Fault("closes", "closes-early", {})
    elif 1 <= rules.minutes <= MAX_MINUTES and rules.closes - rules.opens < timedelta(minutes=rules.minutes):
        yield Fault("closes", "too-short", {"minutes": rules.minutes})


def _faults_of_limits(rules: Rules) -> Iterator[Fault]:
    if not 1 <= rules.minutes <= MAX_MINUTES:
        yield Fault("minutes", "minutes", {"limit": MAX_MINUTES})
    if not 1 <= rules.attempts_per_day <= MAX_ATTEMPTS:
        yield Fault("attempts_per_day", "attempts", {"limit": MAX_ATTEMPTS})
    if not 1 <= rules.points <= MAX_POINTS:
        yield Fault("points", "points", {"limit": MAX_POINTS})
    if not 0 <= rules.grace_seconds <= MAX_GRACE:
        yield Fault("grace_seconds", "grace", {"limit": MAX_GRACE})


def _faults_of_blueprint(rules: Rules, ready: Mapping[str, int]) -> Iterator[Fault]:
    if rules.items < 1:
        yield Fault("blueprint", "no-items", {})
    if rules.items > MAX_ITEMS:
        yield Fault("blueprint", "many-items", {"limit": MAX_ITEMS, "count": rules.items})
    for topic, count in rules.blueprint.items():
        if count > ready.get(topic, 0):
            yield Fault(f"quota:{topic}", "short-of-items", {"count": count, "ready": ready.get(topic, 0)})


def _faults_of_change(before: Rules, after: Rules) -> Iterator[Fault]:
    for field, place in _FIXED.items():
        if getattr(before, field) != getattr(after, field):
            yield Fault(place, "running-change", {})
    if before.items != after.items:
        yield Fault("blueprint", "running-change", {})
    if after.attempts_in_all is not None and (before.attempts_in_all or MAX_EVER) > after.attempts_in_all:
        yield Fault("attempts_in_all", "running-less", {})
    if gone := sorted(before.groups.keys() - after.groups.keys()):
        yield Fault("groups", "running-groups", {"group": gone[0]})
    for field in ("attempts_per_day", "grace_seconds"):
        if getattr(after, field) < getattr(before, field):
            yield Fault(field, "running-less", {})
    if after.closes < before.closes:
        yield Fault("closes", "running-closes", {})
