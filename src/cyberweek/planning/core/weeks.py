"""Days laid out on a line of weeks: where a bar begins and how long it is, in hundredths of the whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

MOST: Final = 78  # weeks drawn
_LABELS: Final = 12  # about as many have a date above them


@dataclass(frozen=True)
class Span:
    """Whole weeks from `first`, a Monday, to `last`, a Sunday."""

    first: dt.date
    last: dt.date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def at(self, day: dt.date) -> float:
        """Where the day begins; before the line 0, after it 100."""
        return round(min(100.0, max(0.0, 100 * (day - self.first).days / self.days)), 3)

    def holds(self, day: dt.date) -> bool:
        return self.first <= day <= self.last

    def weeks(self) -> list[tuple[dt.date, float, bool]]:
        """Each Monday, where it stands, and whether its date is written above it."""
        n = self.days // 7
        step = max(1, -(-n // _LABELS))
        mondays = (self.first + dt.timedelta(weeks=i) for i in range(n))
        return [(monday, self.at(monday), i % step == 0) for i, monday in enumerate(mondays)]


def span_of(days: Iterable[dt.date]) -> Span:
    """The weeks that hold all these days, at least four and not more than `MOST`, the last ones first."""
    found = sorted(days)
    first = found[0] - dt.timedelta(days=found[0].weekday())
    last = max(found[-1] + dt.timedelta(days=6 - found[-1].weekday()), first + dt.timedelta(days=27))
    return Span(max(first, last - dt.timedelta(days=7 * MOST - 1)), last)
