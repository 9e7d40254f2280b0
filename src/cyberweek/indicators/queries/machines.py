"""Figures that machines know. An app that counts something registers a source; the job reads them all.

What it takes is a function that gives, for an edition and a moment, what each region itself has counted, and in `ready`
of the app above:

    register_source(Source("gates", "check-ins", check_ins_by_region))

The figures of a source are those of its last reading: what it no longer gives is taken away. Its indicator is an entry of
the dictionary that a machine fills in; where an edition has none by that code, the source is passed over. Different people
come as sketches (`core.sketches`), else they are refused. Today contests and the programme register here; check-ins and
screen plays are recorded by no app yet.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.conf import settings
from django.db import connection
from django.db.models import Count, Q, Sum

from cyberweek.editions.models import Edition
from cyberweek.indicators.core.sketches import edition_key, estimate, hashed, sketch_of
from cyberweek.knowledge.models import Contest, RegionStanding, TopicStanding
from cyberweek.programme.enums import Kind
from cyberweek.programme.queries import activities_published
from cyberweek.regions.models import Region


@dataclass(frozen=True)
class Reading:
    """What a machine counted in one region itself, without the regions under it."""

    region: str
    value: Decimal
    sketch: bytes | None = None


@dataclass(frozen=True)
class Source:
    """One machine that counts: `key` names it on its figures, `indicator` is the code in the dictionary."""

    key: str
    indicator: str
    read: Callable[[Edition, dt.datetime], Iterable[Reading]]


_sources: Final[dict[str, Source]] = {}


def register_source(source: Source) -> None:
    """Let a source flow in; one with the same key takes the place of the first."""
    _sources[source.key] = source


def sources() -> list[Source]:
    """All that are registered, in the order of their keys."""
    return [_sources[key] for key in sorted(_sources)]


def _contests(edition: Edition) -> list[str]:
    return list(Contest.objects.filter(edition=edition).values_list("slug", flat=True))


def papers(edition: Edition, now: dt.datetime) -> list[Reading]:  # noqa: ARG001 -- the signature of a source
    """Papers by region: the arena counts a region with all under it, so what is counted beneath is taken off. Its
    boards of teams are no regions, and fall away."""
    rows = RegionStanding.objects.filter(contest__in=_contests(edition)).values_list("region").annotate(n=Sum("papers"))
    within = dict(rows.order_by())
    parents = dict(Region.objects.filter(pk__in=within).values_list("pk", "parent"))
    own = Counter({code: within[code] for code in parents})
    for code, parent in parents.items():
        if parent is not None and parent in own:
            own[parent] -= within[code]
    return [Reading(code, Decimal(n)) for code, n in own.items() if n > 0]


def right_answers(edition: Edition, now: dt.datetime) -> list[Reading]:  # noqa: ARG001 -- the signature of a source
    """Right answers: the arena counts them by topic and not by region, so they belong to the edition's region."""
    found = TopicStanding.objects.filter(contest__in=_contests(edition)).aggregate(n=Sum("correct"))["n"]
    return [Reading(edition.scope_id, Decimal(found))] if found else []


def participants(edition: Edition, now: dt.datetime) -> list[Reading]:  # noqa: ARG001 -- the signature of a source
    """Passports with at least one paper, as a sketch for each region. Who played in two contests counts once."""
    key = edition_key(settings.SECRET_KEY, edition.slug)
    by_region: dict[str, list[str]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT b.participant::text, r.code FROM standing_best b JOIN passport_participant p ON p.id = b.participant "
            "JOIN regions_region r ON r.code = p.region_id WHERE b.contest = ANY(%s)",
            [_contests(edition)],
        )
        while rows := cursor.fetchmany(10_000):
            for passport, region in rows:
                by_region[region].append(hashed(passport, key))
    readings = []
    for region, digests in by_region.items():
        sketch = sketch_of(digests)
        readings.append(Reading(region, Decimal(estimate(sketch).value), sketch))
    return readings


# Activities that were published and have begun: by source the indicator and the kinds that it counts (none: every kind).
_HELD: Final[dict[str, tuple[str, Q]]] = {
    "programme": ("activities-held", Q()),
    "programme-forums": ("forums-held", Q(kind=Kind.FORUM)),
    "programme-exhibitions": ("exhibitions-held", Q(kind=Kind.EXHIBITION)),
}


def _held(kinds: Q) -> Callable[[Edition, dt.datetime], list[Reading]]:
    def read(edition: Edition, now: dt.datetime) -> list[Reading]:
        rows = activities_published(edition).filter(kinds, starts__lte=now)
        counted = rows.order_by().values_list("region").annotate(n=Count("pk"))
        return [Reading(region, Decimal(n)) for region, n in counted]

    return read


def held_in(edition: Edition, region: str, *, now: dt.datetime) -> dict[str, int]:
    """By source of the programme how many activities one region itself has held: one query."""
    rows = activities_published(edition).filter(region=region, starts__lte=now).order_by()
    counts = {source.replace("-", "_"): Count("pk", filter=kinds) for source, (_code, kinds) in _HELD.items()}
    found = rows.aggregate(**counts)
    return {source: found[source.replace("-", "_")] for source in _HELD}


for _source in (
    Source("contest-papers", "papers", papers),
    Source("contest-right-answers", "right-answers", right_answers),
    Source("contest-participants", "participants", participants),
    *(Source(key, code, _held(kinds)) for key, (code, kinds) in _HELD.items()),
):
    register_source(_source)
