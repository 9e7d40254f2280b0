"""The plan, its tasks, and how far they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from cyberweek.editions.models import Edition
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.nation.core.course import Course
from cyberweek.nation.core.plan import Arrangement as Wanted
from cyberweek.planning.actions import begin_issue, create_plan, run_issue
from cyberweek.planning.enums import EventKind, PlanState, TaskState
from cyberweek.planning.models import Arrangement, Dependency, Issue, Plan, Task, TaskEvent
from cyberweek.planning.queries.plans import arrangements_of, values_of
from cyberweek.regions.models import Unit

from .copying import analyze, copy_rows, next_keys, text_of

BLOCKERS: Final = (
    "场地尚未批复 / the venue is not approved yet", "等待会签 / waits for a co-signature",
    "经费未到位 / the money is not there yet", "物资供应商未定 / no supplier yet",
)  # fmt: skip
_TOLD_ON: Final = (-45, -35, -25, -18, -12, -8, -4, -1)  # days from the opening on which units report how far they are

_STATES: Final = """
UPDATE planning_task t SET state = n.state, progress = n.progress, blocker = n.blocker, done_at = n.done_at,
    changed = n.changed
FROM nation_state n WHERE t.arrangement_id = n.arrangement AND t.unit_id = n.unit AND t.parent_id IS NULL
    AND t.edition_id = %(edition)s
"""


def lay_down_plan(*, edition: Edition, wanted: Sequence[Wanted]) -> Plan:
    """The unified plan of the edition, not yet issued."""
    title = LocalizedText(
        {"zh-Hans": f"{edition.title.get('zh-Hans', '')}统一方案", "en": f"Unified plan: {edition.title.get('en', '')}"}
    )
    preface = LocalizedText({"zh-Hans": "模拟数据。", "en": "Simulated."})
    plan = create_plan(edition=edition, unit=edition.owner, title=title, preface=preface, by=None)
    plan.arrangements.all().delete()
    days = {day.number: day.pk for day in edition.theme_days.all()}
    rows = Arrangement.objects.bulk_create(
        Arrangement(
            plan=plan, code=one.code, title=LocalizedText(one.title), what=LocalizedText(one.what),
            deliverables=LocalizedText(one.hands_in), begins=one.begins, due=one.due, levels=list(one.levels),
            theme_day_id=days.get(one.theme_day), is_milestone=one.is_milestone, needs_evidence=one.needs_evidence,
        )
        for one in wanted
    )  # fmt: skip
    through = Arrangement.after.through
    through.objects.bulk_create(
        through(from_arrangement_id=row.pk, to_arrangement_id=rows[before].pk)
        for row, one in zip(rows, wanted, strict=True)
        for before in one.after
    )
    return plan


def issue_plan(*, plan: Plan, now: dt.datetime) -> Issue:
    """Issue the plan to all units, as a press of the button does."""
    issue = begin_issue(plan=plan, by=None, now=now)
    run_issue(issue.pk)
    analyze(Task, TaskEvent, Dependency)
    issue.refresh_from_db()
    return issue


def live(*, edition: Edition, plan: Plan, units: Sequence[Unit], course: Course, today: int) -> None:
    """Let time pass over the tasks until `today` (days from the opening), and write what was reported on the way."""
    codes = list(Arrangement.objects.filter(plan=plan).order_by("code").values_list("pk", flat=True))
    share = np.round(100 * course.share_on(today)).astype(int)
    blocked = course.blocked_on(today)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE nation_state (arrangement bigint, unit bigint, state varchar(10), progress smallint,"
            " blocker varchar(500), done_at timestamptz, changed timestamptz) ON COMMIT DROP"
        )
        with cursor.copy("COPY nation_state FROM STDIN") as copy:
            for at, arrangement in enumerate(codes):
                for place, unit in enumerate(units):
                    if row := _state(
                        course,
                        at,
                        place,
                        int(share[at, place]),
                        today,
                        edition,
                        blocked=bool(blocked[at, place]),
                    ):
                        copy.write_row((arrangement, unit.pk, *row))
        cursor.execute("ANALYZE nation_state")
        cursor.execute(_STATES, {"edition": edition.pk})
        cursor.execute("DROP TABLE nation_state")
    keys = _keys(edition, codes, units)
    copy_rows(TaskEvent, _EVENT, _events(keys, course, units, today=today, edition=edition))
    analyze(Task, TaskEvent)


def _state(
    course: Course, at: int, place: int, share: int, today: int, edition: Edition, *, blocked: bool
) -> tuple[Any, ...] | None:
    """State, progress, blocker, done at, changed at; None where nobody has begun."""
    if course.ends[at, place] <= today:
        done = _moment(edition, float(course.ends[at, place]))
        return TaskState.DONE.value, 100, "", done, done
    if course.begins[at, place] > today:
        return None
    changed = _moment(edition, float(max(course.begins[at, place], today - 1 - place % 9)))
    if blocked:
        return TaskState.BLOCKED.value, share, BLOCKERS[(at + place) % len(BLOCKERS)], None, changed
    return (TaskState.DOING.value, share, "", None, changed) if share else None


_EVENT: Final = ("task_id", "kind", "at", "by_id", "text", "progress", "before", "after")


def _keys(edition: Edition, codes: Sequence[int], units: Sequence[Unit]) -> NDArray[np.int64]:
    """The tasks' keys, arrangement × unit; 0 where there is none."""
    row = {pk: at for at, pk in enumerate(codes)}
    column = {unit.pk: at for at, unit in enumerate(units)}
    keys = np.zeros((len(codes), len(units)), dtype=np.int64)
    found = Task.objects.filter(edition=edition, parent=None, arrangement__in=codes).order_by()
    for pk, arrangement, unit in found.values_list("pk", "arrangement_id", "unit_id").iterator(chunk_size=10_000):
        keys[row[arrangement], column[unit]] = pk
    return keys


