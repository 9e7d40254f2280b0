from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cyberweek.kernel.actions import Outdated
from cyberweek.kernel.models import AuditEvent
from cyberweek.planning.actions import breakdown, many, remarks
from cyberweek.planning.actions import tasks as actions
from cyberweek.planning.models import Dependency, Notice, Task
from tests.factories.planning import make_arrangement, make_plan, make_task
from tests.factories.regions import make_post, make_user

NOW = dt.datetime(2019, 9, 1, 1, tzinfo=dt.UTC)


def report(task, **given):
    task.refresh_from_db()
    values = {
        "state": "doing",
        "progress": 50,
        "blocker": "",
        "revision": task.revision,
        "by": None,
        "now": NOW,
    } | given
    return actions.report_task(task=task, **values)


@pytest.fixture
def task(cast):
    return make_task(edition=cast.edition, unit=cast.provincial_unit)


def part_fields(task, **over):
    return {
        "title": {"en": "A part"}, "what": {}, "deliverables": {}, "begins": task.begins, "due": task.due,
        "is_milestone": False, "needs_evidence": False, "weight": 1,
    } | over  # fmt: skip


def break_down(task, units, *, by=None, follows=True, **over):
    task.refresh_from_db()
    return breakdown.break_down(
        task=task,
        units=units,
        fields=part_fields(task, **over),
        follows=follows,
        revision=task.revision,
        by=by,
        now=NOW,
    )


def test_a_report_is_an_event_of_the_history_and_of_the_audit_trail(task, cast):
    report(task, state="doing", progress=40, text="booked", by=cast.provincial)
    task.refresh_from_db()
    event = task.events.get(kind="progress")
    assert (task.state, task.progress, event.progress, event.text) == ("doing", 40, 40, "booked")
    assert event.before == {"state": "todo", "progress": 0}
    assert AuditEvent.objects.filter(verb="task.report", unit=cast.provincial_unit.pk).count() == 1


def test_blocked_wants_a_blocker_and_is_freed_of_it(task):
    with pytest.raises(actions.TaskRefused):
        report(task, state="blocked", blocker="")
    assert report(task, state="blocked", blocker="no venue").blocker == "no venue"
    assert report(task, state="doing").blocker == ""


def test_done_only_with_evidence_where_that_is_asked(task, cast):
    Task.objects.filter(pk=task.pk).update(needs_evidence=True)
    with pytest.raises(actions.TaskRefused) as refused:
        report(task, state="done")
    assert refused.value.field == "state"
    remarks.add_evidence(
        task=task, files=[SimpleUploadedFile("minutes.txt", "说明".encode())], by=cast.provincial, now=timezone.now()
    )
    assert report(task, state="done").done_at == NOW
    with pytest.raises(actions.TaskRefused):
        remarks.remove_evidence(task=task, evidence=task.files.get(), by=cast.provincial, now=NOW)


def test_who_comes_second_is_told_and_nothing_is_written(task, cast):
    read = task.revision
    actions.edit_task(task=task, fields={"title": {"en": "First"}}, revision=read, by=cast.provincial, now=NOW)
    with pytest.raises(Outdated) as outdated:
        actions.edit_task(task=task, fields={"title": {"en": "Second"}}, revision=read, by=cast.national, now=NOW)
    assert outdated.value.present.title == {"en": "First"}
    assert Task.objects.get(pk=task.pk).title == {"en": "First"}


def test_the_row_is_locked_before_it_is_read_so_of_two_at_once_one_is_told(task):
    with CaptureQueriesContext(connection) as queries:
        actions.edit_task(task=task, fields={"title": {"en": "One"}}, revision=1, by=None, now=NOW)
    assert "FOR UPDATE" in next(one["sql"] for one in queries if one["sql"].startswith("SELECT"))


def test_what_a_unit_changes_in_a_task_of_the_plan_becomes_its_own(cast):
    plan = make_plan(edition=cast.edition, unit=cast.national_unit, state="issued")
    task = make_task(edition=cast.edition, unit=cast.provincial_unit, arrangement=make_arrangement(plan=plan))
    actions.edit_task(
        task=task, fields={"title": {"en": "Ours"}, "accountable": cast.provincial}, revision=1, by=None, now=NOW
    )
    assert Task.objects.get(pk=task.pk).own == ["title"]


def test_the_accountable_person_is_told(task, cast):
    actions.edit_task(task=task, fields={"accountable": cast.provincial}, revision=1, by=cast.national, now=NOW)
    assert Notice.objects.get().person == cast.provincial
    actions.edit_task(task=task, fields={"accountable": cast.national}, revision=2, by=cast.national, now=NOW)
    assert not Notice.objects.filter(person=cast.national).exists()


