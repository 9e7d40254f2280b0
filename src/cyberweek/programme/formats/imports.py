"""A table of activities, checked row by row against what there is. Nothing is written here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from cyberweek.documents.formats.tables import Formula, NoTable, Problem, Table, folded
from cyberweek.editions.enums import OrganiserRole
from cyberweek.editions.models import Edition, ThemeDay
from cyberweek.kernel.core.localized import LANGUAGES, LocalizedText
from cyberweek.programme.actions import Entry
from cyberweek.programme.core.duplicates import normalised
from cyberweek.programme.enums import Format, Kind
from cyberweek.programme.formats.columns import COLUMNS, Column, choice, columns_of, language_of, moment
from cyberweek.programme.models import Activity
from cyberweek.programme.queries import titles_taken
from cyberweek.regions.models import Region, Unit
from cyberweek.regions.queries import regions_called, units_called, units_changeable_by

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

_LIMITS: Final = {
    "title": 120,
    "summary": 1500,
    "venue": 120,
    "address": 200,
    "audience": 120,
    "contact_name": 80,
    "contact": 120,
}
_CODE: Final = re.compile(r"[A-Za-z0-9_-]{1,12}")
_SEVERAL: Final = re.compile(r"[;；、\n]+")
_MOST: Final = 2_147_483_647


@dataclass
class Checked:
    """What came of a table. `entries` can be registered only when there are no problems."""

    table: Table
    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)  # heads that mean nothing here and were passed over

    @property
    def rows_with_problems(self) -> int:
        return len({problem.row for problem in self.problems})


def check_table(table: Table, *, edition: Edition, user: User) -> Checked:
    """Check every row, with six queries however many there are. Raises `NoTable` when a needed column is missing."""
    columns = columns_of(table.head)
    present = {column.key for column in columns if column}
    if lacking := [column.names for column in COLUMNS if column.needed and column.key not in present]:
        names = ", ".join(f"“{english}” / “{chinese}”" for english, chinese, *_rest in lacking)
        raise NoTable(_("The table has no column %(names)s. The template shows all columns.") % {"names": names})
    checked = Checked(table)
    checked.unknown = [name for name, column in zip(table.head, columns, strict=True) if name and column is None]
    rows = [_Row(number, cells, table.head, columns, checked.problems) for number, cells in table.rows]
    known = _known(rows, edition, user)
    for row in rows:
        activity = row.activity(edition, known)
        partners = row.partners(known, activity)
        checked.entries.append(Entry(activity, partners))
    _refuse_duplicates(rows, checked, edition)
    checked.problems.sort(key=lambda problem: problem.row)
    return checked


@dataclass(frozen=True)
class _Known:
    """What the cells of a table may name."""

    units: dict[str, list[Unit]]
    regions: dict[str, list[Region]]
    changeable: set[int]
    days: dict[str, ThemeDay]


def _known(rows: Iterable[_Row], edition: Edition, user: User) -> _Known:
    named_units, named_regions = set(), set()
    for row in rows:
        named_units |= {row.text("unit"), *row.several("co"), *row.several("undertakers")}
        named_regions.add(row.text("region"))
    units: dict[str, list[Unit]] = {}
    for unit in units_called(named_units - {""}):
        for name in {unit.code, *unit.name.values()}:
            units.setdefault(folded(name), []).append(unit)
    regions: dict[str, list[Region]] = {}
    for region in regions_called(named_regions - {""}, within=edition.scope_id):
        for name in {region.pk, *region.name.values()}:
            regions.setdefault(folded(name), []).append(region)
    days: dict[str, ThemeDay] = {}
    for day in edition.theme_days.all():
        days |= {folded(name): day for name in (str(day.number), *day.name.values())}
    return _Known(units, regions, set(units_changeable_by(user).values_list("pk", flat=True)), days)


class _Row:
    """A row and what is said about it. Every reader notes its own problem and gives something harmless instead."""

    def __init__(
        self, number: int, cells: list[str], head: list[str], columns: list[Column | None], problems: list[Problem]
    ) -> None:
        self.number = number
        self.problems = problems
        self.cells: dict[tuple[str, str], str] = {}
        self.heads: dict[str, str] = {}
        for name, column, cell in zip(head, columns, cells, strict=False):
            if column is None:
                continue
            self.heads.setdefault(column.key, name)
            if isinstance(cell, Formula):
                problems.append(Problem(number, name, _("A formula is refused: put its value there.")))
            elif cell:
                self.cells[column.key, column.language] = cell

    def wrong(self, key: str, text: str) -> None:
        self.problems.append(Problem(self.number, self.heads.get(key, ""), text))

    def text(self, key: str) -> str:
        return self.cells.get((key, ""), "")

    def several(self, key: str) -> list[str]:
        return [part.strip() for part in _SEVERAL.split(self.text(key)) if part.strip()]

    def localized(self, key: str) -> LocalizedText:
        """The texts of a column in all its languages; one without a language is of the one it is written in."""
        found = {tag: self.cells[key, tag] for tag in LANGUAGES if (key, tag) in self.cells}
        if plain := self.text(key):
            found.setdefault(language_of(plain), plain)
        for text in found.values():
            if len(text) > _LIMITS[key]:
                told = _("Too long: %(length)d characters, at most %(limit)d.")
                self.wrong(key, told % {"length": len(text), "limit": _LIMITS[key]})
        return LocalizedText({tag: found[tag] for tag in LANGUAGES if tag in found})

    def plain(self, key: str) -> str:
        text = self.text(key)
        if len(text) > _LIMITS[key]:
            told = _("Too long: %(length)d characters, at most %(limit)d.")
            self.wrong(key, told % {"length": len(text), "limit": _LIMITS[key]})
        return text

    def activity(self, edition: Edition, known: _Known) -> Activity:
        """The activity that the row describes, with as much of it as could be read."""
        title = self.localized("title")
        if not title:
            self.wrong("title", _("A title is needed."))
        lead = self._lead(known)
        region = self._named("region", self.text("region"), known.regions) if self.text("region") else None
        activity = Activity(
            edition=edition,
            code=self._code(),
            title=title,
            **{name: self.localized(name) for name in ("summary", "venue", "address", "audience")},
            kind=self._choice("kind", Kind) or "",
            format=self._choice("format", Format) or Format.ON_SITE,
            lead=lead,
            region=region or (lead.region if lead else None),
            zone=edition.zone,
            theme_day=self._day(known),
            capacity=self._capacity(),
            contact_name=self.plain("contact_name"),
            contact=self.plain("contact"),
        )
        self._time(activity, edition)
        return activity

    def partners(self, known: _Known, activity: Activity) -> list[tuple[Unit, str]]:
        found: list[tuple[Unit, str]] = []
        for key, role in (("co", OrganiserRole.CO), ("undertakers", OrganiserRole.UNDERTAKER)):
            for name in self.several(key):
                unit = self._named(key, name, known.units)
                if unit and unit.pk == activity.lead_id:
                    self.wrong(key, _("The lead organiser cannot take part a second time."))
                elif unit:
                    found.append((unit, role))
        return found

    def _code(self) -> str:
        code = self.text("code")
        if code and not _CODE.fullmatch(code):
            self.wrong("code", _("“%(code)s” is no number: letters, digits and hyphens, at most 12.") % {"code": code})
            return ""
        return code

    def _lead(self, known: _Known) -> Unit | None:
        name = self.text("unit")
        if not name:
            self.wrong("unit", _("A lead organiser is needed: its code, or its exact name."))
            return None
        unit: Unit | None = self._named("unit", name, known.units)
        if unit and unit.pk not in known.changeable:
            self.wrong("unit", _("You do not enter activities for %(unit)s.") % {"unit": unit})
        return unit

    def _named(self, key: str, name: str, known: dict[str, list[Any]]) -> Any:
        found = known.get(folded(name), [])
        if len(found) == 1:
            return found[0]
        if found:
            codes = ", ".join(sorted(str(one.code) for one in found)[:5])
            told = _("Several have the name “%(name)s”; give a code: %(codes)s.")
            self.wrong(key, told % {"name": name, "codes": codes})
        elif key == "region":
            self.wrong(key, _("“%(name)s” is no region where this edition is held.") % {"name": name})
        else:
            self.wrong(key, _("No unit has the code or name “%(name)s”.") % {"name": name})
        return None

    def _choice(self, key: str, choices: type[Kind | Format]) -> str | None:
        text = self.text(key)
        found = choice(text, choices) if text else None
        if (text or key == "kind") and found is None:
            known = ", ".join(str(member.label) for member in choices)
            self.wrong(key, _("“%(text)s” is none of these: %(known)s.") % {"text": text, "known": known})
        return found

    def _day(self, known: _Known) -> Any:
        text = self.text("theme_day")
        if not text:
            return None
        if (day := known.days.get(folded(text))) is None:
            self.wrong("theme_day", _("This Week has no theme day “%(day)s”.") % {"day": text})
        return day

    def _capacity(self) -> int | None:
        text = self.text("capacity").replace(",", "").replace("，", "")
        if not text:
            return None
        if not text.isascii() or not text.isdigit() or int(text) > _MOST:
            self.wrong("capacity", _("“%(text)s” is no number of people.") % {"text": text})
            return None
        return int(text)

    def _time(self, activity: Activity, edition: Edition) -> None:
        read: Callable[[str], Any] = moment
        for key in ("starts", "ends"):
            try:
                found = read(self.text(key)).replace(tzinfo=edition.tz)
            except ValueError:
                told = _("“%(text)s” is no time. Write it like 2019-09-19 15:00.")
                self.wrong(key, told % {"text": self.text(key)})
                continue
            if abs((found.date() - edition.starts).days) > 366:
                self.wrong(key, _("That is more than a year away from the Week."))
                continue
            setattr(activity, key, found)
        if activity.starts and activity.ends and activity.ends <= activity.starts:
            self.wrong("ends", _("It must end after it starts."))


def _refuse_duplicates(rows: list[_Row], checked: Checked, edition: Edition) -> None:
    """Name rows that are twice in the file, and those that are in the programme already."""
    taken_codes, taken = titles_taken(edition)
    seen: dict[object, int] = {}
    for row, entry in zip(rows, checked.entries, strict=True):
        activity = entry.activity
        code = activity.code.upper()
        if code and code in taken_codes:
            row.wrong("code", _("The number %(code)s is taken.") % {"code": activity.code})
        keys: list[object] = [code] if code else []
        keys += [
            (tag, normalised(text), activity.lead_id, activity.starts)
            for tag, text in activity.title.items()
            if activity.lead_id and activity.starts
        ]
        if known := next((taken[key] for key in keys if key in taken), None):
            row.wrong("title", _("Already there as %(code)s: same title, unit and time.") % {"code": known})
        if first := next((seen[key] for key in keys if key in seen), None):
            row.wrong("title", _("The same as row %(row)d.") % {"row": first})
        for key in keys:
            seen.setdefault(key, row.number)
