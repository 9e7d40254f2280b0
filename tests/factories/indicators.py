from __future__ import annotations

import datetime as dt
from decimal import Decimal

from cyberweek.indicators import actions
from cyberweek.indicators.core.grades import grade_of
from cyberweek.indicators.models import Indicator, Report

NOW = dt.datetime(2019, 9, 21, 4, 0, tzinfo=dt.UTC)  # two days after the activities of `make_activity`


def load(edition, now: dt.datetime = NOW) -> dict[str, Indicator]:
    """The shipped dictionary, by code."""
    actions.load_dictionary(edition=edition, by=None, now=now)
    return {one.code: one for one in Indicator.objects.filter(edition=edition)}


def entered(indicator: Indicator, value, way: str = "signed", basis: str = "sheet 1") -> actions.Entered:
    return actions.Entered(indicator, Decimal(value), way, grade_of(way, shown=bool(basis)), basis)


def open_report(activity, now: dt.datetime = NOW) -> Report:
    return actions.open_report(edition=activity.edition, unit=activity.lead, activity=activity, by=None, now=now)


def send(activity, figures: dict, dictionary, *, by=None, now: dt.datetime = NOW, **more) -> Report:
    """Open and send the report of an activity; `figures`: value by code, or (value, way)."""
    report = open_report(activity, now)
    rows = [
        entered(dictionary[code], *(value if isinstance(value, tuple) else (value,))) for code, value in figures.items()
    ]
    return actions.send_report(
        report=report, entered=rows, worked=more.pop("worked", ""), revision=None, by=by, now=now, **more
    )
