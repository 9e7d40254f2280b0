"""Rules that contests really had, to begin from: what each fills into the form of a contest (FIELD.md 1.4).

Names are those of the form's fields; `items` is spread over the topics. A preset says all terms, so that nothing of the
one chosen before stays.
"""

from collections.abc import Mapping
from itertools import cycle
from typing import Any, Final

_NOTHING: Final[Mapping[str, Any]] = {
    "form": "paper", "items": 20, "minutes": 20, "points": 5, "attempts_per_day": 3, "attempts_in_all": None,
    "practice": True, "closed": False, "team_minimum": None, "draw_every": "", "draw_needs": "all-right",
    "draw_points": None, "draw_prizes": None, "stage_top": None, "stage_level": "", "stage_count": None,
    "stage_reserve": None,
}  # fmt: skip
_CLASSES: Final = "class-1 | 一班 | Class 1\nclass-2 | 二班 | Class 2"
_COMPANY: Final = "company | 本公司 | Our company"

PRESETS: Final[Mapping[str, Mapping[str, Any]]] = {
    "best-of": {**_NOTHING, "attempts_per_day": 50},
    "once": {
        **_NOTHING, "attempts_per_day": 1, "attempts_in_all": 1, "draw_every": "contest", "draw_needs": "points",
        "draw_points": 90, "draw_prizes": 200,
    },
    "until-right": {
        **_NOTHING, "form": "until-right", "items": 10, "attempts_per_day": 50, "draw_every": "day", "draw_prizes": 50,
    },
    "twenty-right": {**_NOTHING, "form": "until-right", "attempts_per_day": 3},
    "endless": {**_NOTHING, "form": "endless", "items": 60, "minutes": 30, "points": 1, "attempts_per_day": 5},
    "teams": {**_NOTHING, "team_minimum": 10, "groups": _CLASSES},
    "closed": {**_NOTHING, "attempts_per_day": 1, "closed": True, "groups": _COMPANY},
    "stage": {
        **_NOTHING, "attempts_per_day": 1, "attempts_in_all": 1, "practice": False, "stage_top": 10,
        "stage_level": "province", "stage_count": 1, "stage_reserve": 5,
    },
}  # fmt: skip


def spread(items: int, ready: Mapping[str, int]) -> dict[str, int]:
    """So many items over the topics, as evenly as the ready ones allow; fewer where there are not enough."""
    counts = dict.fromkeys(ready, 0)
    left = min(items, sum(ready.values()))
    for topic in cycle(ready):
        if not left:
            return counts
        if counts[topic] < ready[topic]:
            counts[topic] += 1
            left -= 1
    return counts
