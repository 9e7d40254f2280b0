"""What everybody sees: the programme as list, week and map, and the page of an activity."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from django.core.paginator import Page
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cyberweek.editions.enums import OrganiserRole
from cyberweek.editions.models import Edition
from cyberweek.editions.queries import Day, Week, editions_published, week_of
from cyberweek.kernel.templatetags.look import day_long
from cyberweek.kernel.views import Keyed, page_of
from cyberweek.programme import queries
from cyberweek.programme.enums import Status
from cyberweek.programme.formats import jsonld
from cyberweek.programme.forms import WHOLE_WEEK, ProgrammeFilter
from cyberweek.programme.models import Activity
from cyberweek.programme.views.addresses import activity_address
from cyberweek.regions.models import Unit

PAGE: Final = 30
IN_A_COLUMN: Final = 8
AUDIENCES: Final = 8


@dataclass(frozen=True)
class Line:
    """An activity as a row: where it stands in time, and what is said at its end."""

    activity: Activity
    when: str  # "past", "now", "next"
    several_days: bool

    @property
    def cancelled(self) -> bool:
        return bool(self.activity.status == Status.CANCELLED)


def line(activity: Activity, *, now: dt.datetime) -> Line:
    """The row of an activity at a moment."""
    when = "past" if activity.ends <= now else "now" if activity.starts <= now else "next"
    return Line(activity, when, activity.local_starts.date() != activity.local_ends.date())


@dataclass(frozen=True)
class Group:
    """Rows under one heading: a part of the day, or a day."""

    heading: str
    lines: list[Line]


@dataclass(frozen=True)
class Column:
    """A day of the strip, and what the week view shows of it."""

    day: Day
    n: int
    here: bool
    lines: list[Line]

    @property
    def more(self) -> int:
        return self.n - len(self.lines)


def activity_list(request: HttpRequest, edition: str) -> HttpResponse:
    """`/<edition>/programme/`: what is on, by day; `?view=` list, week or map."""
    the_edition = get_object_or_404(editions_published(), slug=edition)
    now = timezone.now()
    week = week_of(the_edition, now=now)
    announced = queries.activities_announced(the_edition)
    audiences = queries.audience_counts(announced, AUDIENCES)
    days = {str(day.theme_day.number): day.theme_day.date for day in week.days}
    form = ProgrammeFilter(request.GET, days=days, audiences=[text for text, _n in audiences])
    wanted, open_day = form.wanted(str(week.today.theme_day.number) if week.today else WHOLE_WEEK)
    view = form.cleaned_data.get("view") or "list"
    columns = _columns(week, announced, wanted, open_day if view != "week" else "")
    asked = {"edition": the_edition, "week": week, "form": form, "wanted": wanted, "view": view, "columns": columns}
    context = {
        **asked,
        "whole_week": open_day == WHOLE_WEEK,
        "open_day": next((column.day for column in columns if column.here), None),
        "audiences": audiences,
        "places": queries.places(the_edition, announced, wanted.region),
        "offset": _offset(the_edition),
        **_matter(view, the_edition, announced, wanted, columns, request, now),
    }
    return render(request, "programme/activity_list.html", context)


def _columns(week: Week, announced: QuerySet[Activity], wanted: queries.Wanted, open_day: str) -> list[Column]:
    """The days of the strip, each with how many there are of what is asked for."""
    zone = week.edition.tz
    rows = queries.narrowed(announced, wanted.on_any_day(), zone)
    counts = queries.day_counts(rows, (day.theme_day.date for day in week.days), zone)
    return [Column(day, counts[day.theme_day.date], str(day.theme_day.number) == open_day, []) for day in week.days]


def _matter(
    view: str,
    edition: Edition,
    announced: QuerySet[Activity],
    wanted: queries.Wanted,
    columns: list[Column],
    request: HttpRequest,
    now: dt.datetime,
) -> dict[str, Any]:
    """What the chosen view shows."""
    if view == "map":
        rows = queries.narrowed(announced, wanted.anywhere(), edition.tz)
        return {"map": queries.tile_map(edition, rows)}
    if view == "week":
        rows = queries.narrowed(announced, wanted.on_any_day(), edition.tz)
        return {"columns": [_filled(column, rows, edition, now) for column in columns]}
    rows = queries.narrowed(announced, wanted, edition.tz)
    rows = queries.on_a_day(rows, wanted.day, edition.tz) if wanted.day else rows.order_by("starts", "code")
    page = page_of(Keyed(rows), request, size=PAGE)
    return {"page": page, "groups": _groups(page, edition, wanted.day, now)}


def _filled(column: Column, rows: QuerySet[Activity], edition: Edition, now: dt.datetime) -> Column:
    date = column.day.theme_day.date
    on_it = queries.on_a_day(queries.narrowed(rows, queries.Wanted(day=date), edition.tz), date, edition.tz)
    return Column(column.day, column.n, column.here, [line(one, now=now) for one in on_it[:IN_A_COLUMN]])


def _groups(page: Page[Activity], edition: Edition, day: dt.date | None, now: dt.datetime) -> list[Group]:
    lines = [line(activity, now=now) for activity in page]
    if day is None:
        return [
            Group(str(day_long(date)), list(group))
            for date, group in groupby(lines, lambda one: one.activity.local_starts.date())
        ]
    first, last = queries.day_span(day, edition.tz)

    def part(one: Line) -> str:
        activity = one.activity
        if activity.starts < first or activity.ends > last:
            return _("On for several days")
        hour = activity.starts.astimezone(edition.tz).hour
        return _("Morning") if hour < 12 else _("Afternoon") if hour < 18 else _("Evening")

    return [Group(heading, list(group)) for heading, group in groupby(lines, part)]


def _offset(edition: Edition) -> str:
    """UTC+8: how far the edition's clocks are from UTC on its first day."""
    minutes = (
        int(
            (dt.datetime.combine(edition.starts, dt.time(12), edition.tz).utcoffset() or dt.timedelta()).total_seconds()
        )
        // 60
    )
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02d}" if rest else "")


