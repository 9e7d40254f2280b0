from __future__ import annotations

import datetime as dt

from cyberweek.indicators.actions import roll_up
from cyberweek.indicators.models import Population

from .indicators import NOW, load, send
from .programme import make_activity

LATER = NOW + dt.timedelta(days=3)


def some_figures(cast, *, attendance: int = 1200) -> dict:
    """Two activities in Hebei's Chang'an and one in Fujian, reported, rolled up, over regions whose people are known."""
    dictionary = load(cast.edition)
    for region, people in ((cast.nation, 1_400_000_000), (cast.province, 74_610_235), (cast.elsewhere, 41_540_086)):
        Population.objects.update_or_create(region=region, year=2020, defaults={"people": people, "source": "census"})
    county = make_activity(edition=cast.edition, lead=cast.county_unit, region=cast.county, status="published")
    second = make_activity(edition=cast.edition, lead=cast.county_unit, region=cast.county, status="published")
    other = make_activity(edition=cast.edition, lead=cast.stranger_unit, region=cast.elsewhere, status="published")
    send(county, {"attendance": attendance, "people-reached": attendance - 200, "materials": 700}, dictionary)
    send(second, {"attendance": 300, "materials": 40}, dictionary)
    send(other, {"attendance": 900, "materials": (80, "guess")}, dictionary)
    roll_up(edition=cast.edition, now=LATER)
    return dictionary


def again(unit):
    """The unit as views fetch it."""
    return type(unit).objects.select_related("region", "parent").get(pk=unit.pk)
