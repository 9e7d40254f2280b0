"""Years side by side, like with like alone.

A line is an indicator by its code, its unit of count and its way of adding: where one of them was another in some year,
that year stands on a line of its own. Where the definition was worded otherwise the line goes on, and the change to
that year is not computed but said to be broken.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Point:
    """What an indicator came to in an edition. `definition`: its words then, "" where they are not known any more.
    `total`: the row of this house that it stands in; None where it was handed over."""

    code: str
    name: str
    count: str
    adding: str
    edition: str
    year: int
    value: Decimal
    low: Decimal
    high: Decimal
    definition: str = ""
    total: int | None = None

    @property
    def number(self) -> int | Decimal:
        """The value as it is shown."""
        return int(self.value) if self.value == self.value.to_integral_value() else self.value.normalize()


@dataclass(frozen=True)
class Cell:
    """A year on a line. `change`: the share by which it differs from the last one before it that is there; None for the
    first, after nothing, and after a break (`broken`)."""

    point: Point | None
    change: Decimal | None = None
    broken: bool = False

    @property
    def percent(self) -> str:
        """The change as it is written: +12 %, −3 %."""
        return "" if self.change is None else f"{self.change * 100:+.0f} %".replace("-", "−")


@dataclass(frozen=True)
class Line:
    code: str
    name: str
    count: str
    adding: str
    cells: list[Cell]


@dataclass(frozen=True)
class Comparison:
    """`editions`: (slug, year) from the oldest; each line has a cell for each of them."""

    editions: list[tuple[str, int]]
    lines: list[Line]


def compared(points: Iterable[Point], *, order: Sequence[str] = ()) -> Comparison:
    """The lines in the order of the codes in `order`, others behind. Of two points of one edition on a line (handed over
    and our own) our own stands."""
    rows = list(points)
    editions = sorted({(one.year, one.edition) for one in rows})
    by_line: dict[tuple[str, str, str], dict[str, Point]] = {}
    for one in sorted(rows, key=lambda one: one.total is not None):
        by_line.setdefault((one.code, one.count, one.adding), {})[one.edition] = one
    places = {code: place for place, code in enumerate(order)}
    keys = sorted(by_line, key=lambda key: (places.get(key[0], len(places)), key))
    lines = [_line(key, [by_line[key].get(slug) for _year, slug in editions]) for key in keys]
    return Comparison([(slug, year) for year, slug in editions], lines)


def _line(key: tuple[str, str, str], points: list[Point | None]) -> Line:
    cells: list[Cell] = []
    last: Point | None = None
    for point in points:
        cells.append(_cell(point, last))
        last = point or last
    newest = next(one for one in reversed(points) if one)
    return Line(key[0], newest.name, key[1], key[2], cells)


def _cell(point: Point | None, last: Point | None) -> Cell:
    if point is None or last is None:
        return Cell(point)
    if point.definition and last.definition and point.definition != last.definition:
        return Cell(point, broken=True)
    return Cell(point, (point.value - last.value) / last.value if last.value else None)