def activity_detail(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """The page of an activity that is, or was, announced."""
    the_edition = get_object_or_404(editions_published(), slug=edition)
    rows = queries.with_partners(queries.activities_announced(the_edition))
    activity = get_object_or_404(rows, code=code)
    now = timezone.now()
    week = week_of(the_edition, now=now)
    address = activity_address(request, activity)
    shown = {"edition": the_edition, "week": week, "activity": activity, "line": line(activity, now=now)}
    context = {
        **shown,
        "day": _day_of(week, activity),
        "partners": _by_role(activity),
        "chain": queries.region_chain(activity.region, the_edition),
        "why_cancelled": _why(activity),
        "nearby": [line(one, now=now) for one in queries.nearby(activity)[:4]],
        "offset": _offset(the_edition),
        "jsonld": jsonld.script(jsonld.event(activity, address=address, language=_language())),
    }
    return render(request, "programme/activity_detail.html", context)


def _by_role(activity: Activity) -> list[tuple[str, list[Unit]]]:
    return [
        (str(OrganiserRole(role).label), [partner.unit for partner in group])
        for role, group in groupby(activity.partners.all(), lambda partner: partner.role)
    ]


def _language() -> str:
    return "zh-Hans" if (get_language() or "").startswith("zh") else "en"


def _day_of(week: Week, activity: Activity) -> Day | None:
    """The theme day that it belongs to, else the day on which it begins."""
    days: Iterable[Day] = week.days
    for day in days:
        if day.theme_day.pk == activity.theme_day_id:
            return day
    return next((day for day in days if day.theme_day.date == activity.local_starts.date()), None)


def _why(activity: Activity) -> Any:
    if activity.status != Status.CANCELLED:
        return None
    step = queries.steps_of(activity).first()
    return step.reason if step else None
