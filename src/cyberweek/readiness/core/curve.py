"""The three curves of readiness as points of a drawing: plan, done, and what is expected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

WIDTH: Final = 520.0
HEIGHT: Final = 120.0
LEFT: Final = 34.0
TOP: Final = 8.0


@dataclass(frozen=True)
class Drawing:
    """Polylines as `points` of SVG; (x, y) of today; today's share in hundredths. `first`: the day on which it begins."""

    plan: str
    done: str
    ahead: str
    x: str
    y: str
    tell_y: str
    share: int
    first: int
    eve: bool  # there is room to name the last day

    @property
    def anchor(self) -> str:
        """Which way the word at today's mark runs, so that it stays inside."""
        if float(self.x) < LEFT + 60:
            return "start"
        return "end" if float(self.x) > LEFT + WIDTH - 40 else "middle"


def drawn(curve: Mapping[str, Any], must: int) -> Drawing | None:
    """From a row's `curve`; nothing where there is nothing to draw."""
    if not curve or not must or len(curve["plan"]) < 2:
        return None
    days = len(curve["plan"])
    today = min(len(curve["done"]), days) - 1

    def points(values: Sequence[float], start: int) -> str:
        return " ".join(f"{_x(start + at, days):.1f},{_y(value / must):.1f}" for at, value in enumerate(values))

    done = curve["done"][: today + 1]
    ahead = [done[-1], *curve["ahead"]][: days - today]
    share = done[-1] / must
    return Drawing(
        plan=points(curve["plan"], 0), done=points(done, 0), ahead=points(ahead, today), x=f"{_x(today, days):.1f}", y=f"{_y(share):.1f}",
        tell_y=f"{_y(share) + (24 if share > 0.25 else -12):.1f}", share=round(100 * share), first=curve["first"],
        eve=_x(today, days) < LEFT + WIDTH - 150,
    )  # fmt: skip


def _x(day: float, days: int) -> float:
    return LEFT + WIDTH * day / (days - 1)


def _y(share: float) -> float:
    return TOP + HEIGHT * (1 - share)
