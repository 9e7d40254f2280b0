from __future__ import annotations

import pytest

from cyberweek.programme.rules import acts_open, may_edit, may_register, refusal
from cyberweek.regions.queries import scope_of
from tests.factories.programme import make_activity
from tests.factories.regions import make_post, make_unit, make_user


@pytest.mark.parametrize(
    ("who", "acts"),
    [
        ("national", ["approve", "return", "cancel"]),
        ("provincial", ["approve", "return", "cancel"]),
        ("city_organiser", ["approve", "return", "cancel"]),
        ("county_organiser", []),
        ("stranger", []),
    ],
)
def test_units_above_decide_and_nobody_else(cast, who, acts):
    activity = make_activity(edition=cast.edition, lead=cast.city_unit, status="submitted")
    assert acts_open(scope_of(getattr(cast, who)), activity) == acts


@pytest.mark.parametrize(
    ("role", "acts", "edits"),
    [("editor", ["cancel"], True), ("reviewer", ["approve", "return", "cancel"], False), ("viewer", [], False)],
)
def test_what_each_role_may_do_with_something_sent_in(cast, role, acts, edits):
    person = make_user()
    make_post(person, cast.city_unit, role)
    activity = make_activity(edition=cast.edition, lead=cast.county_unit, status="submitted")
    assert acts_open(scope_of(person), activity) == acts
    assert may_edit(scope_of(person), activity) is edits


def test_a_unit_of_the_same_region_sees_and_does_not_decide(cast):
    neighbour = make_unit("school", region=cast.city, parent=cast.national_unit)
    person = make_user()
    make_post(person, neighbour, "coordinator")
    activity = make_activity(edition=cast.edition, lead=cast.city_unit, status="submitted")
    assert str(refusal(scope_of(person), activity, "approve")) == "it is not yours to decide on"


def test_registering_wants_an_editor_and_an_edition_that_is_not_closed(cast):
    reviewer = make_user()
    make_post(reviewer, cast.city_unit, "reviewer")
    assert may_register(scope_of(cast.county_organiser), cast.edition)
    assert not may_register(scope_of(reviewer), cast.edition)
    cast.edition.stage = "closed"
    assert not may_register(scope_of(cast.county_organiser), cast.edition)
