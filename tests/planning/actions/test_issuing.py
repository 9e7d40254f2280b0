from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from cyberweek.accounts.models import User
from cyberweek.editions.actions import rehearse_edition
from cyberweek.editions.models import Edition, ThemeDay
from cyberweek.kernel.models import AuditEvent
from cyberweek.planning.actions import PlanRefused, begin_issue, issuing, run_issue, withdraw_arrangement
from cyberweek.planning.actions.plans import restore_arrangement
from cyberweek.planning.jobs import resume_issues
from cyberweek.planning.models import Arrangement, Dependency, Issue, Notice, Plan, Task, TaskEvent
from cyberweek.planning.queries.plans import preview_of, units_come_since
from cyberweek.regions.models import Post, Region, Unit
from tests.factories.editions import make_edition
from tests.factories.planning import make_arrangement, make_plan, make_task
from tests.factories.regions import make_region, make_unit


def issue(plan, by=None) -> Issue:
    made = begin_issue(plan=plan, by=by, now=timezone.now())
    run_issue(made.pk)
    made.refresh_from_db()
    assert made.state == "done", made.fault
    return made


def tasks_of(arrangement) -> dict[str, Task]:
    return {task.unit.code: task for task in Task.objects.filter(arrangement=arrangement).select_related("unit")}


@pytest.fixture
def plan(cast) -> Plan:
    return make_plan(edition=cast.edition, unit=cast.national_unit)


def test_issuing_makes_a_task_for_every_unit_it_falls_to_with_the_words_and_the_real_dates(cast, plan):
    one = make_arrangement(plan=plan, levels=["province", "city"], begins=-20, due=-5, needs_evidence=True)
    made = issue(plan, by=cast.national)
    tasks = tasks_of(one)
    assert set(tasks) == {"cac-hebei", "cac-fujian", "cac-shijiazhuang"}
    task = tasks["cac-hebei"]
    assert (task.title, task.begins, task.due) == (
        one.title, cast.edition.starts - dt.timedelta(20), cast.edition.starts - dt.timedelta(5),
    )  # fmt: skip
    assert task.needs_evidence
    assert task.state == "todo"
    assert made.counts == {"made": 3, "changed": 0, "dropped": 0, "kept": 0}
    assert [event.kind for event in task.events.all()] == ["issued"]


def test_sectors_narrow_the_levels_and_units_can_be_named_one_by_one(cast, plan):
    school = make_unit("school", region=cast.city, parent=cast.city_unit, sector="education")
    narrow = make_arrangement(plan=plan, levels=["city"], sectors=["education"])
    anywhere = make_arrangement(plan=plan, levels=[], sectors=["education"])
    named = make_arrangement(plan=plan, levels=[])
    named.units.set([cast.county_unit])
    issue(plan)
    assert set(tasks_of(narrow)) == set(tasks_of(anywhere)) == {school.code}
    assert set(tasks_of(named)) == {"cac-changan"}


def test_a_plan_of_a_province_reaches_the_units_under_it_alone(cast):
    own = make_plan(edition=cast.edition, unit=cast.provincial_unit)
    one = make_arrangement(plan=own, levels=["province", "city", "county"])
    issue(own)
    assert set(tasks_of(one)) == {"cac-hebei", "cac-shijiazhuang", "cac-changan"}


def test_the_accountable_of_a_unit_are_accountable_for_its_tasks_and_told(cast, plan):
    cast.provincial_unit.accountable = cast.provincial
    cast.provincial_unit.save()
    one = make_arrangement(plan=plan)
    issue(plan)
    assert tasks_of(one)["cac-hebei"].accountable == cast.provincial
    assert [(notice.person, notice.kind) for notice in Notice.objects.all()] == [(cast.provincial, "assigned")]


def test_pressing_twice_is_one_issue_and_issuing_again_makes_nothing_twice(cast, plan):
    one = make_arrangement(plan=plan)
    first = begin_issue(plan=plan, by=None, now=timezone.now())
    assert begin_issue(plan=plan, by=None, now=timezone.now()) == first
    run_issue(first.pk)
    run_issue(first.pk)
    again = issue(plan)
    assert again.number == 2
    assert len(tasks_of(one)) == 2
    assert TaskEvent.objects.count() == 2


