"""What the years came to: our own totals, and those that were handed over."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from cyberweek.editions.models import Edition
from cyberweek.handover.core.years import Comparison, Point, compared
from cyberweek.handover.models import Heritage
from cyberweek.indicators.models import Total
from cyberweek.indicators.queries import dictionary_of
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.regions.models import Region


def years_of(edition: Edition, region: Region) -> Comparison:
    """The indicators of an edition's dictionary in a region, over all years that are known: three queries."""
    dictionary = {one.code: one for one in dictionary_of(edition)}
    names = {code: str(one.name) for code, one in dictionary.items()}
    points = [*_own(edition, region), *_handed_over(region, names)]
    return compared([one for one in points if one.code in dictionary], order=list(dictionary))


def _own(edition: Edition, region: Region) -> Iterator[Point]:
    """Of editions held in the same place."""
    rows = Total.objects.filter(region=region, edition__scope=edition.scope)
    for one in rows.select_related("edition", "indicator").defer("sketch"):
        yield Point(
            one.indicator.code, str(one.indicator.name), one.count, one.adding, one.edition.slug, one.edition.year,
            one.value, one.low, one.high, _words(one.indicator.definition), one.pk,
        )  # fmt: skip


def _handed_over(region: Region, names: dict[str, str]) -> Iterator[Point]:
    for rows in Heritage.objects.filter(kind="history").values_list("rows", flat=True):
        for row in rows:
            if row["region"] == region.pk:
                yield Point(
                    row["indicator"], names.get(row["indicator"], row["indicator"]), row["count"], row["adding"],
                    row["edition"], row["year"], Decimal(row["value"]), Decimal(row["low"]), Decimal(row["high"]),
                )  # fmt: skip


def _words(definition: LocalizedText) -> str:
    """The same words in all languages are the same definition."""
    return "\n".join(f"{tag} {' '.join(text.split())}" for tag, text in sorted(definition.items()))
