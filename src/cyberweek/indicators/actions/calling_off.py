"""An activity that is called off takes its figures out of all totals, in the same transaction."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from cyberweek.indicators.models import Figure, Report
from cyberweek.indicators.queries import held_in
from cyberweek.programme.models import Activity

from .rolling import follow, given


def let_go_of(*, activity: Activity, now: dt.datetime) -> None:
    """Take off what its report gave to the totals of its county, city, province and nation, and count anew what its
    region held. The caller holds the activity, which is called off by now."""
    report = (
        Report.objects.select_for_update(of=("self",))
        .select_related("edition", "unit__region", "activity__region")
        .filter(activity=activity)
        .first()
    )
    if report is not None:
        follow(report.edition, report.region, given(Figure.objects.filter(report=report)), {}, now=now)
    for source, held in held_in(activity.edition, activity.region_id, now=now).items():
        _recount(source, Decimal(held), activity, now=now)


def _recount(source: str, held: Decimal, activity: Activity, *, now: dt.datetime) -> None:
    """What was never read is left to the reading."""
    rows = Figure.objects.filter(edition=activity.edition_id, source=source, region=activity.region_id, report=None)
    if (kept := rows.select_for_update().first()) is None or kept.value == held:
        return
    before = given(rows)
    if held:
        rows.update(value=held, changed=now)
    else:
        rows.delete()
    follow(activity.edition, activity.region, before, given(rows), now=now)
