"""A figure of a version beside what it is now."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.core.cache import cache

from cyberweek.editions.models import Edition
from cyberweek.regions.models import Unit

from .figures import figures_of
from .regions import hidden_regions
from .standing import away_of, figure_json

_KEPT: Final = 600


def hidden_lately(edition: Edition) -> dict[str, set[str]]:
    """What is not given away, as of at most ten minutes ago: for pages that anybody may call up often."""
    key = f"summaries-hidden-{edition.pk}"
    held: dict[str, set[str]] | None = cache.get(key)
    if held is None:
        held = hidden_regions(edition)
        cache.set(key, held, _KEPT)
    return held


def figure_now(edition: Edition, unit: Unit, key: str, *, everything: bool, now: dt.datetime) -> dict[str, Any] | None:
    """The figure as it would be frozen now; None where there is none by that key any more. `everything`: for those who
    may see small figures too."""
    figures = figures_of(edition, unit, now=now)
    if key not in figures:
        return None
    away = set() if everything else away_of(edition, unit, figures, hidden_lately(edition))
    return figure_json(figures[key], away=key in away)
