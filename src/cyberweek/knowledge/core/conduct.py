"""The conduct of a contest: what must hold between the entries of a ledger, beyond each paper's grade.

    start     while its release is open, under its own local day, numbered on without a gap, within what a day allows
    others    follow the start of their attempt, name what it names, and come at most `grace` after the deadline
    submit    comes once for an attempt; its seconds are those since the start

Memory goes by participants and attempts that are still open, not by papers.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

from cyberweek.knowledge.core.chain import Entry
from cyberweek.knowledge.core.marking import Marker
from cyberweek.knowledge.core.release import Pack

_MINUTE_MS = 60_000


class _Start(NamedTuple):
    at_ms: int
    names: int
    """A hash of what every later entry of the attempt has to name again."""


class Conduct:
    def __init__(self, markers: Mapping[tuple[str, int], Marker]) -> None:
        self._hours = {name: _Hours(marker.pack) for name, marker in markers.items()}
        self._open: dict[str, _Start] = {}
        self._latest: dict[tuple[str, str], tuple[str, int]] = {}

    def faults_of(self, entry: Entry) -> Iterator[str]:
        """What is wrong with this entry after all those before it. Entries of an unknown release are not judged."""
        hours = self._hours.get((entry.contest, entry.release))
        if hours is None:
            return
        if entry.kind == "start":
            yield from self._faults_of_start(entry, hours)
            self._open[entry.attempt] = _Start(entry.at_ms, _names(entry))
            return
        start = self._open.get(entry.attempt)
        if start is None and entry.kind == "save":
            return  # one that was under way when its paper was handed in; it counts nowhere
        if start is None:
            yield "has no open start before it: it was never begun, or handed in before"
            return
        if start.names != _names(entry):
            yield "does not name the player, paper and release that its start names"
        if entry.at_ms > hours.last_ms(start.at_ms):
            yield "came after its deadline and grace"
        if entry.kind == "submit":
            del self._open[entry.attempt]
            spent = max(0, entry.at_ms - start.at_ms) // 1000
            if entry.seconds != spent:
                yield f"is said to have taken {entry.seconds} s, from its start it was {spent} s"

    def _faults_of_start(self, entry: Entry, hours: "_Hours") -> Iterator[str]:
        if not hours.opens_ms <= entry.at_ms < hours.closes_ms:
            yield "began while its release was not open"
        if hours.local_day(entry.at_ms // _MINUTE_MS) != entry.day:
            yield f"is filed under {entry.day}, which is not the day it began on"
        if entry.ordinal > hours.a_day:
            yield f"is attempt {entry.ordinal} of a day that allows {hours.a_day}"
        player = entry.contest, entry.participant
        day, ordinal = self._latest.get(player, ("", 0))
        expected = ordinal + 1 if day == entry.day else 1
        # Two processes may write the starts around midnight in either order; within a day they are numbered.
        if day <= entry.day:
            if entry.ordinal != expected:
                yield f"is attempt {entry.ordinal} of the day, after {expected - 1}"
            self._latest[player] = entry.day, entry.ordinal


class _Hours:
    """A release's hours and limits, in milliseconds."""

    def __init__(self, pack: Pack) -> None:
        self.opens_ms = _to_ms(pack.opens)
        self.closes_ms = _to_ms(pack.closes)
        self.a_day = pack.attempts_per_day
        self._minutes_ms = pack.minutes * _MINUTE_MS
        self._grace_ms = pack.grace_seconds * 1000
        self._pack = pack
        self.local_day = lru_cache(maxsize=4096)(self._local_day)

    def _local_day(self, minute: int) -> str:
        try:
            return self._pack.local_day(datetime.fromtimestamp(minute * 60, UTC)).isoformat()
        except (OverflowError, ValueError, OSError):
            return ""  # beyond the calendar

    def last_ms(self, started_ms: int) -> int:
        return min(started_ms + self._minutes_ms, self.closes_ms) + self._grace_ms


def _names(entry: Entry) -> int:
    return hash((entry.contest, entry.participant, entry.day, entry.ordinal, entry.release, entry.region, entry.team))


def _to_ms(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)
