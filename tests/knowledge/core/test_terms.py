from __future__ import annotations

import datetime as dt

import pytest

from cyberweek.knowledge.core.contests import Earlier, faults_of_change
from cyberweek.knowledge.core.presets import PRESETS, spread
from cyberweek.knowledge.core.release import Draw, PerRegion, Stage
from cyberweek.knowledge.core.terms import faults_of_terms
from cyberweek.knowledge.enums import ContestFault, Preset

from .test_contests import OPENS, RULES

NAME = {"zh-Hans": "一班", "en": "Class 1"}
TWO = {"class-1": NAME, "class-2": NAME}
EARLIER = Earlier(OPENS - dt.timedelta(days=1), ("heats",))
QUOTA = PerRegion("province", 2)


def faults(earlier=EARLIER, **changes):
    found = faults_of_terms(RULES._replace(**changes), slug="final", earlier=earlier)
    assert all("%(" not in ContestFault.say(one.reason, one.params) for one in found)
    return [(one.field, one.reason) for one in found]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"form": "endless", "attempts_in_all": 9, "draw": Draw("day", 10, 50)},
        {"form": "until-right", "draw": Draw("day", "all-right", 50)},
        {"groups": TWO, "closed": True, "team_minimum": 10},
        {"stage": Stage("heats", 10, QUOTA, 5), "objections_until": OPENS},
        {"stage": Stage("heats", 0, QUOTA)},
    ],
)
def test_terms_that_hold_have_no_fault(changes):
    assert faults(**changes) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"form": "until-right", "attempts_per_day": 1}, ("attempts_per_day", "nothing-to-redo")),
        ({"attempts_in_all": 0}, ("attempts_in_all", "attempts-in-all")),
        ({"attempts_in_all": 2}, ("attempts_in_all", "more-a-day")),
        ({"closed": True}, ("closed", "closed-to-all")),
        ({"team_minimum": 2, "groups": {"class-1": NAME}}, ("team_minimum", "no-teams")),
        ({"team_minimum": 0, "groups": TWO}, ("team_minimum", "team-minimum")),
        ({"groups": {"Class 1": NAME}}, ("groups", "odd-group")),
        ({"groups": {"a": {"zh-Hans": " ", "en": "A"}}}, ("groups", "group-name")),
        ({"groups": {"a": {"zh-Hans": "一" * 41, "en": "A"}}}, ("groups", "group-name")),
        ({"groups": {f"g{n}": NAME for n in range(2001)}}, ("groups", "many-groups")),
        ({"form": "endless", "draw": Draw("day", "all-right", 50)}, ("draw_needs", "never-all-right")),
        ({"draw": Draw("day", 26, 50)}, ("draw_points", "draw-points")),
        ({"draw": Draw("day", 0, 50)}, ("draw_points", "draw-points")),
        ({"draw": Draw("contest", "all-right", 0)}, ("draw_prizes", "draw-prizes")),
        ({"objections_until": OPENS}, ("objections_until", "no-promotion")),
        ({"stage": Stage("final", 1)}, ("stage_after", "follows-itself")),
        ({"stage": Stage("heats", 0)}, ("stage_top", "promotes-nobody")),
        ({"stage": Stage("heats", 1, PerRegion("", 2))}, ("stage_level", "quota-without-level")),
        ({"stage": Stage("heats", 1, PerRegion("city", 0))}, ("stage_count", "level-without-quota")),
        ({"stage": Stage("heats", -1)}, ("stage_top", "promoted")),
        ({"stage": Stage("heats", 1, None, -1)}, ("stage_reserve", "promoted")),
        ({"stage": Stage("heats", 1), "earlier": None}, ("stage_after", "unknown-stage")),
        ({"stage": Stage("heats", 1), "earlier": Earlier(OPENS, ("heats", "final"))}, ("stage_after", "stage-cycle")),
        (
            {"stage": Stage("heats", 1), "earlier": Earlier(OPENS + dt.timedelta(seconds=1), ("heats",))},
            ("opens", "stage-early"),
        ),
        ({"stage": Stage("heats", 1), "objections_until": OPENS + dt.timedelta(1)}, ("objections_until", "objections")),
    ],
)
def test_each_contradiction_is_refused_beside_its_field(changes, fault):
    assert faults(**changes) == [fault]


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ({}, {"form": "endless"}, ("form", "running-change")),
        ({}, {"closed": True, "groups": TWO}, ("closed", "running-change")),
        ({}, {"draw": Draw("day", 5, 1)}, ("draw_every", "running-change")),
        ({}, {"stage": Stage("heats", 5)}, ("stage_after", "running-change")),
        ({"groups": TWO}, {"groups": {"class-1": NAME}}, ("groups", "running-groups")),
        ({}, {"attempts_in_all": 9}, ("attempts_in_all", "running-less")),
        ({"attempts_in_all": 9}, {"attempts_in_all": 8}, ("attempts_in_all", "running-less")),
    ],
)
def test_once_it_has_opened_the_terms_stay(before, after, fault):
    rules = RULES._replace(**before)
    assert [(one.field, one.reason) for one in faults_of_change(rules, rules._replace(**after))] == [fault]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"attempts_in_all": 9}, {"attempts_in_all": 10}),
        ({"attempts_in_all": 9}, {"attempts_in_all": None}),
        ({"groups": {"class-1": NAME}}, {"groups": TWO}),
    ],
)
def test_once_it_has_opened_more_may_still_be_given(before, after):
    rules = RULES._replace(**before)
    assert faults_of_change(rules, rules._replace(**after)) == []


def test_every_preset_has_its_words_and_no_more():
    assert set(PRESETS) == set(Preset.values)


def test_items_are_spread_evenly_as_far_as_they_are_ready():
    assert spread(20, {"a": 3, "b": 30, "c": 30}) == {"a": 3, "b": 9, "c": 8}
    assert spread(20, {"a": 1}) == {"a": 1}
    assert spread(20, {}) == {}
