"""A plan as a table that can be read in again, and as a document to print."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from cyberweek.documents.core import parts as p
from cyberweek.documents.formats.tables import Formula, Problem, Table
from cyberweek.kernel.core.localized import LANGUAGES, LocalizedText
from cyberweek.kernel.templatetags.look import day_short, listed
from cyberweek.planning.models import Arrangement, Plan
from cyberweek.planning.queries.plans import EARLIEST, LATEST, Line, circle_in
from cyberweek.regions.enums import Level, Sector
from cyberweek.regions.models import Unit
from cyberweek.regions.queries import units_named

# Name of the column, its head in English and in Chinese. Either is understood.
COLUMNS: Final = (
    ("code", "Number", "编号"),
    ("title_zh", "Title (Chinese)", "名称（中文）"),
    ("title_en", "Title (English)", "名称（英文）"),
    ("what_zh", "What must happen (Chinese)", "工作要求（中文）"),
    ("what_en", "What must happen (English)", "工作要求（英文）"),
    ("deliverables_zh", "Deliverables (Chinese)", "成果（中文）"),
    ("deliverables_en", "Deliverables (English)", "成果（英文）"),
    ("begins", "Begins (days from the opening)", "开始（距开幕天数）"),
    ("due", "Due (days from the opening)", "截止（距开幕天数）"),
    ("levels", "Levels", "层级"),
    ("sectors", "Sectors", "领域"),
    ("units", "Units by code", "点名单位（代码）"),
    ("after", "Waits for (numbers)", "前置安排（编号）"),
    ("theme_day", "Theme day (number)", "主题日（序号）"),
    ("is_milestone", "Milestone", "里程碑"),
    ("needs_evidence", "Done only with evidence", "须附材料"),
)
_LIMITS: Final = {"title": 120, "what": 4000, "deliverables": 1000}
_YES: Final = {"yes", "1", "true", "x", "✓", "是"}
_NO: Final = {"", "no", "0", "false", "否"}


def heads() -> list[str]:
    """The heads of the columns in the language of the page."""
    chinese = (get_language() or "").startswith("zh")
    return [zh if chinese else en for _name, en, zh in COLUMNS]


def row_of(one: Arrangement) -> list[Any]:
    """An arrangement as a row; wants `after` and `units` prefetched."""
    words = [
        getattr(one, name).get(tag, "") for name in ("title", "what", "deliverables") for tag in LANGUAGES
    ]  # fmt: skip
    yes, no = pgettext("answer", "yes"), pgettext("answer", "no")
    return [
        one.code, *words, one.begins, one.due, ", ".join(one.levels), ", ".join(one.sectors),
        ", ".join(unit.code for unit in one.units.all()),
        ", ".join(sorted(other.code for other in one.after.all())),
        one.theme_day.number if one.theme_day else "",
        yes if one.is_milestone else no, yes if one.needs_evidence else no,
    ]  # fmt: skip


Entry = tuple[dict[str, Any], list[Unit], list[str]]


@dataclass
class Checked:
    """What was found in a table: entries for `actions.import_arrangements`, or problems."""

    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def check_table(table: Table, plan: Plan) -> Checked:
    """Read the rows of a table; every problem is named, and with one nothing may be taken in."""
    return _Reader(table, plan).checked()


class _Reader:
    def __init__(self, table: Table, plan: Plan) -> None:
        self.table, self.plan = table, plan
        self.found = Checked()
        known = {head.casefold(): name for name, *both in COLUMNS for head in both}
        self.columns = {
            known[head.strip().casefold()]: n for n, head in enumerate(table.head) if head.strip().casefold() in known
        }
        self.labels = {name: both[1] if (get_language() or "").startswith("zh") else both[0] for name, *both in COLUMNS}
        self.days = {day.number: day for day in plan.edition.theme_days.all()}
        wanted = {code for _number, cells in table.rows for code in self._codes(self._cell(cells, "units"))}
        self.units = {unit.code: unit for unit in units_named(wanted)}
        self.present = {one.code: one for one in Arrangement.objects.filter(plan=plan)}
        self.at = 0

    def checked(self) -> Checked:
        for name in ("code", "begins", "due"):
            if name not in self.columns:
                self._wrong(1, name, _("This column is missing."))
        if self.found.problems:
            return self.found
        for number, cells in self.table.rows:
            self.at = number
            if any(isinstance(cell, Formula) for cell in cells):
                self._wrong(number, "code", _("There is a formula in this row; write the value instead."))
                continue
            self.found.entries.append(self._entry(cells))
        self._check_waits()
        return self.found

    def _entry(self, cells: Sequence[str]) -> Entry:
        fields = {
            "code": self._code(cells),
            **{name: self._text(cells, name) for name in _LIMITS},
            **{name: self._days(cells, name) for name in ("begins", "due")},
            "levels": self._choices(cells, "levels", Level), "sectors": self._choices(cells, "sectors", Sector),
            "theme_day": self._theme_day(cells),
            **{name: self._yes(cells, name) for name in ("is_milestone", "needs_evidence")},
        }  # fmt: skip
        if not fields["title"]:
            self._wrong(self.at, "title_zh", _("It has no title."))
        if fields["due"] < fields["begins"]:
            self._wrong(self.at, "due", _("It is due before it begins."))
        units = self._units(cells)
        if not fields["levels"] and not fields["sectors"] and not units:
            self._wrong(self.at, "levels", _("It falls to nobody: give a level, a sector or units."))
        return fields, units, self._codes(self._cell(cells, "after"))

    def _check_waits(self) -> None:
        rows = dict(zip([fields["code"] for fields, _u, _a in self.found.entries], self.table.rows, strict=False))
        codes = set(rows) | set(self.present)
        for fields, _units, after in self.found.entries:
            if unknown := [code for code in after if code not in codes]:
                self._wrong(
                    rows[fields["code"]][0],
                    "after",
                    _("No arrangement has the number %(codes)s.") % {"codes": ", ".join(unknown)},
                )
        if self.found.problems:
            return
        waits = {one.code: list(one.after.values_list("code", flat=True)) for one in self.present.values()}
        waits |= {fields["code"]: after for fields, _units, after in self.found.entries}
        numbers = {code: n for n, code in enumerate(waits)}
        back = {n: code for code, n in numbers.items()}
        circle = circle_in({numbers[code]: [numbers[one] for one in after] for code, after in waits.items()})
        if circle:
            names = " → ".join(back[n] for n in circle)
            self._wrong(1, "after", _("These wait for each other in a circle: %(names)s.") % {"names": names})

    def _cell(self, cells: Sequence[str], name: str) -> str:
        return str(cells[self.columns[name]]).strip() if name in self.columns else ""

    def _wrong(self, row: int, name: str, text: str) -> None:
        self.found.problems.append(Problem(row, self.labels[name], text))

    @staticmethod
    def _codes(text: str) -> list[str]:
        for sign in ",，、;；\n":
            text = text.replace(sign, " ")
        return list(dict.fromkeys(text.split()))

    def _code(self, cells: Sequence[str]) -> str:
        code = self._cell(cells, "code")
        if not code or len(code) > 12 or not all(sign.isascii() and (sign.isalnum() or sign in "_-") for sign in code):
            self._wrong(self.at, "code", _("A number of up to 12 letters, figures and hyphens is wanted."))
        elif any(fields["code"] == code for fields, _u, _a in self.found.entries):
            self._wrong(self.at, "code", _("The number %(code)s stands twice.") % {"code": code})
        return code

    def _text(self, cells: Sequence[str], name: str) -> LocalizedText:
        text = LocalizedText({"zh-Hans": self._cell(cells, f"{name}_zh"), "en": self._cell(cells, f"{name}_en")})
        if any(len(words) > _LIMITS[name] for words in text.values()):
            self._wrong(self.at, f"{name}_zh", _("Too long: at most %(n)d characters.") % {"n": _LIMITS[name]})
        return text

    def _days(self, cells: Sequence[str], name: str) -> int:
        text = self._cell(cells, name).replace("−", "-").replace("+", "")
        try:
            days = int(text)
        except ValueError:
            self._wrong(self.at, name, _("A whole number of days is wanted, like -30."))
            return 0
        if not EARLIEST <= days <= LATEST:
            self._wrong(
                self.at, name, _("That is more than two years before the opening, or more than a year after it.")
            )
            return 0
        return days

    def _choices(self, cells: Sequence[str], name: str, kind: type[Level | Sector]) -> list[str]:
        known = {str(label).casefold(): value for value, label in kind.choices} | {one: one for one in kind.values}
        words = self._codes(self._cell(cells, name))
        for word in words:
            if word.casefold() not in known:
                self._wrong(
                    self.at, name, _("“%(word)s” is none of: %(all)s.") % {"word": word, "all": ", ".join(kind.values)}
                )
        return [known[word.casefold()] for word in words if word.casefold() in known]

    def _theme_day(self, cells: Sequence[str]) -> Any:
        text = self._cell(cells, "theme_day")
        if not text:
            return None
        if text.isascii() and text.isdigit() and int(text) in self.days:
            return self.days[int(text)]
        self._wrong(self.at, "theme_day", _("The Week has no theme day %(text)s.") % {"text": text})
        return None

    def _yes(self, cells: Sequence[str], name: str) -> bool:
        text = self._cell(cells, name).casefold()
        if text not in _YES | _NO:
            self._wrong(self.at, name, _("Yes or no is wanted."))
        return text in _YES

    def _units(self, cells: Sequence[str]) -> list[Unit]:
        codes = self._codes(self._cell(cells, "units"))
        for code in codes:
            unit = self.units.get(code)
            if unit is None or self.plan.unit_id not in unit.ancestry:
                self._wrong(
                    self.at,
                    "units",
                    _("No unit under %(unit)s has the code %(code)s.") % {"unit": self.plan.unit, "code": code},
                )
        return [self.units[code] for code in codes if code in self.units]


def document_of(plan: Plan, lines: Iterable[Line], *, base: str, link: str, today: dt.date) -> p.Document:
    """The plan to print, in the language of the page. Withdrawn arrangements are left out."""
    parts: list[p.Part] = []
    if plan.preface:
        parts.append(p.Paragraph(str(plan.preface)))
    for line in lines:
        one = line.arrangement
        if one.is_withdrawn:
            continue
        n = line.units
        units = ngettext("%(n)d unit", "%(n)d units", n) % {"n": n}
        facts = [
            p.Fact(_("From – to"), f"{line.begins.isoformat()} – {line.due.isoformat()}"),
            p.Fact(_("Falls to"), f"{listed(line.address)} ({units})"),
        ]
        if waits := [f"{other.code} {other.title}" for other in one.after.all()]:
            facts.append(p.Fact(_("Waits for"), "; ".join(waits)))
        if one.theme_day:
            facts.append(p.Fact(_("Theme day"), str(one.theme_day.name)))
        parts.append(p.Heading(f"{one.code} {one.title}", level=2))
        if one.what:
            parts.append(p.Paragraph(str(one.what)))
        parts.append(p.Facts(tuple(facts)))
        if one.deliverables:
            parts.append(p.Bullets(tuple(text for text in str(one.deliverables).splitlines() if text.strip())))
        if one.needs_evidence:
            parts.append(p.Paragraph(_("Done only with evidence."), quiet=True))
    language = "zh-Hans" if (get_language() or "").startswith("zh") else "en"
    state = _("Draft") if plan.issued_at is None else _("Issue %(n)d") % {"n": plan.revision}
    return p.Document(
        title=str(plan.title), language=language, parts=tuple(parts), subtitle=state, issuer=str(plan.unit),
        edition=str(plan.edition), date=day_short(today), mark=_("Draft") if plan.issued_at is None else "", base=base, link=link,
    )  # fmt: skip
