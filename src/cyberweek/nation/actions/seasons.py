"""The activities of a season, the reports on them, and what earlier years came to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cyberweek.editions.enums import OrganiserRole
from cyberweek.editions.models import Edition
from cyberweek.indicators.actions import load_dictionary, roll_up
from cyberweek.indicators.core.grades import grade_of
from cyberweek.indicators.core.states import figure_state, report_state
from cyberweek.indicators.enums import Doubt, State, Way
from cyberweek.indicators.models import Figure, Indicator, Question, Report
from cyberweek.nation.core.season import KINDS, STATUSES, Season, reported
from cyberweek.programme.enums import Format
from cyberweek.programme.formats.editions import PATHS
from cyberweek.programme.models import Activity, Partner, Step
from cyberweek.regions.enums import Provenance
from cyberweek.regions.models import Unit

from .copying import analyze, copy_rows, next_keys, text_of

_TITLES: Final = {
    "lecture": ("网络安全知识讲座", "Lecture: safe online"), "publicity": ("网络安全集中宣传", "Stand: safe online"),
    "theme-day": ("主题日活动", "Theme-day event"), "contest": ("网络安全知识竞赛", "Knowledge contest"),
    "drill": ("应急演练", "Drill"), "exhibition": ("网络安全体验展", "Exhibition to try things"),
    "forum": ("网络安全论坛", "Forum"), "ceremony": ("启动仪式", "Opening"), "other": ("网络安全活动", "Activity"),
    "closing": ("总结交流", "Closing meeting"),
}  # fmt: skip
_VENUES: Final = (
    ("文化广场", "Culture square"),
    ("市民中心", "Civic centre"),
    ("第一中学", "No. 1 school"),
    ("社区服务中心", "Community centre"),
)
_WAYS: Final = {
    "attendance": Way.SIGNED, "people-reached": Way.HEADS, "materials": Way.RECEIPT, "consultations": Way.HEADS,
    "online-views": Way.PLATFORM, "volunteers": Way.SIGNED, "duration": Way.HEADS,
}  # fmt: skip
_BASES: Final = {
    Way.SIGNED: "签到表 sign-in sheets",
    Way.PLATFORM: "平台后台统计 platform statistics",
    Way.RECEIPT: "送货单 delivery notes",
}
_DUE_DAYS: Final = 7  # after an activity its report is wanted
_STATUS: Final = tuple(STATUSES)

_ACTIVITY: Final = (
    "id", "edition_id", "code", "title", "summary", "kind", "lead_id", "region_id", "venue", "address", "starts", "ends",
    "zone", "theme_day_id", "audience", "format", "capacity", "contact_name", "contact", "status", "status_since",
    "provenance", "created", "changed",
)  # fmt: skip
_REPORT: Final = (
    "id", "edition_id", "unit_id", "activity_id", "state", "worked", "due", "sent", "sent_by_id", "settled", "settled_by_id",
    "reason", "revision", "changed", "changed_by_id", "provenance",
)  # fmt: skip
_FIGURE: Final = (
    "id", "edition_id", "indicator_id", "report_id", "region_id", "source", "value", "way", "basis", "grade", "state",
    "provenance",
)  # fmt: skip


def load_activities(*, edition: Edition, units: Sequence[Unit], made: Season) -> list[int]:
    """The activities with their steps and some partners; gives their keys in the season's order."""
    keys = next_keys(Activity, len(made.unit))
    opens = dt.datetime.combine(edition.starts, dt.time(), edition.tz)
    days = {day.number: day.pk for day in edition.theme_days.all()}
    copy_rows(Activity, _ACTIVITY, _activities(keys, edition, units, made, opens, days))
    begun = opens - dt.timedelta(days=75)
    steps = (
        (key, state, units[unit].accountable_id, begun + dt.timedelta(days=n % 9, hours=at), "{}")
        for n, (key, status, unit) in enumerate(zip(keys, made.status.tolist(), made.unit.tolist(), strict=True))
        for at, state in enumerate(PATHS[_STATUS[status]])
    )
    copy_rows(Step, ("activity_id", "status", "by_id", "at", "reason"), steps)
    top = {unit.pk: unit for unit in units}
    partners = (
        (key, units[unit].parent_id, OrganiserRole.CO.value)
        for n, (key, unit) in enumerate(zip(keys, made.unit.tolist(), strict=True))
        if n % 7 == 0 and units[unit].parent_id in top
    )
    copy_rows(Partner, ("activity_id", "unit_id", "role"), partners)
    analyze(Activity, Step, Partner)
    return keys


