"""When a task presses: how it stands on a day, when somebody is reminded, when it goes one level up.

`planning.actions.reminders` says the reminders once more in SQL, for all tasks at once; a test holds the two together.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

SOON: Final = (3, 1)  # days before the due day
FIRST_LATE: Final = 1  # days after it
LATE: Final = 3  # … and from here every week
EVERY: Final = 7
GIVEN_UP: Final = 60  # days after the due day no more is said of it
NEAR: Final = 2
"""Days before its due day from which a task is shown as due."""


@dataclass(frozen=True)
class Standing:
    """How a task stands: done, dropped, late, due, blocked, doing or todo. `days`: until its due day, below 0 after it."""

    kind: str
    days: int

    @property
    def late_by(self) -> int:
        """Days since the due day, where it is late; else 0."""
        return max(0, -self.days)


def standing(state: str, due: dt.date, today: dt.date) -> Standing:
    """What matters most of it: that it is late before that it is blocked, that it is blocked before that it is due."""
    days = (due - today).days
    if state in {"done", "dropped"}:
        return Standing(state, days)
    if days < 0:
        return Standing("late", days)
    if state == "blocked":
        return Standing(state, days)
    return Standing("due" if days < NEAR else state, days)


def reminder_on(due: dt.date, today: dt.date) -> tuple[str, dt.date] | None:
    """Which reminder of an open task holds on a day, and the day it belongs to: after an idle day it is caught up, and
    the day keeps it from being sent twice."""
    late = (today - due).days
    if -SOON[0] <= late < -SOON[1]:
        return "soon", due - dt.timedelta(days=SOON[0])
    if late == -SOON[1]:
        return "soon", due - dt.timedelta(days=SOON[1])
    if late == 0:
        return "due", due
    if FIRST_LATE <= late < LATE:
        return "overdue", due + dt.timedelta(days=FIRST_LATE)
    if LATE <= late <= GIVEN_UP:
        return "overdue", due + dt.timedelta(days=late - (late - LATE) % EVERY)
    return None


def escalation_on(due: dt.date, today: dt.date) -> tuple[int, dt.date] | None:
    """How many levels up an open task has gone by a day, and since which day."""
    late = (today - due).days
    if not LATE <= late <= GIVEN_UP:
        return None
    return 1 + (late - LATE) // EVERY, due + dt.timedelta(days=late - (late - LATE) % EVERY)