def test_a_task_waits_for_its_units_own_else_for_the_nearest_above_else_for_those_right_below(cast, plan):
    top = make_arrangement(plan=plan, levels=["nation"], begins=-40, due=-30)
    first = make_arrangement(plan=plan, levels=["province"], begins=-30, due=-20, after=[top])
    second = make_arrangement(plan=plan, levels=["province", "county"], begins=-20, due=-10, after=[first])
    report = make_arrangement(plan=plan, levels=["nation"], begins=-5, due=-1, after=[second])
    issue(plan)
    waits = {
        (d.task.arrangement_id, d.task.unit.code, d.after.arrangement_id, d.after.unit.code)
        for d in Dependency.objects.select_related("task__unit", "after__unit")
    }
    assert waits == {
        (first.pk, "cac-hebei", top.pk, "cac"),
        (first.pk, "cac-fujian", top.pk, "cac"),
        (second.pk, "cac-hebei", first.pk, "cac-hebei"),
        (second.pk, "cac-fujian", first.pk, "cac-fujian"),
        (second.pk, "cac-changan", first.pk, "cac-hebei"),
        (report.pk, "cac", second.pk, "cac-hebei"),
        (report.pk, "cac", second.pk, "cac-fujian"),
    }


def test_a_change_reaches_every_task_and_leaves_what_the_unit_wrote_itself(cast, plan):
    one = make_arrangement(plan=plan, begins=-30, due=-10)
    issue(plan)
    tasks = tasks_of(one)
    Task.objects.filter(pk=tasks["cac-hebei"].pk).update(title={"en": "Our own words"}, own=["title"])
    Arrangement.objects.filter(pk=one.pk).update(title={"en": "New words"}, due=-12)
    made = issue(plan, by=cast.national)
    after = tasks_of(one)
    assert str(after["cac-hebei"].title) == "Our own words"
    assert str(after["cac-fujian"].title) == "New words"
    assert {task.due for task in after.values()} == {cast.edition.starts - dt.timedelta(12)}
    assert {task.plan_revision for task in after.values()} == {2}
    assert {task.revision for task in after.values()} == {2}
    event = after["cac-hebei"].events.get(kind="plan-changed")
    assert event.before["due"] == str(cast.edition.starts - dt.timedelta(10))
    assert event.after == {"title": {"en": "New words"}, "due": str(cast.edition.starts - dt.timedelta(12))}
    assert made.counts["changed"] == 2
    told = Notice.objects.filter(kind="changed").values_list("person__username", flat=True)
    assert set(told) == {"provincial", "stranger"}


def test_a_date_of_the_plan_gives_way_to_one_of_the_unit_that_it_would_cross(cast, plan):
    one = make_arrangement(plan=plan, begins=-30, due=-20)
    issue(plan)
    Task.objects.filter(arrangement=one, unit=cast.provincial_unit).update(own=["due"])
    Arrangement.objects.filter(pk=one.pk).update(begins=-15, due=-10)
    issue(plan)
    task = tasks_of(one)["cac-hebei"]
    assert (task.begins, task.due) == (task.due, cast.edition.starts - dt.timedelta(20))


def test_withdrawing_drops_what_is_not_begun_with_the_reason_and_leaves_the_rest_to_its_unit(cast, plan):
    one = make_arrangement(plan=plan)
    issue(plan)
    Task.objects.filter(arrangement=one, unit=cast.provincial_unit).update(state="doing", progress=40)
    withdraw_arrangement(arrangement=one, because="Taken over by the ministry", by=cast.national)
    made = issue(plan)
    tasks = tasks_of(one)
    assert tasks["cac-fujian"].state == "dropped"
    assert tasks["cac-fujian"].events.get(kind="withdrawn").text == "Taken over by the ministry"
    assert tasks["cac-hebei"].state == "doing"
    assert "title" in tasks["cac-hebei"].own
    assert tasks["cac-hebei"].events.filter(kind="withdrawn").count() == 1
    assert (made.counts["dropped"], made.counts["kept"]) == (1, 1)
    issue(plan)
    assert tasks_of(one)["cac-hebei"].events.filter(kind="withdrawn").count() == 1
    restore_arrangement(arrangement=Arrangement.objects.get(pk=one.pk), by=None)
    issue(plan)
    assert tasks_of(one)["cac-fujian"].state == "todo"


