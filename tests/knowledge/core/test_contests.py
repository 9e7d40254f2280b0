from __future__ import annotations

import datetime as dt

import pytest

from cyberweek.knowledge.core.contests import Rules, faults_of, faults_of_change, faults_of_slug
from cyberweek.knowledge.enums import ContestFault

OPENS = dt.datetime(2019, 9, 15, 16, tzinfo=dt.UTC)
RULES = Rules(OPENS, OPENS + dt.timedelta(days=7), "Asia/Shanghai", 10, 3, 5, 30, True, {"laws": 2, "fraud": 3})
READY = {"laws": 2, "fraud": 24}


def test_rules_that_hold_have_no_fault():
    assert faults_of(RULES, READY) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"closes": OPENS}, ("closes", "closes-early", {})),
        ({"closes": OPENS - dt.timedelta(days=1)}, ("closes", "closes-early", {})),
        ({"closes": OPENS + dt.timedelta(minutes=9)}, ("closes", "too-short", {"minutes": 10})),
        ({"minutes": 0}, ("minutes", "minutes", {"limit": 180})),
        ({"minutes": 181}, ("minutes", "minutes", {"limit": 180})),
        ({"attempts_per_day": 0}, ("attempts_per_day", "attempts", {"limit": 50})),
        ({"points": 0}, ("points", "points", {"limit": 100})),
        ({"grace_seconds": -1}, ("grace_seconds", "grace", {"limit": 300})),
        ({"blueprint": {}}, ("blueprint", "no-items", {})),
        ({"blueprint": {"fraud": 61}}, ("blueprint", "many-items", {"limit": 60, "count": 61})),
        ({"blueprint": {"laws": 3}}, ("quota:laws", "short-of-items", {"count": 3, "ready": 2})),
        ({"blueprint": {"unknown": 1}}, ("quota:unknown", "short-of-items", {"count": 1, "ready": 0})),
    ],
)
def test_each_wrong_rule_is_refused_with_its_reason(changes, fault):
    found = faults_of(RULES._replace(**changes), READY)
    assert fault in found
    assert all("%(" not in ContestFault.say(one.reason, one.params) for one in found)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"opens": OPENS - dt.timedelta(hours=1)}, "running-change"),
        ({"zone": "Asia/Tokyo"}, "running-change"),
        ({"minutes": 12}, "running-change"),
        ({"points": 4}, "running-change"),
        ({"blueprint": {"laws": 2, "fraud": 4}}, "running-change"),
        ({"attempts_per_day": 2}, "running-less"),
        ({"grace_seconds": 0}, "running-less"),
        ({"closes": RULES.closes - dt.timedelta(hours=1)}, "running-closes"),
    ],
)
def test_once_it_has_opened_what_makes_papers_unequal_stays(changes, reason):
    after = RULES._replace(**changes)
    assert [fault.reason for fault in faults_of_change(RULES, after)] == [reason]


@pytest.mark.parametrize(
    "changes",
    [
        {"attempts_per_day": 5},
        {"grace_seconds": 60},
        {"closes": RULES.closes + dt.timedelta(days=1)},
        {"blueprint": {"laws": 1, "fraud": 4}},
        {"practice": False},
    ],
)
def test_once_it_has_opened_it_may_still_become_more_generous(changes):
    assert faults_of_change(RULES, RULES._replace(**changes)) == []


@pytest.mark.parametrize(
    ("slug", "reasons"),
    [("national", []), ("youth-day-2", []), ("National", ["odd-slug"]), ("a--b", ["odd-slug"]), ("new", ["reserved-slug"])],
)  # fmt: skip
def test_a_short_name_is_plain_and_leaves_practice_to_practice(slug, reasons):
    assert [fault.reason for fault in faults_of_slug(slug)] == reasons