def _events(
    keys: NDArray[np.int64], course: Course, units: Sequence[Unit], *, today: float, edition: Edition
) -> Iterator[tuple[Any, ...]]:
    """What was reported on some days, told when it had grown; that something holds it up; and the end."""
    told = np.zeros(keys.shape)
    held = np.zeros(keys.shape, dtype=bool)
    people = [unit.accountable_id for unit in units]
    doing, blocked = text_of({"state": "doing"}), text_of({"state": "blocked"})
    for day in (day for day in _TOLD_ON if day <= today):
        share, stuck = course.share_on(day), course.blocked_on(day)
        going = (course.begins < day) & (course.ends > day) & (keys > 0) & ~course.silent
        news = going & ((share > told) | (stuck != held))
        moment = _moment(edition, day + 0.42)
        for at, place in np.argwhere(news).tolist():
            change = blocked if stuck[at, place] else doing
            progress = round(100 * float(share[at, place]))
            yield int(keys[at, place]), EventKind.PROGRESS.value, moment, people[place], "", progress, "{}", change
        told, held = np.where(news, share, told), np.where(news, stuck, held)
    done = text_of({"state": "done"})
    for at, place in np.argwhere((course.ends <= today) & (keys > 0)).tolist():
        moment = _moment(edition, float(course.ends[at, place]))
        yield int(keys[at, place]), EventKind.PROGRESS.value, moment, people[place], "", 100, doing, done


def _moment(edition: Edition, day: float) -> dt.datetime:
    """A moment so many days from the midnight with which the edition opens."""
    return dt.datetime.combine(edition.starts, dt.time(), edition.tz) + dt.timedelta(days=day)


_TASK: Final = (
    "id", "edition_id", "unit_id", "arrangement_id", "parent_id", "title", "what", "deliverables", "begins", "due",
    "theme_day_id", "is_milestone", "needs_evidence", "state", "progress", "blocker", "accountable_id", "own", "revision",
    "plan_revision", "done_at", "created", "changed",
)  # fmt: skip


