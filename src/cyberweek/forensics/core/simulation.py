"""Honest players made up, to learn how often the rules flag them: the false-alarm rates that the public page tells.

Ability is normal, and shared in part by a class; items differ in difficulty; wrong answers prefer popular options; people
read at 3 to 8 characters a second and remember what they saw. A school has one network. One in four shares a phone with
somebody at home; in every tenth school there are no phones, its classes take turns at the thirty computers of one room.
The first paper is written in a lesson, five classes at once; the others at home, within the hour.
"""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from math import exp
from typing import Final

from cyberweek.forensics.core.inspection import Finding, Inspection, Origins, Paper
from cyberweek.forensics.core.reading import reading_seconds
from cyberweek.knowledge.core.marking import Marker
from cyberweek.knowledge.core.release import Item, Option, Pack, Quota, Reference, Text

CLASS_SIZE: Final = 30
CLASSES_A_SCHOOL: Final = 10
CLASSES_AT_ONCE: Final = 5
SCHOOLS_TO_A_ROOM: Final = 10
"""Of so many schools one has a computer room in the place of phones."""
SHARES_A_PHONE: Final = 4
"""Every so manyth uses the phone of the one before."""
PAPERS_EACH: Final = 4
_TOPICS: Final = 10
_ITEMS_A_TOPIC: Final = 20
_START_MS: Final = 1_662_336_000_000


def make_bank(rng: random.Random) -> Pack:
    """Two hundred items of the lengths that real ones have; twenty on a paper."""

    def text(least: int, most: int) -> Text:
        length = rng.randint(least, most)
        return {"zh-Hans": "题" * length, "en": "a" * (3 * length)}

    def item(topic: int, number: int) -> Item:
        return Item(
            id=f"t{topic}-{number}", topic=f"t{topic}", kind="single", stem=text(18, 45),
            options=[Option(letter, text(5, 18)) for letter in "abcd"], key=["a"], explanation=text(20, 40),
            reference=Reference("guide", text(4, 8)),
        )  # fmt: skip

    return Pack(
        contest="simulated", number=1, title=text(4, 8), opens=datetime(2022, 9, 5, tzinfo=UTC),
        closes=datetime(2022, 9, 12, tzinfo=UTC), zone="UTC", items=20, minutes=20, grace_seconds=30, attempts_per_day=9,
        points=5, blueprint=[Quota(f"t{topic}", 2) for topic in range(_TOPICS)],
        bank=[item(topic, number) for topic in range(_TOPICS) for number in range(_ITEMS_A_TOPIC)],
        draw_salt="a salt for the simulation",
    )  # fmt: skip


def simulate(players: int, seed: int) -> tuple[list[Finding], Inspection]:
    """The findings among so many honest players."""
    rng = random.Random(seed)  # noqa: S311 -- a simulation
    pack = make_bank(rng)
    marker = Marker(pack)
    items = [(rng.gauss(-0.8, 1), sorted((rng.random() ** 3 for _ in "bcd"), reverse=True)) for _ in pack.bank]
    times = [reading_seconds(item) * 20 for item in pack.bank]  # characters
    who = [f"player-{number}" for number in range(players)]
    school = CLASS_SIZE * CLASSES_A_SCHOOL
    network = {one: f"school-{place // school}" for place, one in enumerate(who)}
    talent = [rng.gauss(0, 0.6) for _ in range(players // CLASS_SIZE + 1)]
    people = [(one, rng.gauss(talent[place // CLASS_SIZE], 0.8), rng.uniform(3, 8)) for place, one in enumerate(who)]
    inspection = Inspection({1: marker}, Origins(network, _devices(who)))
    seen: dict[str, set[int]] = {one: set() for one in who}
    for number in range(PAPERS_EACH):
        for place, (one, ability, pace) in enumerate(people):
            drawn = marker.deck.draw(one, "2022-09-05", number + 1).items
            paper = _write(rng, drawn, ability, items)
            seconds = sum(1.5 + (0.4 if item in seen[one] else 1) * times[item] / pace for item in drawn)
            seen[one].update(drawn)
            begun = rng.randrange(2_400_000) if number else place // (CLASS_SIZE * CLASSES_AT_ONCE) * 600_000
            at = _START_MS + number * 86_400_000 + begun + int(seconds * 1000)
            correct = sum((mark == "a") << bit for bit, mark in enumerate(paper))
            inspection.add(Paper(one, f"{one}-{number}", 1, "2022-09-05", at, int(seconds), drawn, paper, correct))
    return inspection.findings(), inspection


def _devices(who: Sequence[str]) -> dict[str, str]:
    devices: dict[str, str] = {}
    for place, one in enumerate(who):
        school, seat = place // (CLASS_SIZE * CLASSES_A_SCHOOL), place % CLASS_SIZE
        if school % SCHOOLS_TO_A_ROOM == 0:
            devices[one] = f"computer-{school}-{seat}"
        elif seat % SHARES_A_PHONE == SHARES_A_PHONE - 1:
            devices[one] = who[place - 1]
        else:
            devices[one] = one
    return devices


def _write(
    rng: random.Random, drawn: tuple[int, ...], ability: float, items: list[tuple[float, list[float]]]
) -> tuple[str, ...]:
    marks = []
    for place in drawn:
        difficulty, popular = items[place]
        right = rng.random() < 1 / (1 + exp(difficulty - ability))
        marks.append("a" if right else rng.choices("bcd", popular)[0])
    return tuple(marks)


def false_alarms(players: int, seed: int) -> dict[str, int]:
    """Findings by rule, of so many honest players."""
    found, _ = simulate(players, seed)
    counted = Counter(finding.rule for finding in found)
    return {rule: counted[rule] for rule in ("fast", "alike", "burst", "device")}
