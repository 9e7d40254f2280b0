from __future__ import annotations

from cyberweek.planning.queries import plans_visible_to, tasks_changeable_by, tasks_visible_to
from tests.factories.planning import make_plan, make_task


def test_a_task_is_seen_from_above_and_from_its_region_and_changed_from_above_alone(cast):
    task = make_task(edition=cast.edition, unit=cast.city_unit)
    sees = {who: list(tasks_visible_to(getattr(cast, who))) for who in ("national", "provincial", "county_organiser")}
    assert sees == {"national": [task], "provincial": [task], "county_organiser": []}
    assert list(tasks_changeable_by(cast.provincial)) == [task]
    assert not tasks_changeable_by(cast.county_organiser)
    assert not tasks_visible_to(cast.stranger)


def test_a_plan_is_seen_by_its_unit_by_all_under_it_and_from_above(cast):
    nation = make_plan(edition=cast.edition, unit=cast.national_unit)
    province = make_plan(edition=cast.edition, unit=cast.provincial_unit)
    assert set(plans_visible_to(cast.county_organiser)) == {nation, province}
    assert set(plans_visible_to(cast.national)) == {nation, province}
    assert list(plans_visible_to(cast.stranger)) == [nation]
