from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cyberweek.accounts.models import User
from cyberweek.kernel.models import AuditEvent
from cyberweek.regions import actions
from cyberweek.regions.actions import Refused
from cyberweek.regions.models import Post, Region, Unit
from tests.factories.regions import make_post, make_region, make_unit, make_user
from tests.regions.test_queries import forests


class MoveLaw(TestCase):
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(forest=forests(), data=st.data())
    def test_after_any_moves_each_unit_stands_under_its_parent_and_never_under_itself(self, forest, data):
        parents, _regions = forest
        nation = make_region("N", level="nation")
        units: list[Unit] = []
        for parent in parents:
            units.append(make_unit(region=nation, parent=None if parent is None else units[parent]))
        for _move in range(data.draw(st.integers(1, 6))):
            mover = Unit.objects.get(pk=data.draw(st.sampled_from(units)).pk)
            target = data.draw(st.none() | st.sampled_from(units))
            target = target and Unit.objects.get(pk=target.pk)
            circle = target is not None and mover.pk in target.ancestry
            if circle and target.pk != mover.parent_id:
                with pytest.raises(Refused, match="circle"):
                    actions.move_unit(unit=mover, parent=target, by=None)
            else:
                actions.move_unit(unit=mover, parent=target, by=None)
        now = {unit.pk: unit for unit in Unit.objects.all()}
        for unit in now.values():
            above = now[unit.parent_id].ancestry if unit.parent_id else []
            assert unit.ancestry == [*above, unit.pk]
            assert len(set(unit.ancestry)) == len(unit.ancestry)


def test_a_unit_whose_region_lies_outside_that_of_the_unit_above_is_refused(cast):
    with pytest.raises(Refused, match="is not within"):
        actions.create_unit(
            code="x", name={"en": "X"}, level="nation", sector="other", region=cast.nation,
            parent=cast.provincial_unit, by=cast.provincial,
        )  # fmt: skip
    with pytest.raises(Refused, match="is not within"):
        actions.move_unit(unit=cast.city_unit, parent=cast.stranger_unit, by=cast.national)
    assert not Unit.objects.filter(code="x").exists()


def test_a_unit_may_not_leave_those_under_it_outside_its_region(cast):
    with pytest.raises(Refused, match="stands under this unit"):
        actions.edit_unit(
            unit=cast.provincial_unit, name={"en": "H"}, sector="other", level="province", region=cast.elsewhere,
            by=cast.national,
        )  # fmt: skip


def test_moving_keeps_the_trail_and_moves_all_under_it(cast):
    other = make_unit("other", region=cast.province, parent=cast.national_unit)
    actions.move_unit(unit=cast.city_unit, parent=other, by=cast.national)

    cast.county_unit.refresh_from_db()
    assert cast.county_unit.ancestry == [cast.national_unit.pk, other.pk, cast.city_unit.pk, cast.county_unit.pk]
    event = AuditEvent.objects.get(verb="unit.move")
    assert (event.actor, event.unit) == (cast.national, cast.city_unit.pk)
    assert event.before != event.after


def test_a_person_serves_once_in_a_unit(cast):
    with pytest.raises(Refused, match="already") as caught:
        actions.appoint(person=cast.provincial, unit=cast.provincial_unit, roles=["viewer"], by=cast.national)
    assert caught.value.field == "username"


def test_a_new_person_gets_a_first_password_and_the_roles_in_order(cast):
    post, password = actions.appoint_new_person(
        username="sun", name="Sun", unit=cast.city_unit, roles=["viewer", "editor"], by=cast.provincial
    )
    assert post.roles == ["editor", "viewer"]
    assert post.person.has_first_password
    assert post.person.check_password(password)


def test_a_taken_user_name_is_refused_and_nothing_stays(cast):
    with pytest.raises(Refused, match="taken"):
        actions.appoint_new_person(username="city", name="X", unit=cast.city_unit, roles=["viewer"], by=cast.provincial)


def test_the_last_coordinator_of_a_tree_cannot_leave_without_a_successor(cast):
    post = Post.objects.get(person=cast.national)
    with pytest.raises(Refused, match="appoint a successor first"):
        actions.dismiss(post=post, by=cast.national)
    with pytest.raises(Refused, match="appoint a successor first"):
        actions.change_roles(post=post, roles=["viewer"], by=cast.national)

    make_post(make_user("successor"), cast.national_unit, "coordinator")
    actions.dismiss(post=post, by=cast.national, reason="retires")
    assert not Post.objects.filter(person=cast.national).exists()
    assert AuditEvent.objects.get(verb="post.dismiss").reason == "retires"


def test_a_successor_who_may_not_sign_in_is_none(cast):
    make_post(make_user("gone", is_active=False), cast.national_unit, "coordinator")
    with pytest.raises(Refused):
        actions.dismiss(post=Post.objects.get(person=cast.national), by=cast.national)


def test_below_a_coordinator_a_unit_may_lose_its_last_one(cast):
    actions.dismiss(post=Post.objects.get(person=cast.city_organiser), by=cast.provincial)
    assert not Post.objects.filter(unit=cast.city_unit).exists()


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """Rows that other connections see. Flushing would truncate the audit trail, which the database refuses."""
    from django.db import connection

    with django_db_blocker.unblock():
        yield
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE kernel_auditevent DISABLE TRIGGER audit_append_only")
            for model in (AuditEvent, Post, Unit, Region, User):
                cursor.execute(f"DELETE FROM {model._meta.db_table}")
            cursor.execute("ALTER TABLE kernel_auditevent ENABLE TRIGGER audit_append_only")
        connection.close()


def together(act, things) -> list[str]:
    """Do `act` to each of the things at the same moment, each on a connection of its own."""
    from concurrent.futures import ThreadPoolExecutor
    from threading import Barrier

    from django.db import connection

    start = Barrier(len(things))

    def one(thing):
        start.wait()
        try:
            act(thing)
        except Refused:
            return "refused"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(things)) as pool:
        return sorted(pool.map(one, things))


def test_two_coordinators_cannot_leave_at_the_same_moment(committed):
    unit = make_unit("top", region=make_region("CN", level="nation"))
    posts = [make_post(make_user(), unit, "coordinator") for _ in range(2)]

    assert together(lambda post: actions.dismiss(post=post, by=post.person), posts) == ["done", "refused"]
    assert Post.objects.count() == 1


def test_two_moves_at_the_same_moment_close_no_circle(committed):
    region = make_region("CN", level="nation")
    one, two = make_unit("one", region=region), make_unit("two", region=region)
    pairs = [(one, two), (two, one)]

    answers = together(lambda pair: actions.move_unit(unit=pair[0], parent=pair[1], by=None), pairs)

    assert answers == ["done", "refused"]
    assert sorted(len(unit.ancestry) for unit in Unit.objects.all()) == [1, 2]