def _activities(
    keys: Sequence[int], edition: Edition, units: Sequence[Unit], made: Season, opens: dt.datetime, days: dict[int, int]
) -> Iterator[tuple[Any, ...]]:
    columns = (made.unit, made.kind, made.status, made.day, made.hour, made.minutes, made.places)
    venues = [text_of({"zh-Hans": zh, "en": en}) for zh, en in _VENUES]
    audience = text_of({"zh-Hans": "公众", "en": "Everyone"})
    since = opens - dt.timedelta(days=60)
    for n, (key, row) in enumerate(zip(keys, zip(*(one.tolist() for one in columns), strict=True), strict=True)):
        unit, kind, status, day, hour, minutes, places = row
        lead, name = units[unit], KINDS[kind]
        zh, en = _TITLES[name]
        region = lead.region.name
        title = {
            "zh-Hans": f"{region.get('zh-Hans', '')}{zh}",
            "en": f"{region.get('en', '') or region.get('zh-Hans', '')}: {en}",
        }
        starts = opens + dt.timedelta(days=day, hours=hour)
        number = day + 1
        yield (
            key, edition.pk, f"A{n + 1:05d}", text_of(title), "{}", name, lead.pk, lead.region_id, venues[n % len(venues)], "{}",
            starts, starts + dt.timedelta(minutes=minutes), edition.zone,
            days.get(number) if name == "theme-day" else None, audience, (Format.ON_SITE, Format.BOTH, Format.ONLINE)[n % 10 // 8 + (n % 10 == 9)],
            places, "", "", _STATUS[status], since, Provenance.ILLUSTRATIVE.value, since, since,
        )  # fmt: skip


@dataclass
class _Book:
    """Rows on their way: reports, figures, questions."""

    reports: list[tuple[Any, ...]]
    figures: list[tuple[Any, ...]]
    questions: list[tuple[Any, ...]]


def load_reports(
    *,
    edition: Edition,
    units: Sequence[Unit],
    made: Season,
    keys: Sequence[int],
    today: int,
    now: dt.datetime,
    seed: int,
) -> int:
    """Reports on published activities that are over; gives how many there are. Their totals are made afterwards."""
    load_dictionary(edition=edition, by=None, now=now)
    indicators = {one.code: one for one in Indicator.objects.filter(edition=edition)}
    over = np.flatnonzero((made.day < today) & (made.status == _STATUS.index("published")))
    said = reported(made.places[over], seed=seed)
    book = _Book([], [], [])
    numbers = next_keys(Report, len(over))
    figures = iter(next_keys(Figure, sum(int((column >= 0).sum()) for column in said.values.values())))
    opens = dt.datetime.combine(edition.starts, dt.time(), edition.tz)
    for at, (report, place) in enumerate(zip(numbers, over.tolist(), strict=True)):
        unit = units[int(made.unit[place])]
        ended = opens + dt.timedelta(days=int(made.day[place]) + 1)
        sent = min(ended + dt.timedelta(hours=6 + at % 90), now) if said.sent[at] else None
        states = []
        for code, column in said.values.items():
            value = int(column[at])
            if value < 0:
                continue
            indicator = indicators[code]
            way = _WAYS[code]
            asked = bool(said.caught[at]) and (
                (bool(said.odd[at]) and code == "attendance") or (bool(said.mixed[at]) and code == "people-reached")
            )
            state = _state(indicator, value, asked=asked, at=at) if sent else State.DRAFT.value
            key = next(figures)
            states.append(state)
            basis = _BASES.get(way, "")
            book.figures.append(
                (key, edition.pk, indicator.pk, report, None, "", value, way.value, basis, grade_of(way, shown=bool(basis)), state,
                 Provenance.ILLUSTRATIVE.value)
            )  # fmt: skip
            if asked and sent:
                book.questions.append(_question(key, code, value, int(made.places[place]), sent))
        state = report_state(states) if sent else State.DRAFT.value
        by = unit.accountable_id if sent else None
        settled = sent if state == State.VERIFIED else None
        book.reports.append(
            (report, edition.pk, unit.pk, keys[place], state, "现场答疑最受欢迎。 Questions and answers were liked best." if sent and at % 4 == 0 else "",
             ended + dt.timedelta(days=_DUE_DAYS), sent, by, settled, None, "", 1 if sent else 0, sent or ended, by,
             Provenance.ILLUSTRATIVE.value)
        )  # fmt: skip
    copy_rows(Report, _REPORT, book.reports)
    copy_rows(Figure, _FIGURE, book.figures)
    copy_rows(Question, ("figure_id", "doubt", "value", "numbers", "asked", "answer", "corrected"), book.questions)
    analyze(Report, Figure, Question)
    return len(book.reports)


def _state(indicator: Indicator, value: int, *, asked: bool, at: int) -> str:
    """Of a figure that was sent; of those to be verified two in three are."""
    above = float(indicator.verify_above) if indicator.verify_above else None
    state = figure_state(open_questions=asked, grave=False, value=value, verify_above=above)
    return State.VERIFIED.value if state == State.TO_VERIFY and at % 3 else state


def _question(figure: int, code: str, value: int, places: int, asked: dt.datetime) -> tuple[Any, ...]:
    if code == "attendance":
        return figure, Doubt.CAPACITY.value, value, text_of({"capacity": places}), asked, "", False
    return figure, Doubt.MIXED_UP.value, value, "{}", asked, "", False


_PAST: Final = {
    "attendance": 30.0, "people-reached": 25.0, "online-views": 90.0, "materials": 40.0, "consultations": 2.0, "volunteers": 1.5,
    "articles": 0.2, "reads": 900.0, "screens": 1.1, "messages": 800.0, "organisations": 0.5, "staff-trained": 1.0,
}  # fmt: skip
"""What a thousand people's place comes to in the first of the past years."""


def load_past_figures(
    *, edition: Edition, units: Sequence[Unit], people: NDArray[np.float64], growth: float, seed: int, now: dt.datetime
) -> int:
    """What an earlier year came to, a figure for each indicator and city (or what is like one), rolled up; how many."""
    load_dictionary(edition=edition, by=None, now=now)
    indicators = {one.code: one for one in Indicator.objects.filter(edition=edition)}
    weight: dict[str, float] = {}
    for unit, some in zip(units, people.tolist(), strict=True):
        ancestry = unit.region.ancestry
        if len(ancestry) > 1:
            place = ancestry[min(2, len(ancestry) - 1)]
            weight[place] = weight.get(place, 0.0) + some
    draw = np.random.default_rng([seed, 7, edition.year])
    rows = []
    for code, usual in _PAST.items():
        indicator = indicators[code]
        for place, some in sorted(weight.items()):
            value = max(1, round(usual * growth * some / 1000 * float(np.exp(draw.normal(0, 0.35)))))
            rows.append(
                (edition.pk, indicator.pk, None, place, "earlier-summary", Decimal(value), Way.PLATFORM.value,
                 "往年总结 earlier summary", "document", State.VERIFIED.value, Provenance.ILLUSTRATIVE.value)
            )  # fmt: skip
    copy_rows(Figure, _FIGURE[1:], rows)
    roll_up(edition=edition, now=now)
    return len(rows)
