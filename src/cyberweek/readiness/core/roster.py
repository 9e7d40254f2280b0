"""The arithmetic of a duty roster: what ought to be covered, where nobody is on duty, who is in two places at once.

Moments are aware and are compared as instants, so a change of clocks within the Week makes no hole.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

HANDOVER = dt.timedelta(minutes=30)
"""So long two may be on duty in the same role: one hands over to the other."""


@dataclass(frozen=True, order=True)
class Span:
    """From `starts` up to, and not with, `ends`."""

    starts: dt.datetime
    ends: dt.datetime

    def common(self, other: Span) -> Span | None:
        starts, ends = max(self.starts, other.starts), min(self.ends, other.ends)
        return Span(starts, ends) if starts < ends else None

    @property
    def length(self) -> dt.timedelta:
        return self.ends.astimezone(dt.UTC) - self.starts.astimezone(dt.UTC)


@dataclass(frozen=True)
class Turn:
    """One shift: `who` is the same value for the same person."""

    key: int
    who: Hashable
    span: Span


@dataclass(frozen=True)
class Clash:
    """Two shifts and the time that they have in common."""

    first: Turn
    second: Turn
    span: Span


def wanted(first: dt.date, last: dt.date, opens: dt.time, closes: dt.time, zone: ZoneInfo) -> list[Span]:
    """When somebody has to be on duty from `first` to `last`, joined where one day's end is the next one's beginning.

    `opens` equal to `closes`: round the clock. `closes` before `opens`: past midnight.
    """
    spans = []
    for number in range((last - first).days + 1):
        day = first + dt.timedelta(days=number)
        ends = day if opens < closes else day + dt.timedelta(days=1)
        spans.append(Span(dt.datetime.combine(day, opens, zone), dt.datetime.combine(ends, closes, zone)))
    return joined(spans)


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same time in as few spans as there can be, in order."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda one: (_instant(one.starts), _instant(one.ends))):
        if found and _instant(span.starts) <= _instant(found[-1].ends):
            if _instant(span.ends) > _instant(found[-1].ends):
                found[-1] = Span(found[-1].starts, span.ends)
        else:
            found.append(span)
    return found


def gaps(turns: Iterable[Turn], spans: Sequence[Span]) -> list[Span]:
    """Of the `spans` what no turn covers, in order."""
    covered = joined(turn.span for turn in turns)
    found = []
    for span in joined(spans):
        at = span.starts
        for one in covered:
            if _instant(one.ends) <= _instant(at) or _instant(one.starts) >= _instant(span.ends):
                continue
            if _instant(one.starts) > _instant(at):
                found.append(Span(at, one.starts))
            at = one.ends
        if _instant(at) < _instant(span.ends):
            found.append(Span(at, span.ends))
    return found


def in_two_places(turns: Iterable[Turn]) -> list[Clash]:
    """Turns of the same person at the same time, however short."""
    by_person: dict[Hashable, list[Turn]] = {}
    for turn in turns:
        by_person.setdefault(turn.who, []).append(turn)
    return [clash for some in by_person.values() for clash in _clashes(some)]


def doubled(turns: Iterable[Turn]) -> list[Clash]:
    """Two different people on duty in one role for longer than it takes to hand over."""
    return [one for one in _clashes(list(turns)) if one.first.who != one.second.who and one.span.length > HANDOVER]


def _clashes(turns: list[Turn]) -> list[Clash]:
    """Pairs with a time in common, by when it begins. Each turn is held against those before it that still last."""
    found = []
    lasting: list[Turn] = []
    for turn in sorted(turns, key=lambda one: (_instant(one.span.starts), one.key)):
        lasting = [one for one in lasting if _instant(one.span.ends) > _instant(turn.span.starts)]
        found += [Clash(one, turn, span) for one in lasting if (span := one.span.common(turn.span))]
        lasting.append(turn)
    return found


def _instant(moment: dt.datetime) -> dt.datetime:
    # Two moments of one zone compare by their clocks alone, which is wrong on the night when the clocks change.
    return moment.astimezone(dt.UTC)
