"""How grave a risk is, from likelihood and impact, each 1 to 5.

The product decides: 15 and more is extreme, 8 and more high, 4 and more medium, less low. What would be a disaster
(impact 5) is never low, however unlikely: 5 × 1 is medium already.
"""

from __future__ import annotations

from typing import Final

SCALE: Final = range(1, 6)
_FROM: Final = ((15, "extreme"), (8, "high"), (4, "medium"))


def level_of(likelihood: int, impact: int) -> str:
    """ "extreme", "high", "medium" or "low". Raises ValueError off the scale."""
    if likelihood not in SCALE or impact not in SCALE:
        raise ValueError("Likelihood and impact are 1 to 5.")
    return next((name for least, name in _FROM if likelihood * impact >= least), "low")
