"""By when a summary is wanted: the nation's places by the end of November (standing plan of 2016), those under them ten
days earlier each, the nation's own by the end of the year."""

from __future__ import annotations

import datetime as dt
from typing import Final

_DATES: Final = {"nation": (12, 31), "province": (11, 30), "city": (11, 20), "county": (11, 10)}
_AFTER: Final = dt.timedelta(days=30)  # a Week held late in the year gets at least so long
SOON: Final = dt.timedelta(days=7)


def due_on(level: str, *, year: int, ends: dt.date, shift: dt.timedelta = dt.timedelta()) -> dt.date:
    """The last day for a unit of this level. `ends`: the true last day of the Week; `shift`: of a rehearsal."""
    return max(dt.date(year, *_DATES[level]), ends + _AFTER) + shift