def test_a_circle_is_refused_naming_its_tasks(cast):
    a, b, c = (make_task(edition=cast.edition, unit=cast.city_unit) for _ in range(3))
    actions.add_dependency(task=b, after=a, by=None, now=NOW)
    actions.add_dependency(task=c, after=b, by=None, now=NOW)
    with pytest.raises(actions.CircleRefused) as refused:
        actions.add_dependency(task=a, after=c, by=None, now=NOW)
    assert {one.pk for one in refused.value.tasks} == {a.pk, b.pk, c.pk}
    actions.add_dependency(task=c, after=b, by=None, now=NOW)
    assert Dependency.objects.count() == 2
    actions.remove_dependency(task=c, after=b, by=None, now=NOW)
    assert Dependency.objects.count() == 1


def test_a_part_does_not_wait_for_its_whole_which_waits_for_it(task, cast):
    (part,) = break_down(task, [cast.city_unit])
    before = make_task(edition=cast.edition, unit=cast.city_unit)
    actions.add_dependency(task=part, after=before, by=None, now=NOW)
    with pytest.raises(actions.CircleRefused) as refused:
        actions.add_dependency(task=before, after=task, by=None, now=NOW)
    assert {one.pk for one in refused.value.tasks} == {task.pk, part.pk, before.pk}


def test_one_act_makes_a_part_for_each_unit_and_a_second_press_none(task, cast):
    parts = break_down(task, [cast.city_unit, cast.county_unit])
    assert {part.unit for part in parts} == {cast.city_unit, cast.county_unit}
    with pytest.raises(actions.TaskRefused):
        break_down(task, [cast.city_unit, cast.county_unit])
    assert Task.objects.filter(parent=task).count() == 2


def test_parts_lie_within_the_days_of_the_task(task, cast):
    with pytest.raises(actions.TaskRefused) as refused:
        break_down(task, [cast.city_unit], due=task.due + dt.timedelta(days=1))
    assert refused.value.field == "due"
    (part,) = break_down(task, [cast.city_unit])
    with pytest.raises(actions.TaskRefused):
        actions.edit_task(task=part, fields={"due": task.due + dt.timedelta(days=2)}, revision=1, by=None, now=NOW)
    with pytest.raises(actions.TaskRefused):
        actions.edit_task(task=task, fields={"due": part.due - dt.timedelta(days=1)}, revision=2, by=None, now=NOW)


def test_progress_follows_the_parts_by_weight_up_the_line(task, cast):
    city, county = break_down(task, [cast.city_unit, cast.county_unit])
    Task.objects.filter(pk=county.pk).update(weight=3)
    (deep,) = break_down(city, [cast.county_unit])
    report(deep, progress=80)
    city.refresh_from_db()
    task.refresh_from_db()
    assert (city.progress, city.state) == (80, "doing")
    assert task.progress == 80 // 4
    report(county, state="done")
    task.refresh_from_db()
    assert task.progress == (80 + 3 * 100) // 4
    assert task.revision == 2  # nobody's words changed: an open form still saves


def test_a_dropped_task_drops_its_open_parts_and_leaves_what_is_done(task, cast):
    city, county = break_down(task, [cast.city_unit, cast.county_unit])
    report(city, state="done")
    actions.drop_task(task=task, because="cancelled", by=None, now=NOW)
    states = dict(Task.objects.values_list("pk", "state"))
    assert states == {task.pk: "dropped", city.pk: "done", county.pk: "dropped"}


def test_many_are_changed_all_or_none(cast):
    tasks = [make_task(edition=cast.edition, unit=unit) for unit in (cast.city_unit, cast.county_unit)]
    helper = make_user("helper")
    make_post(helper, cast.county_unit, "editor")
    with pytest.raises(many.ManyRefused) as refused:
        many.assign_tasks(tasks=tasks, person=helper, by=cast.national, now=NOW)
    assert list(refused.value.why) == [tasks[0].pk]
    assert not Task.objects.filter(accountable=helper).exists()
    assert many.assign_tasks(tasks=tasks, person=cast.city_organiser, by=cast.national, now=NOW) == 2
    first = tasks[0].due
    assert many.shift_tasks(tasks=tasks, days=3, by=cast.national, now=NOW) == 2
    assert Task.objects.get(pk=tasks[0].pk).due == first + dt.timedelta(days=3)


def test_a_reminder_goes_to_who_is_accountable_or_coordinates_once_a_day(cast):
    named = make_task(edition=cast.edition, unit=cast.city_unit, accountable=cast.provincial)
    unnamed = make_task(edition=cast.edition, unit=cast.county_unit)
    done = make_task(edition=cast.edition, unit=cast.county_unit, state="done")
    tasks = [named, unnamed, done]
    assert many.remind_tasks(tasks=tasks, by=cast.national, now=NOW) == 2
    assert many.remind_tasks(tasks=tasks, by=cast.national, now=NOW) == 0
    told = set(Notice.objects.values_list("person", "task"))
    assert told == {(cast.provincial.pk, named.pk), (cast.county_organiser.pk, unnamed.pk)}


def test_a_comment_is_told_to_those_concerned_and_not_to_who_wrote_it(task, cast):
    remarks.comment_on(task=task, text="When?", by=cast.national, now=NOW)
    assert [notice.person for notice in Notice.objects.all()] == [cast.provincial]
