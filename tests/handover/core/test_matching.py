from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cyberweek.handover.core.dates import proposed_start
from cyberweek.handover.core.matching import How, Unit, matched
from cyberweek.handover.core.records import UnitFacts

HERE = [
    Unit("cac-fujian", "province", "government", "350000"),
    Unit("edu-fujian", "province", "education", "350000"),
    Unit("edu2-fujian", "province", "education", "350000"),
    Unit("cac-tianjin", "province", "government", "120000"),
]
REGIONS = {"350000", "120000", "CN"}


def there(code, *, sector="government", region="120000"):
    return UnitFacts(code=code, name={"en": code}, level="province", sector=sector, region=region, parent=None)


@pytest.mark.parametrize(
    ("source", "how", "target"),
    [
        (there("cac-tianjin"), How.PLACE, "cac-fujian"),  # the host's office becomes the new host's
        (there("cac-tianjin", region="CN"), How.CODE, "cac-tianjin"),
        (there("edu-tianjin", sector="education"), How.SEVERAL, ""),
        (there("media", sector="media"), How.NONE, ""),
        (there("cac-atlantis", region="990000"), How.PLACE, "cac-fujian"),
    ],
)
def test_a_unit_is_found_by_its_code_or_by_its_place_or_left_to_a_person(source, how, target):
    (found,) = matched([source], HERE, old_host="120000", new_host="350000", regions=REGIONS)
    assert (found.how, found.target) == (how, target)


def test_without_a_new_host_the_same_units_are_the_same():
    found = matched([there("cac-tianjin")], HERE, old_host="120000", new_host="120000", regions=REGIONS)
    assert [one.target for one in found] == ["cac-tianjin"]


@given(st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)), st.integers(2000, 2101))
def test_the_proposed_first_day_keeps_its_weekday_and_is_near(starts, year):
    found = proposed_start(starts, year=year)
    assert found.weekday() == starts.weekday()
    near = dt.date(year, starts.month, min(starts.day, 28))
    assert abs((found - near).days) <= 7
