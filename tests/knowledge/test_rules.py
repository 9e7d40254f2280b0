from __future__ import annotations

import pytest

from cyberweek.knowledge import rules
from tests.factories.knowledge import make_contest, make_item
from tests.factories.regions import make_post, make_user


@pytest.mark.parametrize(
    ("who", "may"),
    [("national", True), ("provincial", True), ("city_organiser", True), ("county_organiser", False), ("stranger", False)],
)  # fmt: skip
def test_who_stands_above_or_owns_it_changes_it_and_who_stands_below_does_not(cast, who, may):
    item = make_item(owner=cast.city_unit)
    contest = make_contest(edition=cast.edition, owner=cast.city_unit)
    person = getattr(cast, who)
    assert rules.may_change_item(person, item) is may
    assert rules.may_change_contest(person, contest) is may
    assert rules.may_publish(person, contest) is may


@pytest.mark.parametrize(
    ("role", "writes", "publishes"),
    [("coordinator", True, True), ("reviewer", False, True), ("editor", True, False), ("viewer", False, False)],
)
def test_editors_write_and_reviewers_publish(cast, role, writes, publishes):
    person = make_user()
    make_post(person, cast.city_unit, role)
    contest = make_contest(edition=cast.edition, owner=cast.city_unit)
    assert (rules.may_write(person), rules.may_change_contest(person, contest)) == (writes, writes)
    assert rules.may_publish(person, contest) is publishes