def break_down(*, edition: Edition, plan: Plan, units: Sequence[Unit], count: int, today: int, now: dt.datetime) -> int:
    """Parts of tasks: what offices have broken down for the units right under them; gives how many were made."""
    place = {unit.pk: unit for unit in units}
    under = [unit for unit in units if unit.parent_id in place]
    if count <= 0 or not under:
        return 0
    open_ones = Task.objects.filter(
        edition=edition, arrangement__plan=plan, parent=None, unit__in={u.parent_id for u in under}
    )
    parents: dict[int | None, list[Task]] = {}
    for task in open_ones.order_by("pk").iterator(chunk_size=5000):
        parents.setdefault(task.unit_id, []).append(task)
    pairs = []
    for n in range(count):
        unit = under[n % len(under)]
        mine = parents.get(unit.parent_id)
        if mine:
            pairs.append((unit, mine[(n // len(under) * 7 + n % len(under)) % len(mine)]))
    keys = next_keys(Task, len(pairs))
    share = (np.random.default_rng([edition.seed, 6]).random(len(pairs)) * 90).astype(int)
    rows: list[tuple[Any, ...]] = []
    for key, (unit, task), part in zip(keys, pairs, share.tolist(), strict=True):
        over = (task.due - edition.starts).days < today
        progress = 100 if over and part > 10 else part // 10 * 10 if (task.begins - edition.starts).days < today else 0
        state = TaskState.DONE if progress == 100 else TaskState.DOING if progress else TaskState.TODO
        done = _moment(edition, (task.due - edition.starts).days - 0.5) if progress == 100 else None
        title = {"zh-Hans": f"{task.title.get('zh-Hans', '')}（本级）", "en": f"{task.title.get('en', '')} (our part)"}
        rows.append(
            (key, edition.pk, unit.pk, None, task.pk, text_of(title), "{}", "{}", task.begins, task.due, task.theme_day_id,
             False, False, state.value, progress, "", unit.accountable_id, [], 1, 0, done, now, now)
        )  # fmt: skip
    copy_rows(Task, _TASK, rows)
    copy_rows(
        TaskEvent, _EVENT,
        ((key, EventKind.CREATED.value, now, unit.accountable_id, "", 0, "{}", "{}") for key, (unit, _) in zip(keys, pairs, strict=True)),
    )  # fmt: skip
    analyze(Task)
    return len(rows)


def load_past_tasks(*, edition: Edition, wanted: Sequence[Wanted], units: Sequence[Unit], course: Course) -> int:
    """A year that is over: a plan and its tasks, all done when they were, with what was reported on the way.

    The course is that of `wanted`.
    """
    plan = lay_down_plan(edition=edition, wanted=wanted)
    issued = _moment(edition, min(one.begins for one in wanted) - 5)
    arrangements = list(arrangements_of(plan).order_by("code"))
    for one in arrangements:
        one.issued = values_of(one)
    Arrangement.objects.bulk_update(arrangements, ["issued"])
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.ISSUED, revision=1, issued_at=issued, opening=edition.starts)
    falls = np.array([[unit.level in one.levels for unit in units] for one in wanted])
    keys = np.zeros(falls.shape, dtype=np.int64)
    keys[falls] = next_keys(Task, int(falls.sum()))
    copy_rows(Task, _TASK, _past(keys, arrangements, units, course, edition, issued))
    copy_rows(
        Dependency, ("task_id", "after_id"),
        (
            (int(keys[at, place]), int(keys[before, place]))
            for at, one in enumerate(wanted) for before in one.after for place in range(len(units))
            if keys[at, place] and keys[before, place]
        ),
    )  # fmt: skip
    copy_rows(TaskEvent, _EVENT, _events(keys, course, units, today=np.inf, edition=edition))
    return int(falls.sum())


def _past(
    keys: NDArray[np.int64], arrangements: Sequence[Arrangement], units: Sequence[Unit], course: Course,
    edition: Edition, issued: dt.datetime,
) -> Iterator[tuple[Any, ...]]:  # fmt: skip
    for at, one in enumerate(arrangements):
        words = text_of(dict(one.title)), text_of(dict(one.what)), text_of(dict(one.deliverables))
        begins, due = (edition.starts + dt.timedelta(days=day) for day in (one.begins, one.due))
        for place, unit in enumerate(units):
            if key := int(keys[at, place]):
                done = _moment(edition, float(course.ends[at, place]))
                yield (
                    key, edition.pk, unit.pk, one.pk, None, *words, begins, due, one.theme_day_id, one.is_milestone,
                    one.needs_evidence, TaskState.DONE.value, 100, "", None, [], 1, 1, done, issued, done,
                )  # fmt: skip
