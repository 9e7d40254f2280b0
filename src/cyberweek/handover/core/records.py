"""What the files of an archive hold, as types: read strictly, so that a file of another shape is refused by name.

Texts are {"zh-Hans": …, "en": …}. Days are counted from the edition's first day (0), codes are those of units and regions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from .archive import ArchiveError, Fault

Text = dict[Annotated[str, Meta(pattern="^(zh-Hans|en)$")], Annotated[str, Meta(max_length=5000)]]
Code = Annotated[str, Meta(max_length=64, pattern=r"^[A-Za-z0-9_.-]+$")]
Words = Annotated[str, Meta(max_length=5000)]
Date = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Day = Annotated[int, Meta(ge=-3000, le=3000)]
Whole = Annotated[int, Meta(ge=0)]


class _Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    pass


class ThemeDay(_Record, frozen=True):
    number: Annotated[int, Meta(ge=1, le=31)]
    day: Day
    name: Text
    lead: Code | None


class EditionFacts(_Record, frozen=True):
    """The edition that is handed over."""

    slug: Code
    year: Annotated[int, Meta(ge=1900, le=3000)]
    title: Text
    theme: Text
    starts: Date
    ends: Date
    zone: Annotated[str, Meta(max_length=40)]
    scope: Code
    host: Code
    venue: Text
    owner: Code
    theme_days: Annotated[list[ThemeDay], Meta(max_length=31)]


class PlanFacts(_Record, frozen=True):
    title: Text
    preface: Text


class Template(_Record, frozen=True):
    """An arrangement of the plan, and how it went: tasks made, done, done in time, days late in the middle of those done."""

    code: Annotated[str, Meta(max_length=12, min_length=1)]
    title: Text
    what: Text
    deliverables: Text
    begins: Day
    due: Day
    levels: list[Code]
    sectors: list[Code]
    units: list[Code]
    theme_day: int | None
    is_milestone: bool
    needs_evidence: bool
    after: list[Annotated[str, Meta(max_length=12)]]
    tasks: Whole
    done: Whole
    in_time: Whole
    days_late: float | None


class UnitFacts(_Record, frozen=True):
    """A unit that the plan, the theme days or the organisers name."""

    code: Code
    name: Text
    level: Code
    sector: Code
    region: Code
    parent: Code | None


class RoleFacts(_Record, frozen=True):
    """A unit's part in the edition, in the order of protocol."""

    unit: Code
    role: Code


class Contact(_Record, frozen=True):
    """Somebody who agreed to be asked by the next host."""

    unit: Code
    name: Annotated[str, Meta(max_length=150)]
    contact: Annotated[str, Meta(max_length=200)]
    about: Annotated[str, Meta(max_length=300)]
    agreed: Date


class ItemStatistic(_Record, frozen=True):
    """How an item did in a contest; see `knowledge.core.statistics`."""

    contest: Code
    item: Code
    topic: Code
    shown: Whole
    answered: Whole
    right: Whole
    discrimination: float | None


class IndicatorFacts(_Record, frozen=True):
    code: Code
    name: Text
    definition: Text
    count: Code
    adding: Code
    filler: Code
    least: str | None
    most: str | None
    most_capacity: str | None
    verify_above: str | None
    is_active: bool
    order: Whole


class TotalFacts(_Record, frozen=True):
    """What an indicator came to in a region in a year; `value`, `low`, `high` are decimals as text."""

    edition: Code
    year: Annotated[int, Meta(ge=1900, le=3000)]
    indicator: Code
    count: Code
    adding: Code
    region: Code
    value: str
    low: str
    high: str
    figures: Whole


class Lesson(_Record, frozen=True):
    """Something learnt: what happened, why, what to do next time."""

    unit: Code
    what: Words
    why: Words
    next_time: Words


class RiskFacts(_Record, frozen=True):
    """A risk that was still open."""

    unit: Code
    title: Text
    cause: Text
    effect: Text
    likelihood: Annotated[int, Meta(ge=1, le=5)]
    impact: Annotated[int, Meta(ge=1, le=5)]
    measures: list[Text]


class CaseFacts(_Record, frozen=True):
    """A published case."""

    unit: Code
    title: Text
    theme: Code
    award: str
    problem: Text
    practice: Text
    result: Text
    reuse: Text
    licence: str


FILES: Final[dict[str, Any]] = {
    "edition.json": EditionFacts,
    "plan.json": PlanFacts | None,
    "tasks.json": list[Template],
    "units.json": list[UnitFacts],
    "roles.json": list[RoleFacts],
    "contacts.json": list[Contact],
    "items.json": list[ItemStatistic],
    "indicators.json": list[IndicatorFacts],
    "history.json": list[TotalFacts],
    "lessons.json": list[Lesson],
    "risks.json": list[RiskFacts],
    "cases.json": list[CaseFacts],
}


@dataclass(frozen=True)
class Contents:
    """All that is handed over."""

    edition: EditionFacts
    plan: PlanFacts | None
    tasks: list[Template]
    units: list[UnitFacts]
    roles: list[RoleFacts]
    contacts: list[Contact]
    items: list[ItemStatistic]
    indicators: list[IndicatorFacts]
    history: list[TotalFacts]
    lessons: list[Lesson]
    risks: list[RiskFacts]
    cases: list[CaseFacts]


def written(contents: Contents) -> dict[str, bytes]:
    """The contents as files, with the schema of each."""
    files = {name: _json(getattr(contents, name.removesuffix(".json"))) for name in FILES}
    return {**files, "schema.json": schema()}


def read(files: Mapping[str, bytes]) -> Contents:
    """The files as contents. Raises ArchiveError naming the file that lacks, or is of another shape."""
    found: dict[str, Any] = {}
    for name, kind in FILES.items():
        if name not in files:
            raise ArchiveError(Fault.MISSING, name)
        try:
            found[name.removesuffix(".json")] = msgspec.json.decode(files[name], type=kind)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise ArchiveError(Fault.FOREIGN, name) from error
    contents = Contents(**found)
    _refuse_loose_ends(contents)
    return contents


def _refuse_loose_ends(contents: Contents) -> None:
    """What a shape cannot say: numbers come once, and nothing waits for something that is not there."""
    codes = [one.code for one in contents.tasks]
    days = [one.number for one in contents.edition.theme_days]
    if len(codes) != len(set(codes)) or any(after not in codes for one in contents.tasks for after in one.after):
        raise ArchiveError(Fault.FOREIGN, "tasks.json")
    if any(one.due < one.begins or (one.theme_day and one.theme_day not in days) for one in contents.tasks):
        raise ArchiveError(Fault.FOREIGN, "tasks.json")
    if len(days) != len(set(days)) or contents.edition.ends < contents.edition.starts:
        raise ArchiveError(Fault.FOREIGN, "edition.json")
    indicators = [one.code for one in contents.indicators]
    if len(indicators) != len(set(indicators)):
        raise ArchiveError(Fault.FOREIGN, "indicators.json")


def schema() -> bytes:
    """The JSON Schema of every file: what a program of another kind reads the archive with."""
    return _json({name: msgspec.json.schema(kind) for name, kind in FILES.items()})


def _json(value: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value, order="sorted"), indent=1)
