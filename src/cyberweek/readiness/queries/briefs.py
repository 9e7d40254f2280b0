"""What an agenda pack says, gathered once as plain values in all languages: names as {"zh-Hans": …, "en": …}."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.db.models import QuerySet
from django.utils import translation

from cyberweek.editions.queries import today_in
from cyberweek.kernel.core.localized import LANGUAGES
from cyberweek.planning.models import Arrangement, Task
from cyberweek.readiness.enums import Standing
from cyberweek.readiness.models import AgendaItem, Brief, BriefFile, Forecast, ForecastRow, Meeting, UnitReport
from cyberweek.regions.models import Unit

from .forecasts import last_forecast
from .meetings import Work, decisions_pending, items_of, texts_of, work_of
from .risks import measures_of, top_risks

TOP_RISKS: Final = 10
_ROWS: Final = 120  # of the table of who is ready
_CAUSES: Final = 2
_PENDING: Final = 30

Plain = dict[str, Any]


def briefs_of(meeting: Meeting) -> QuerySet[Brief]:
    """The packs of a meeting, newest first, without what they say."""
    return Brief.objects.filter(meeting=meeting).select_related("by").defer("content").order_by("-number")


def file_of(brief: Brief, language: str, ending: str) -> BriefFile | None:
    return BriefFile.objects.filter(brief=brief, language=language, ending=ending).first()


def gathered(meeting: Meeting, *, now: dt.datetime) -> Plain:
    """All that the pack of a meeting says, as it stands now. A fixed number of queries."""
    edition = meeting.edition
    today = today_in(edition, now=now)
    forecast = last_forecast(edition)
    rows = _rows_of(meeting, forecast) if forecast else []
    return {
        "meeting": {
            "title": _text(meeting.title), "place": _text(meeting.place), "starts": meeting.starts.isoformat(),
            "zone": edition.zone, "unit": _text(meeting.unit.name), "chair": meeting.chair, "about": about(meeting),
            "region": meeting.region_id is not None,
        },
        "edition": {
            "title": _text(edition.title), "theme": _text(edition.theme), "opens": edition.starts.isoformat(),
            "days": (edition.starts - today).days,
        },
        "agenda": [_item(one) for one in items_of(meeting)],
        "ready": _ready(forecast, rows) if forecast else {},
        "risks": _risks(meeting),
        "pending": [
            {
                "what": _text(one.what), "unit": _text(one.unit.name), "due": one.due.isoformat(),
                "state": one.task.state if one.task else "", "progress": one.task.progress if one.task else 0,
                "meeting": _text(one.meeting.title),
            }
            for one in decisions_pending(meeting)[:_PENDING]
        ],
        "reports": _reports(meeting, today=today),
    }  # fmt: skip


def about(meeting: Meeting) -> dict[str, str]:
    """Name of the region or unit that the meeting is about."""
    subject = meeting.region or meeting.branch
    assert subject is not None, "a meeting about nothing"
    return _text(subject.name)


def _text(text: Any) -> dict[str, str]:
    return dict(text)


def _item(one: AgendaItem) -> Plain:
    return {"number": one.number, "kind": one.kind, "title": _text(one.title), "wanted": _text(one.wanted)}


# -- Who is ready, who is not, and why -------------------------------------------------------------------------------


def _rows_of(meeting: Meeting, forecast: Forecast) -> list[ForecastRow]:
    """For a region those right under it, else its units; for a branch its units. The least sure come first."""
    rows = (
        ForecastRow.objects.filter(forecast=forecast).select_related("unit", "region").defer("tasks", "curve", "cells")
    )
    if meeting.region_id:
        regions = rows.filter(unit=None, within=meeting.region_id)
        if found := list(regions.order_by("chance", "pk")[:_ROWS]):
            return found
        return list(rows.filter(unit__isnull=False, region=meeting.region_id).order_by("chance", "pk")[:_ROWS])
    units = UnitReport.objects.filter(meeting=meeting).values("unit")
    return list(rows.filter(unit__in=units).order_by("chance", "pk")[:_ROWS])


def _ready(forecast: Forecast, rows: list[ForecastRow]) -> Plain:
    named = _Named(rows)
    return {
        "at": forecast.at.isoformat(),
        "runs": forecast.runs,
        "counts": {one: sum(row.standing == one for row in rows) for one in Standing.values},
        "rows": [
            {
                "name": _text(row.subject.name), "chance": round(row.chance, 3),
                "before": None if row.before is None else round(row.before, 3), "standing": row.standing,
                "must": row.must, "done": row.done, "overdue": row.overdue, "units": row.units,
                "of_region": row.unit_id is None,
                "why": named.causes(row) if row.standing != Standing.SURE else [],
                "turned": row.why.get("turned"), "turns": row.why.get("turns", False),
                "turn": named.turn(row) if row.standing != Standing.SURE else [],
            }
            for row in rows
        ],
    }  # fmt: skip


class _Named:
    """The names of what rows call their causes: three queries for all of them."""

    def __init__(self, rows: list[ForecastRow]) -> None:
        of_units = [row for row in rows if row.unit_id]
        tasks = {
            pk for row in of_units for pk in [*(c[0] for c in row.why.get("causes", [])), *row.why.get("turn", [])]
        }
        units = {one[0] for row in rows if not row.unit_id for one in row.why.get("units", [])}
        arrangements = {one[0] for row in rows for one in row.why.get("arrangements", [])}
        self.tasks: dict[int, dict[str, str]] = dict(Task.objects.filter(pk__in=tasks).values_list("pk", "title"))
        self.units: dict[int, dict[str, str]] = dict(Unit.objects.filter(pk__in=units).values_list("pk", "name"))
        self.arrangements: dict[int, dict[str, str]] = dict(
            Arrangement.objects.filter(pk__in=arrangements).values_list("pk", "title")
        )

    def causes(self, row: ForecastRow) -> list[Plain]:
        """What holds it up most: [{"name", "gain" in hundredths} …]."""
        if row.unit_id:
            return [
                {"name": _text(self.tasks[pk]), "gain": round(100 * gain)}
                for pk, _chance, gain in row.why.get("causes", [])[:_CAUSES]
                if pk in self.tasks
            ]
        late = [
            {"name": _text(self.arrangements[pk]), "late": n}
            for pk, n in row.why.get("arrangements", [])[:_CAUSES]
            if pk in self.arrangements
        ]
        weak = [
            {"name": _text(self.units[pk]), "chance": round(100 * chance)}
            for pk, chance, _turned in row.why.get("units", [])[:_CAUSES]
            if pk in self.units
        ]
        return [*late, *weak]

    def turn(self, row: ForecastRow) -> list[dict[str, str]]:
        """What would turn it, where that is known by name."""
        if row.unit_id:
            return [_text(self.tasks[pk]) for pk in row.why.get("turn", [])[:3] if pk in self.tasks]
        units = row.why.get("units", [])[: min(3, int(row.why.get("turn", 0) or 0))]
        return [_text(self.units[pk]) for pk, *_rest in units if pk in self.units]


# -- Risks ------------------------------------------------------------------------------------------------------------


def units_of(meeting: Meeting) -> QuerySet[Unit]:
    """The units that the meeting is about: those of the unit that calls it, within the region or branch."""
    own = Unit.objects.filter(ancestry__contains=[meeting.unit_id]).order_by()
    if meeting.region_id:
        return own.filter(region__ancestry__contains=[meeting.region_id])
    return own.filter(ancestry__contains=[meeting.branch_id])


def _risks(meeting: Meeting) -> list[Plain]:
    rows = top_risks(meeting.edition, units_of(meeting), most=TOP_RISKS)
    measures = measures_of(rows)
    return [
        {
            "title": _text(row.title), "unit": _text(row.unit.name), "likelihood": row.likelihood, "impact": row.impact,
            "level": row.level, "left": row.left, "state": row.state, "owner": row.owner.name if row.owner else "",
            "passed_up": _text(row.holder.name) if row.holder_id != row.unit_id else {},
            "measures": [{"what": _text(one.what), "done": is_done(one)} for one in measures[row.pk]],
        }
        for row in rows
    ]  # fmt: skip


def is_done(measure: Any) -> bool:
    return bool(measure.task.state == "done" if measure.task else measure.done)


# -- One page for each unit -------------------------------------------------------------------------------------------


def _reports(meeting: Meeting, *, today: dt.date) -> list[Plain]:
    rows = list(
        UnitReport.objects.filter(meeting=meeting)
        .select_related("unit__region", "unit__accountable")
        .order_by("unit__ancestry__len", "unit__code")
    )
    work = work_of(meeting.edition, [row.unit_id for row in rows], today=today)
    return [_report(row, work[row.unit_id], today=today) for row in rows]


def _report(row: UnitReport, work: Work, *, today: dt.date) -> Plain:
    return {
        "unit": _text(row.unit.name),
        "region": _text(row.unit.region.name),
        "accountable": row.unit.accountable.name if row.unit.accountable else "",
        "sent": row.sent.isoformat() if row.sent else None,
        "tasks": work.total,
        "done": len(work.done),
        "overdue": work.overdue,
        "blocked": work.blocked,
        "texts": _own_texts(row) if row.sent else _said_by_tasks(work, today=today),
    }


def _own_texts(row: UnitReport) -> dict[str, Any]:
    """What the unit wrote, in its own words, in every language's pack the same."""
    return {name: getattr(row, name) for name in ("done", "doing", "troubles", "asks")}


def _said_by_tasks(work: Work, *, today: dt.date) -> dict[str, Any]:
    """Where the unit has not reported: what its tasks say, in each language."""
    found: dict[str, dict[str, str]] = {}
    for tag in LANGUAGES:
        with translation.override(tag.lower()):
            for name, text in texts_of(work, today=today).items():
                found.setdefault(name, {})[tag] = text
    return found


def content_of(brief: Brief) -> dict[str, Any]:
    """What a frozen pack holds; lists of packs do not load it."""
    content: dict[str, Any] = Brief.objects.values_list("content", flat=True).get(pk=brief.pk)
    return content
