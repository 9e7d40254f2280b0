"""A table of populations, checked row by row against the regions that its bringer keeps. Nothing is written here."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cyberweek.documents.formats.tables import Formula, NoTable, Problem, Table, folded
from cyberweek.indicators.actions import Resident
from cyberweek.indicators.core.numbers import NoNumberError, read_number
from cyberweek.indicators.enums import WRONG_NUMBERS
from cyberweek.indicators.models import Population
from cyberweek.indicators.models.populations import EARLIEST, MOST_PEOPLE
from cyberweek.regions.models import Region
from cyberweek.regions.queries import is_called

# English and Chinese, as we write them; then what else is understood.
HEADS: Final[dict[str, tuple[str, ...]]] = {
    "region": ("Region code", "地区代码", "Region", "地区", "行政区划代码", "行政区划", "代码", "Code"),
    "name": ("Name", "名称", "地区名称"),
    "people": ("People", "人口", "常住人口", "人口数", "Population"),
    "year": ("Year", "年份", "年度"),
    "source": ("Source", "来源", "数据来源"),
}
_LONGEST: Final = 200


@dataclass(frozen=True)
class Found:
    """A row that can be taken in, and what is there for that region and year already."""

    resident: Resident
    before: int | None


@dataclass
class Checked:
    """What came of a table. It can be taken in only when there are no problems."""

    table: Table
    rows: list[Found] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)  # heads that mean nothing here and were passed over
    empty: int = 0  # rows without a number: a template that is filled in to a part

    @property
    def residents(self) -> list[Resident]:
        return [row.resident for row in self.rows]

    @property
    def corrected(self) -> int:
        """How many stand there with another number."""
        return sum(row.before is not None and row.before != row.resident.people for row in self.rows)


_BY_HEAD: Final = {folded(name): key for key, names in HEADS.items() for name in names}


def check_table(table: Table, *, regions: QuerySet[Region], year: int, source: str, latest: int) -> Checked:
    """Check every row, with two queries however many there are; `year` and `source` stand where a row has none,
    `latest`: the last year that there can be. Raises `NoTable` when a needed column is missing."""
    keys = [_BY_HEAD.get(folded(name)) for name in table.head]
    if not {"region", "name"} & set(keys) or "people" not in keys:
        lacking = "people" if "people" not in keys else "region"
        names = f"“{HEADS[lacking][0]}” / “{HEADS[lacking][1]}”"
        raise NoTable(_("The table has no column %(names)s. The template shows all columns.") % {"names": names})
    checked = Checked(table)
    checked.unknown = [name for name, key in zip(table.head, keys, strict=True) if name and key is None]
    rows = [_Row(number, dict(zip(keys, cells, strict=False)), table.head, keys) for number, cells in table.rows]
    named = _named(rows, regions)
    seen: dict[tuple[str, int], int] = {}
    for row in rows:
        if not row.text("people"):
            checked.empty += 1
            continue
        resident = row.resident(named, year=year, source=source, latest=latest)
        if resident is not None:
            first = seen.setdefault((resident.region.pk, resident.year), row.number)
            if first != row.number:
                row.wrong("region", _("The same as row %(row)d.") % {"row": first})
            checked.rows.append(Found(resident, None))
        checked.problems += row.problems
    _look_up(checked)
    return checked


def _named(rows: Iterable[_Row], regions: QuerySet[Region]) -> dict[str, list[Region]]:
    """The regions that the rows mean, by code and by name: one query."""
    names = {text for row in rows for text in (row.text("region"), row.text("name")) if text}
    found: dict[str, list[Region]] = defaultdict(list)
    for region in regions.filter(is_called(names)):
        for name in {region.pk, *region.name.values()}:
            found[name].append(region)
    return found


def _look_up(checked: Checked) -> None:
    there = {
        (one.region_id, one.year): one.people
        for one in Population.objects.filter(
            region__in={row.region.pk for row in checked.residents}, year__in={row.year for row in checked.residents}
        )
    }
    checked.rows = [Found(one, there.get((one.region.pk, one.year))) for one in checked.residents]


class _Row:
    """A row and what is said about it."""

    def __init__(self, number: int, cells: dict[str | None, str], head: list[str], keys: list[str | None]) -> None:
        self.number, self.cells = number, cells
        self.heads = {key: name for name, key in zip(head, keys, strict=True) if key}
        self.problems: list[Problem] = []
        for key, cell in cells.items():
            if key is not None and isinstance(cell, Formula):
                self.wrong(key, _("A formula is refused: put its value there."))

    def wrong(self, key: str, text: str) -> None:
        self.problems.append(Problem(self.number, self.heads.get(key, ""), text))

    def text(self, key: str) -> str:
        return self.cells.get(key, "").strip()

    def resident(self, named: dict[str, list[Region]], *, year: int, source: str, latest: int) -> Resident | None:
        region = self._region(named)
        people = self._people()
        year = self._year(year, latest)
        source = self.text("source") or source
        if len(source) > _LONGEST:
            told = _("Too long: %(length)d characters, at most %(limit)d.")
            self.wrong("source", told % {"length": len(source), "limit": _LONGEST})
        if self.problems or region is None or people is None:
            return None
        return Resident(region, people, year, source)

    def _region(self, named: dict[str, list[Region]]) -> Region | None:
        key = "region" if self.text("region") or "name" not in self.heads else "name"
        text = self.text(key)
        found = named.get(text, [])
        if len(found) == 1:
            return found[0]
        if found:
            codes = ", ".join(one.pk for one in found[:3]) + (" …" if len(found) > 3 else "")
            self.wrong(
                key, _("Several have this name; give the code of the one you mean: %(codes)s.") % {"codes": codes}
            )
        elif text:
            self.wrong(key, _("“%(text)s” is no region whose population you keep.") % {"text": text})
        else:
            self.wrong(key, _("The row names no region."))
        return None

    def _people(self) -> int | None:
        if isinstance(self.cells.get("people"), Formula):
            return None
        try:
            people = int(read_number(self.text("people")))
        except NoNumberError as wrong:
            self.wrong("people", str(WRONG_NUMBERS[wrong.why]))
            return None
        if not 0 < people <= MOST_PEOPLE:
            self.wrong("people", _("Where nobody lives nothing is entered; nowhere live so many."))
            return None
        return people

    def _year(self, year: int, latest: int) -> int:
        text = unicodedata.normalize("NFKC", self.text("year")).removesuffix("年")
        if not text:
            return year
        if not text.isascii() or not text.isdigit() or not EARLIEST <= int(text) <= latest:
            told = _("“%(text)s” is no year between %(first)d and %(last)d.")
            self.wrong("year", told % {"text": text, "first": EARLIEST, "last": latest})
            return year
        return int(text)


def template_of(regions: Iterable[Region], known: dict[str, Population], *, chinese: bool) -> list[list[Any]]:
    """The regions with what is known of them, to be filled in and brought back."""
    rows: list[list[Any]] = [[names[1 if chinese else 0] for names in HEADS.values()]]
    for one in regions:
        row = known.get(one.pk)
        rows.append([one.pk, str(one), row.people if row else "", row.year if row else "", row.source if row else ""])
    return rows
