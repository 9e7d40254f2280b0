"""A figure of a version beside what it is now."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.core.cache import cache
from django.db.models import Q

from cyberweek.editions.models import Edition
from cyberweek.regions.models import Unit
from cyberweek.summaries.core.content import unlike_withheld
from cyberweek.summaries.models import Version

from .figures import figures_of
from .regions import hidden_regions
from .standing import away_of, figure_json

_KEPT: Final = 600


def told_apart(version: Version) -> list[tuple[Version, list[tuple[str, str]]]]:
    """The public versions of the same summary, and of the places right above and below, that tell what this one
    withholds or withhold what it tells; with the cells. One query."""
    summary = version.summary
    region = summary.unit.region
    near = (
        Q(summary=summary) | Q(summary__unit__region=region.parent_id) | Q(summary__unit__region__parent=region.pk)
    )  # fmt: skip
    rows = Version.objects.filter(near, summary__edition=summary.edition_id, publication__isnull=False)
    rows = rows.exclude(pk=version.pk).select_related("summary__unit").order_by("summary__unit__ancestry", "number")
    found = [(one, unlike_withheld(one.content, version.content)) for one in rows.iterator(chunk_size=20)]
    return [(one, cells) for one, cells in found if cells]


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
