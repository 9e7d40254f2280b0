"""Reports for the demo: made up, and marked so. What is over was reported for the most part; one figure is odd, one is
large, and some reports are late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from random import Random
from typing import Final

from cyberweek.editions.models import Edition
from cyberweek.indicators.core.grades import grade_of
from cyberweek.indicators.enums import Way
from cyberweek.indicators.models import Indicator, Report
from cyberweek.indicators.queries import asked_of
from cyberweek.programme.enums import Kind
from cyberweek.regions.enums import Provenance

from .dictionary import load_dictionary
from .machines import read_machines
from .populations import load_populations
from .reports import Entered, open_report, open_reports_due, send_report
from .rolling import roll_up

_BASES: Final = {
    Way.SIGNED: "签到表 sign-in sheets",
    Way.PLATFORM: "平台后台统计 platform statistics",
    Way.RECEIPT: "送货单 delivery notes",
}
_UNITS: Final = 3  # units whose own report is there early
_LATE: Final = 5  # every fifth report is not there yet


def open_sample_reports(*, edition: Edition, now: dt.datetime) -> int:
    """Give an edition its dictionary, and reports on what is over where nobody has reported yet; gives how many were sent."""
    load_populations()
    load_dictionary(edition=edition, by=None, now=now)
    open_reports_due(now=now)
    sent = 0
    if not Report.objects.filter(edition=edition, sent__isnull=False).exists():
        sent = _send_some(edition, now=now)
    read_machines(edition=edition, now=now)
    roll_up(edition=edition, now=now)
    return sent


def _send_some(edition: Edition, *, now: dt.datetime) -> int:
    asked = {one.code: one for one in asked_of(edition, activity=True)}
    of_units = {one.code: one for one in asked_of(edition, activity=False)}
    owed = list(
        Report.objects.filter(edition=edition, activity__isnull=False).select_related("activity", "unit").order_by("id")
    )
    due = [report for n, report in enumerate(owed) if n % _LATE != _LATE - 1]
    for n, report in enumerate(due):
        random = Random(report.activity.code if report.activity else "")  # noqa: S311 -- sample figures
        entered = _of_activity(report, asked, random, odd=n == 1, large=n == 2)
        worked = (
            "现场答疑最受欢迎，明年应多留时间。 Answering questions on the spot was liked best; leave more time for it."
        )
        _send(report, entered, worked, now=now)
    units = list(dict.fromkeys(report.unit for report in owed))[:_UNITS]
    for unit in units:
        report = open_report(edition=edition, unit=unit, activity=None, by=None, now=now)
        _send(report, _of_unit(of_units, Random(unit.code)), "", now=now)  # noqa: S311 -- sample figures
    return len(due) + len(units)


def _send(report: Report, entered: list[Entered], worked: str, *, now: dt.datetime) -> None:
    Report.objects.filter(pk=report.pk).update(provenance=Provenance.ILLUSTRATIVE)
    send_report(report=report, entered=entered, worked=worked, revision=None, by=None, now=now)


def _of_activity(
    report: Report, asked: Mapping[str, Indicator], random: Random, *, odd: bool, large: bool
) -> list[Entered]:
    assert report.activity is not None
    places = report.activity.capacity or 150
    visits = 20_000 if odd else 62_000 if large else max(12, int(places * random.uniform(0.55, 1.05)))
    people = int(visits * random.uniform(0.75, 0.95))
    found = {
        "attendance": (visits, Way.SIGNED),
        "people-reached": (people, Way.HEADS),
        "materials": (int(visits * random.uniform(0.5, 1.5)), Way.RECEIPT),
        "consultations": (int(visits * random.uniform(0.02, 0.1)), Way.HEADS),
    }
    if report.activity.kind in {Kind.FORUM, Kind.CEREMONY, Kind.LECTURE}:
        found["online-views"] = (int(places * random.uniform(20, 90)), Way.PLATFORM)
    return _entered(asked, found)


def _of_unit(asked: Mapping[str, Indicator], random: Random) -> list[Entered]:
    articles = random.randint(12, 90)
    return _entered(
        asked,
        {
            "articles": (articles, Way.PLATFORM),
            "reads": (articles * random.randint(4_000, 30_000), Way.PLATFORM),
            "screens": (random.randint(80, 900), Way.GUESS),
            "organisations": (random.randint(20, 160), Way.HEADS),
        },
    )


def _entered(asked: Mapping[str, Indicator], found: Mapping[str, tuple[int, Way]]) -> list[Entered]:
    return [
        Entered(asked[code], Decimal(value), way, grade_of(way, shown=way in _BASES), _BASES.get(way, ""))
        for code, (value, way) in found.items()
        if code in asked
    ]
