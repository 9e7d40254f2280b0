"""How many people live where: the shipped census, what offices enter, and tables that they bring."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from django.db import transaction

from cyberweek.editions.models import Edition
from cyberweek.indicators.models import Population, PopulationTable
from cyberweek.kernel.actions import record
from cyberweek.regions.enums import Provenance
from cyberweek.regions.models import Region, Unit
from cyberweek.regions.queries import all_codes

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

_KEPT: Final = dt.timedelta(days=1)
_SOURCES: Final = {
    "nation": "第七次全国人口普查公报 Seventh National Population Census (NBS, 11 May 2021)",
    "tianjin": "天津市第七次全国人口普查公报 Seventh National Population Census, Tianjin (2021)",
    "fujian": "福建省第七次全国人口普查公报 Seventh National Population Census, Fujian (2021)",
}


@dataclass(frozen=True)
class Resident:
    """One row: so many people live in a region in a year, as somebody says."""

    region: Region
    people: int
    year: int
    source: str


@transaction.atomic
def load_populations() -> int:
    """The shipped census, for the regions that are there; what is known already stays. Gives how many were added."""
    text = files("cyberweek.indicators.data").joinpath("populations.csv").read_text(encoding="utf-8")
    known = all_codes()
    rows = [row for row in csv.DictReader(text.splitlines()) if row["region"] in known]
    before = Population.objects.count()
    Population.objects.bulk_create(
        (
            Population(
                region_id=row["region"],
                people=int(row["people"]),
                year=int(row["year"]),
                source=_SOURCES[row["source"]],
            )
            for row in rows
        ),
        ignore_conflicts=True,
    )
    return Population.objects.count() - before


def enter_population(*, resident: Resident, keeper: Unit, by: User, now: dt.datetime) -> None:
    """Enter or correct the population of one region and year, for `keeper`, which keeps it."""
    with transaction.atomic():
        before = _put([resident], by=by, now=now)
        told = _told([resident])
        record(
            actor=by, verb="population.enter", thing=resident.region, unit=keeper.pk, before=before,
            after={**told, "source": resident.source},
        )  # fmt: skip


@transaction.atomic
def keep_table(
    *, edition: Edition, name: str, content: bytes, year: int, source: str, by: User, now: dt.datetime
) -> PopulationTable:
    """Keep a table while its owner looks through what was found in it; older ones go."""
    PopulationTable.objects.filter(at__lt=now - _KEPT).delete()
    return PopulationTable.objects.create(
        edition=edition, name=name[:200], content=content, year=year, source=source, by=by
    )


@transaction.atomic
def import_table(
    *, table: PopulationTable, residents: Iterable[Resident], keeper: Unit, by: User, now: dt.datetime
) -> int:
    """Take in all rows of a table that was looked through, and forget it; gives how many."""
    rows = list(residents)
    before = _put(rows, by=by, now=now)
    record(
        actor=by, verb="population.import", thing=keeper.region, unit=keeper.pk, before=before,
        after={**_told(row for row in rows if f"{row.region.pk} {row.year}" in before), "rows": len(rows), "file": table.name},
    )  # fmt: skip
    table.delete()
    return len(rows)


def _told(rows: Iterable[Resident]) -> dict[str, int]:
    return {f"{row.region.pk} {row.year}": row.people for row in rows}


def _put(rows: list[Resident], *, by: User, now: dt.datetime) -> dict[str, int]:
    """Write them; gives what stood there before, where it was another number."""
    wanted = _told(rows)
    there = Population.objects.select_for_update().filter(
        region__in={row.region.pk for row in rows}, year__in={row.year for row in rows}
    )
    before = {f"{one.region_id} {one.year}": one.people for one in there.order_by("pk")}
    Population.objects.bulk_create(
        (
            Population(
                region=row.region, people=row.people, year=row.year, source=row.source,
                provenance=Provenance.OWN, at=now, by=by,
            )
            for row in rows
        ),
        update_conflicts=True, unique_fields=["region", "year"],
        update_fields=["people", "source", "provenance", "at", "by"], batch_size=500,
    )  # fmt: skip
    return {key: people for key, people in before.items() if key in wanted and wanted[key] != people}