def test_units_that_come_later_get_their_tasks_with_the_next_issue(cast, plan):
    one = make_arrangement(plan=plan)
    issue(plan)
    late = make_unit("late", region=make_region("450000", parent=cast.nation), parent=cast.national_unit)
    assert units_come_since(plan) == 1
    preview = preview_of(Plan.objects.get(pk=plan.pk))
    assert (preview.made, [line.arrangement for line in preview.came]) == (1, [one])
    made = issue(plan)
    assert made.counts["made"] == 1
    assert late.code in tasks_of(one)
    assert units_come_since(plan) == 0


def test_a_unit_that_moves_away_keeps_its_tasks_until_the_plan_is_issued_again(cast):
    own = make_plan(edition=cast.edition, unit=cast.provincial_unit)
    one = make_arrangement(plan=own, levels=["province", "city", "county"])
    issue(own)
    Task.objects.filter(arrangement=one, unit=cast.city_unit).update(state="doing")
    cast.city_unit.parent = cast.stranger_unit
    cast.city_unit.save()
    assert {task.state for task in tasks_of(one).values()} == {"todo", "doing"}
    preview = preview_of(Plan.objects.get(pk=own.pk))
    assert (preview.dropped, preview.kept) == (1, 1)
    issue(own)
    assert {code: task.state for code, task in tasks_of(one).items()} == {
        "cac-hebei": "todo", "cac-shijiazhuang": "doing", "cac-changan": "dropped",
    }  # fmt: skip


def test_an_edition_that_moves_takes_its_tasks_along(cast, plan):
    one = make_arrangement(plan=plan, begins=-5, due=0)
    issue(plan)
    rehearse_edition(edition=cast.edition, day=1, by=None, now=timezone.now())
    cast.edition.refresh_from_db()
    assert {task.due for task in tasks_of(one).values()} == {cast.edition.starts}
    assert preview_of(Plan.objects.get(pk=plan.pk)).moved == 0


def test_an_opening_that_was_set_anew_moves_the_tasks_with_the_next_issue(cast, plan):
    one = make_arrangement(plan=plan, due=0)
    issue(plan)
    type(cast.edition).objects.filter(pk=cast.edition.pk).update(starts=cast.edition.starts - dt.timedelta(3))
    assert preview_of(Plan.objects.get(pk=plan.pk)).moved == -3
    issue(Plan.objects.get(pk=plan.pk))
    assert {task.due for task in tasks_of(one).values()} == {cast.edition.starts - dt.timedelta(3)}


def test_what_the_plan_says_no_more_is_waited_for_no_more_and_what_a_unit_added_stays(cast, plan):
    one = make_arrangement(plan=plan, begins=-40, due=-30)
    other = make_arrangement(plan=plan, begins=-30, due=-20, after=[one])
    third = make_arrangement(plan=plan, begins=-30, due=-10)
    issue(plan)
    own = make_task(edition=cast.edition, unit=cast.provincial_unit)
    Dependency.objects.create(task=tasks_of(other)["cac-hebei"], after=own)
    other.after.set([])
    third.after.set([other])
    issue(plan)
    waits = set(Dependency.objects.values_list("task__arrangement", "task__unit__code", "after__arrangement"))
    assert waits == {
        (other.pk, "cac-hebei", None), (third.pk, "cac-hebei", other.pk), (third.pk, "cac-fujian", other.pk),
    }  # fmt: skip


def test_a_new_dependency_that_would_close_a_circle_with_a_units_own_is_left_out_there(cast, plan):
    one = make_arrangement(plan=plan)
    other = make_arrangement(plan=plan)
    issue(plan)
    Dependency.objects.create(task=tasks_of(one)["cac-hebei"], after=tasks_of(other)["cac-hebei"])
    other.after.set([one])
    issue(plan)
    waits = set(Dependency.objects.values_list("task__arrangement", "task__unit__code"))
    assert waits == {(one.pk, "cac-hebei"), (other.pk, "cac-fujian")}


