"""One inspection of a contest: from its papers to findings, each with the evidence that a reviewer opens."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

import msgspec

from cyberweek.forensics.core.bursts import Handed, bursts
from cyberweek.forensics.core.devices import is_crowded
from cyberweek.forensics.core.patterns import Errors, ItemKey, Popularity, alike
from cyberweek.forensics.core.reading import is_too_fast, least_seconds, reading_seconds
from cyberweek.knowledge.core.chain import Entry
from cyberweek.knowledge.core.marking import Marker

Rule = Literal["fast", "alike", "burst", "device"]
MOST_EVIDENCE: Final = 100


class Paper(msgspec.Struct, frozen=True):
    """A paper that was handed in, as the rules see it. `marks` are the letters given, in the order of `items`."""

    participant: str
    attempt: str
    release: int
    day: str
    at_ms: int
    seconds: int
    items: tuple[int, ...]
    marks: tuple[str, ...]
    correct: int
    team: str = ""

    @property
    def right(self) -> int:
        return self.correct.bit_count()


class Origins(NamedTuple):
    """Where passports were taken: keyed hashes (hex) by participant; whoever is not there is unknown."""

    networks: Mapping[str, str]
    devices: Mapping[str, str]


class Finding(msgspec.Struct, frozen=True):
    """What a rule found. `subject` names it within its rule, for good: found again it is the same flag."""

    rule: Rule
    subject: str
    participants: list[str]
    chance: float | None
    """How likely it is by chance, where the rule can say so."""
    evidence: list[dict[str, Any]]


def paper_of(entry: Entry, marker: Marker) -> Paper:
    """A submit as a paper, by the keys that it was graded with."""
    items = marker.deck.draw(entry.participant, entry.day, entry.ordinal).items
    return Paper(
        entry.participant, entry.attempt, entry.release, entry.day, entry.at_ms, entry.seconds, items,
        tuple(entry.answers.split(",")), entry.correct, entry.team,
    )  # fmt: skip


class Inspection:
    """Takes the papers of one contest in the order in which they came in."""

    def __init__(self, markers: Mapping[int, Marker], origins: Origins) -> None:
        self._markers = markers
        self._origins = origins
        self._reading = {n: [reading_seconds(item) for item in m.pack.bank] for n, m in markers.items()}
        self._seen: defaultdict[str, set[ItemKey]] = defaultdict(set)
        self._errors: defaultdict[str, dict[ItemKey, str]] = defaultdict(dict)
        self._popularity = Popularity()
        self._groups: defaultdict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        self._fast: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        self._handed: defaultdict[str, list[Handed]] = defaultdict(list)
        self._device_days: defaultdict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        self._papers = self._all_right = 0
        self.compared = self.windows = 0

    def add(self, paper: Paper) -> None:
        who, bank = paper.participant, self._markers[paper.release].pack.bank
        keys = [(paper.release, bank[place].id) for place in paper.items]
        seen = self._seen[who]
        self._look_at_time(paper, [key in seen for key in keys])
        for place, (key, mark) in enumerate(zip(keys, paper.marks, strict=False)):
            if key not in seen and mark and not paper.correct >> place & 1:
                self._errors[who][key] = mark
                self._popularity.add(key, mark)
        seen.update(keys)
        all_right = paper.right == len(paper.items)
        self._papers += 1
        self._all_right += all_right
        if network := self._origins.networks.get(who):
            self._groups["network", network][who] = None
            self._handed[network].append(Handed(paper.at_ms, who, all_right))
        if device := self._origins.devices.get(who):
            self._groups["device", device][who] = None
            self._device_days[device, paper.day][who] = None
        if paper.team:
            self._groups["team", paper.team][who] = None

    def findings(self) -> list[Finding]:
        return [*self._fast_ones(), *self._alike_ones(), *self._bursts(), *self._crowded()]

    def _look_at_time(self, paper: Paper, known: Sequence[bool]) -> None:
        times = [self._reading[paper.release][place] for place in paper.items]
        least = least_seconds(times, known)
        if is_too_fast(seconds=paper.seconds, least=least, right=paper.right, items=len(paper.items)):
            told = {"attempt": paper.attempt, "seconds": paper.seconds, "least": round(least, 1), "right": paper.right}
            self._fast[paper.participant].append(told | {"new": known.count(False), "items": len(paper.items)})

    def _fast_ones(self) -> Iterable[Finding]:
        for who, papers in self._fast.items():
            yield Finding("fast", who, [who], None, papers[:MOST_EVIDENCE])

    def _alike_ones(self) -> Iterable[Finding]:
        groups = [list(members) for members in self._groups.values() if len(members) > 1]
        errors: dict[str, Errors] = {who: self._errors[who] for group in groups for who in group}
        pairs, self.compared = alike(groups, errors, self._popularity)
        for pair in pairs:
            told = {"both_wrong": pair.both_wrong, "same": pair.same, "expected": round(pair.expected, 2)}
            both = self._errors[pair.first].keys() & self._errors[pair.second].keys()
            rows: list[dict[str, Any]] = [
                {"item": item, "release": release, "first": self._errors[pair.first][release, item],
                 "second": self._errors[pair.second][release, item]}
                for release, item in sorted(both)
            ]  # fmt: skip
            first, second = sorted((pair.first, pair.second))
            yield Finding(
                "alike", f"{first} {second}", [pair.first, pair.second], pair.p, [told, *rows[:MOST_EVIDENCE]]
            )

    def _bursts(self) -> Iterable[Finding]:
        found, self.windows = bursts(self._handed, self._all_right / max(1, self._papers))
        for one in found:
            told = {"from_ms": one.from_ms, "papers": one.papers, "all_right": one.all_right}
            yield Finding("burst", f"{one.network} {one.from_ms}", list(one.participants), one.p, [told])

    def _crowded(self) -> Iterable[Finding]:
        for (device, day), who in self._device_days.items():
            if is_crowded(who):
                told = {"day": day, "passports": len(who)}
                yield Finding("device", f"{device} {day}", list(who)[:MOST_EVIDENCE], None, [told])
