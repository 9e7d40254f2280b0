from __future__ import annotations

import datetime as dt

from cyberweek.planning.core.addressing import Address, Kind, fits, how_many
from cyberweek.planning.core.changes import kind_of, told_to_tasks

ISSUED = {
    "title": {"en": "A"}, "what": {}, "deliverables": {}, "begins": -30, "due": -10, "theme_day": None,
    "is_milestone": False, "needs_evidence": False, "levels": ["province"], "sectors": [], "units": [], "after": [],
    "withdrawn": False,
}  # fmt: skip


def test_an_arrangement_is_new_changed_withdrawn_or_the_same():
    assert kind_of({}, ISSUED) == "new"
    assert kind_of(ISSUED, ISSUED) == "same"
    assert kind_of(ISSUED, ISSUED | {"levels": ["city"]}) == "changed"
    assert kind_of(ISSUED, ISSUED | {"withdrawn": True}) == "withdrawn"
    assert kind_of(ISSUED | {"withdrawn": True}, ISSUED | {"withdrawn": True}) == "same"


def test_tasks_are_told_dates_and_nothing_of_the_address():
    day = dt.date(2019, 9, 16)
    told = told_to_tasks(ISSUED, ISSUED | {"due": -9, "levels": ["city"]}, opened=day, opens=day)
    assert told == {"before": {"due": "2019-09-06"}, "after": {"due": "2019-09-07"}}
    moved = told_to_tasks(ISSUED, ISSUED, opened=day, opens=day + dt.timedelta(days=1))
    assert set(moved["after"]) == {"begins", "due"}


def test_neither_level_nor_sector_is_nobody_and_a_name_counts_once():
    nobody = Address(frozenset(), frozenset(), frozenset())
    province = Kind("province", "government")
    school = Kind("city", "education")
    assert not fits(nobody, province)
    census = {province: 31, school: 10}
    assert (
        how_many(Address(frozenset({"province"}), frozenset(), frozenset({1, 2, 9})), census, {1: province, 2: school})
        == 32
    )
    assert how_many(Address(frozenset(), frozenset({"education"}), frozenset()), census, {}) == 10
