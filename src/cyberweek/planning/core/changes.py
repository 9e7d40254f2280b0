"""What an arrangement says as plain values, and what differs between what was issued and what is written now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

# What a task takes over from its arrangement.
TAKEN: Final = (
    "title", "what", "deliverables", "begins", "due", "theme_day", "is_milestone", "needs_evidence",
)  # fmt: skip
# Whom it falls to.
ADDRESS: Final = ("levels", "sectors", "units")
# Everything that is issued; `after`: keys of arrangements, `withdrawn`: whether it was taken back.
ISSUED: Final = (*TAKEN, *ADDRESS, "after", "withdrawn")

NEW, CHANGED, WITHDRAWN, SAME = "new", "changed", "withdrawn", "same"


def kind_of(issued: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """How an arrangement stands to what was issued: new, changed, withdrawn or the same. A draft that is withdrawn, and
    a withdrawn one that was issued as such, is the same."""
    if now["withdrawn"]:
        return WITHDRAWN if issued and not issued["withdrawn"] else SAME
    if not issued:
        return NEW
    return CHANGED if any(issued[name] != now[name] for name in ISSUED) else SAME


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What differs: {"before": {...}, "after": {...}} with the same names in both, empty where nothing does."""
    names = [name for name in ISSUED if before.get(name) != after.get(name)]
    return {
        "before": {name: before.get(name) for name in names},
        "after": {name: after.get(name) for name in names},
    }


def day_of(opening: dt.date, days: int) -> dt.date:
    """The date that lies `days` from the opening."""
    return opening + dt.timedelta(days=days)


def told_to_tasks(
    before: Mapping[str, Any], after: Mapping[str, Any], *, opened: dt.date, opens: dt.date
) -> dict[str, dict[str, Any]]:
    """What differs for a task, its dates as dates: `opened` is the first day that the tasks know, `opens` the present
    one. {"before": {}, "after": {}} where nothing does."""
    old, new = dict(before), dict(after)
    for values, day in ((old, opened), (new, opens)):
        for name in ("begins", "due"):
            if values.get(name) is not None:
                values[name] = day_of(day, values[name]).isoformat()
    names = [name for name in (*TAKEN, "after") if old.get(name) != new.get(name)]
    return {"before": {name: old.get(name) for name in names}, "after": {name: new.get(name) for name in names}}