def test_circles_nobody_and_what_is_due_too_early_are_refused_by_name(cast, plan):
    one = make_arrangement(plan=plan, code="A1", due=-5)
    other = make_arrangement(plan=plan, code="A2", due=-8, after=[one], levels=[])
    one.after.set([other])
    with pytest.raises(PlanRefused) as refused:
        begin_issue(plan=plan, by=None, now=timezone.now())
    said = " ".join(text for texts in refused.value.faults.values() for text in texts)
    assert "→" in said
    assert "falls to nobody" in said
    assert "due before A1" in said
    assert not Issue.objects.exists()


def test_an_empty_plan_is_not_issued(plan):
    with pytest.raises(PlanRefused):
        begin_issue(plan=plan, by=None, now=timezone.now())


def test_what_is_edited_while_an_issue_runs_waits_for_the_next(cast, plan):
    one = make_arrangement(plan=plan)
    begun = begin_issue(plan=plan, by=None, now=timezone.now())
    Arrangement.objects.filter(pk=one.pk).update(title={"en": "Too late"})
    run_issue(begun.pk)
    assert all(task.title == one.title for task in tasks_of(one).values())


def test_the_job_goes_on_with_what_was_left_alone(cast, plan):
    one = make_arrangement(plan=plan)
    begun = begin_issue(plan=plan, by=None, now=timezone.now() - dt.timedelta(minutes=5))
    resume_issues(int(timezone.now().timestamp()))
    begun.refresh_from_db()
    assert begun.state == "done"
    assert len(tasks_of(one)) == 2


# -- Workers that die, on connections of their own: what is made here is committed and taken away by hand --

EVERYTHING = (
    Notice, TaskEvent, Dependency, Task, Issue, Arrangement.after.through, Arrangement.units.through, Arrangement, Plan,
    AuditEvent, ThemeDay, Edition, Post, Unit, Region, User,
)  # fmt: skip


@pytest.fixture
def committed(django_db_setup, django_db_blocker, monkeypatch):
    """An issue of two arrangements, one waiting for the other, to six units; two units a batch."""
    monkeypatch.setattr(issuing, "BATCH", 2)
    with django_db_blocker.unblock():
        nation = make_region("CN", level="nation")
        top = make_unit("top", region=nation)
        for n in range(5):
            make_unit(f"unit-of-province-{n}", region=make_region(f"{n + 11}0000", parent=nation), parent=top)
        plan = make_plan(edition=make_edition(owner=top), unit=top)
        first = make_arrangement(plan=plan, levels=["nation", "province"])
        make_arrangement(plan=plan, levels=["nation", "province"], after=[first])
        yield begin_issue(plan=plan, by=None, now=timezone.now())
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE kernel_auditevent DISABLE TRIGGER audit_append_only")
            for model in EVERYTHING:
                cursor.execute(f"DELETE FROM {model._meta.db_table}")
            cursor.execute("ALTER TABLE kernel_auditevent ENABLE TRIGGER audit_append_only")
        connection.close()


def kill_in_batch(number: int, monkeypatch) -> None:
    """The worker's connection is cut in that batch, after its statements and before their commit."""
    real, calls = issuing._do, []

    def killed(step, issue, units):
        found = real(step, issue, units)
        calls.append(step)
        if len(calls) == number:
            wanted = connection.get_connection_params()
            with psycopg.connect(
                **{name: wanted[name] for name in ("dbname", "user", "password", "host", "port") if wanted.get(name)}
            ) as other:
                other.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
        return found

    monkeypatch.setattr(issuing, "_do", killed)
    with pytest.raises(OperationalError):
        run_issue(Issue.objects.get().pk)
    connection.close()
    monkeypatch.setattr(issuing, "_do", real)


def everything_is_there_once() -> bool:
    done = Issue.objects.get()
    counted = (Task.objects.count(), TaskEvent.objects.count(), Dependency.objects.count())
    return (done.state, done.counts["made"], done.done, counted) == ("done", 12, done.total, (12, 12, 6))


@pytest.mark.parametrize("number", [1, 2, 3, 5, 6])
def test_a_worker_killed_in_the_middle_leaves_no_task_double_and_none_missing(committed, monkeypatch, number):
    kill_in_batch(number, monkeypatch)
    assert Issue.objects.get().state != "done"
    run_issue(committed.pk)
    assert everything_is_there_once()


def test_two_workers_at_the_same_issue_take_turns(committed):
    def work(_n):
        try:
            run_issue(committed.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))
    assert everything_is_there_once()
