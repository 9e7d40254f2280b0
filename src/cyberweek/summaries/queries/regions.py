"""The regions right under a place, side by side; and which counts of people are not given away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.core.cache import cache
from django.db.models import Count, F, Sum

from cyberweek.editions.models import Edition
from cyberweek.indicators.enums import Adding
from cyberweek.indicators.models import Total
from cyberweek.indicators.queries import populations_of
from cyberweek.regions.models import Region, Unit
from cyberweek.regions.queries import regions_directly_under
from cyberweek.summaries.core.rates import Place, Rate, compare
from cyberweek.summaries.core.suppression import REST, Node, withheld

from .figures import OF_PEOPLE, activities_of, rows_of
from .places import is_place

_KEPT: Final = 600  # seconds that a dispersion is remembered: it reads every row, and moves little


@dataclass(frozen=True)
class Line:
    """A region beside the others. `rate` None: its population is not known, or too few regions have one."""

    region: Region
    value: Decimal | None
    people: int | None
    year: int | None
    rate: Rate | None


@dataclass(frozen=True)
class Comparison:
    """An indicator over the regions right under a place. `mean` per 10,000 people, where rates could be made."""

    code: str
    lines: list[Line]
    mean: float | None
    dispersion: float


Hidden = Mapping[str, AbstractSet[str]]


def comparisons(
    edition: Edition, unit: Unit, *, hidden: Hidden | None = None, fresh: bool = False
) -> dict[str, Comparison]:
    """Every indicator that adds up, by region: four queries. Empty for a unit that is no place, or with nothing under
    it. `hidden`: by indicator the regions that take no part, so that no mean tells of them; `fresh`: count the
    dispersion anew."""
    if not is_place(unit):
        return {}
    under = list(regions_directly_under(unit.region_id).order_by("pk"))
    if not under:
        return {}
    rows = Total.objects.filter(edition=edition, region__in=under, adding=Adding.SUM)
    values: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for code, region, value in rows.values_list("indicator__code", "region", "value"):
        values[code][region] = value
    known = populations_of((region.pk for region in under), edition.year)
    people = {code: (one.people, one.year) for code, one in known.items()}
    spread = _dispersions(edition, unit, fresh=fresh) if values else {}
    made = {}
    for code, found in values.items():
        away = (hidden or {}).get(code, frozenset())
        shown = {region: value for region, value in found.items() if region not in away}
        made[code] = _compared(code, under, shown, people, spread.get(code, 1.0))
    return made


def _compared(
    code: str, under: list[Region], found: dict[str, Decimal], people: dict[str, tuple[int, int]], dispersion: float
) -> Comparison:
    known = [region.pk for region in under if region.pk in people]
    # A region from which nothing came is missing, which is not nought.
    told = [pk for pk in known if pk in found]
    result = compare([Place(float(found[pk]), people[pk][0]) for pk in told], dispersion=dispersion)
    rates = dict(zip(told, result.rates, strict=True)) if result else {}
    lines = [_line(region, found, people.get(region.pk), rates) for region in under]
    lines.sort(key=lambda line: (line.rate is None, -(line.rate.shrunk if line.rate else 0), -(line.value or 0)))
    return Comparison(code, lines, result.mean if result else None, max(1.0, dispersion))


def _line(region: Region, found: dict[str, Decimal], people: tuple[int, int] | None, rates: dict[str, Rate]) -> Line:
    who, year = people or (None, None)
    return Line(region, found.get(region.pk), who, year, rates.get(region.pk))


def _dispersions(edition: Edition, unit: Unit, *, fresh: bool) -> dict[str, float]:
    """By indicator the sum of squares over the sum: how large the groups are in which people are counted."""
    key = f"summaries-dispersion-{edition.pk}-{unit.region_id}"
    held: dict[str, float] | None = None if fresh else cache.get(key)
    if held is None:
        rows = rows_of(edition, unit).order_by().values("indicator__code")
        sums = rows.annotate(squares=Sum(F("value") * F("value")), whole=Sum("value"))
        held = {row["indicator__code"]: float(row["squares"] / row["whole"]) for row in sums if row["whole"]}
        cache.set(key, held, _KEPT)
    return held


def hidden_regions(edition: Edition) -> dict[str, set[str]]:
    """By indicator of people the regions (and rests) whose figures no one but organisers is shown: one query."""
    rows = Total.objects.filter(edition=edition, count__in=OF_PEOPLE)
    values: dict[str, dict[str, Decimal]] = defaultdict(dict)
    adding: dict[str, str] = {}
    parents: dict[str, str | None] = {}
    for code, how, region, parent, value in rows.values_list(
        "indicator__code", "adding", "region", "region__parent", "value"
    ):
        values[code][region] = value
        adding[code] = how
        parents[region] = parent
    found: dict[str, set[str]] = {}
    for code, by_region in values.items():
        if adding[code] == Adding.SUM:
            found[code] = _hidden_in_tree(by_region, parents)
        else:
            found[code] = {region for region, value in by_region.items() if 0 < value < 10}
    return found


def _hidden_in_tree(values: dict[str, Decimal], parents: dict[str, str | None]) -> set[str]:
    under: dict[str | None, list[str]] = defaultdict(list)
    for region in sorted(values):
        parent = parents[region]
        under[parent if parent in values else None].append(region)

    def node(region: str) -> Node:
        parts = tuple(map(node, under[region]))
        # Totals that wait to be made again may say less of a whole than of its parts: then there is no rest.
        return Node(region, max(int(values[region]), sum(part.count for part in parts)), parts)

    found: set[str] = set()
    for top in under[None]:
        found |= withheld(node(top))
    return found


def rest_of(region: str) -> str:
    return region + REST


def activities_by_kind(edition: Edition, unit: Unit) -> list[tuple[str, str, int]]:
    """(region right under, or the unit's own, kind, how many) of the published activities: one query."""
    depth = len(unit.region.ancestry)
    rows = activities_of(edition, unit).order_by().values_list(f"region__ancestry__{depth}", "kind")
    counted = rows.annotate(n=Count("pk"))
    return sorted((region or unit.region_id, kind, n) for region, kind, n in counted)


def activities_by_day(edition: Edition, unit: Unit) -> dict[int, tuple[int, int]]:
    """By theme day how many activities in how many regions: one query."""
    rows = activities_of(edition, unit).filter(theme_day__isnull=False).order_by().values("theme_day")
    return {
        row["theme_day"]: (row["n"], row["places"])
        for row in rows.annotate(n=Count("pk"), places=Count("region", distinct=True))
    }
