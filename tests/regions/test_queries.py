"""For any tree and any two units: what the queries give is exactly what the scope rule says."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cyberweek.regions.core.scope import Place, may_change, may_see
from cyberweek.regions.models import Unit
from cyberweek.regions.queries import units_changeable_by, units_visible_to
from tests.factories.regions import make_post, make_region, make_unit, make_user


@st.composite
def forests(draw):
    """Parents by index (each before its child, or none) and a region out of three for each unit."""
    size = draw(st.integers(min_value=1, max_value=12))
    parents = [draw(st.none() | st.integers(min_value=0, max_value=i - 1)) if i else None for i in range(size)]
    return parents, draw(st.lists(st.sampled_from("ABC"), min_size=size, max_size=size))


class ScopeLaw(TestCase):
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(forest=forests(), data=st.data())
    def test_what_is_visible_and_changeable_is_exactly_what_the_rule_says(self, forest, data):
        parents, regions = forest
        nation = make_region("N", level="nation")
        places = {code: make_region(code, parent=nation) for code in "ABC"}
        units: list[Unit] = []
        for parent, region in zip(parents, regions, strict=True):
            units.append(make_unit(region=places[region], parent=None if parent is None else units[parent]))
        # Moving a unit afterwards must move everything under it.
        mover = data.draw(st.sampled_from(units))
        target = data.draw(st.sampled_from([u for u in units if mover.pk not in u.ancestry] or [None]))
        Unit.objects.filter(pk=mover.pk).update(parent=target)
        units = list(Unit.objects.order_by("pk"))
        actor = data.draw(st.sampled_from(units))
        person = make_user()
        make_post(person, actor, "coordinator")

        def place(unit):
            return Place(unit.ancestry, unit.region_id)

        assert set(units_visible_to(person)) == {u for u in units if may_see(place(actor), place(u))}
        assert set(units_changeable_by(person)) == {u for u in units if may_change(place(actor), place(u))}


@pytest.mark.django_db
def test_a_unit_cannot_stand_under_itself(cast):
    from django.db import IntegrityError

    with pytest.raises(IntegrityError, match="cannot stand under itself"):
        Unit.objects.filter(pk=cast.provincial_unit.pk).update(parent=cast.county_unit)


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("national", {"cac", "cac-hebei", "cac-shijiazhuang", "cac-changan", "cac-fujian"}),
        ("provincial", {"cac-hebei", "cac-shijiazhuang", "cac-changan"}),
        ("city_organiser", {"cac-shijiazhuang", "cac-changan"}),
        ("county_organiser", {"cac-changan"}),
        ("stranger", {"cac-fujian"}),
    ],
)
def test_each_of_the_cast_sees_their_own_branch(cast, who, sees):
    assert {unit.code for unit in units_visible_to(getattr(cast, who))} == sees
