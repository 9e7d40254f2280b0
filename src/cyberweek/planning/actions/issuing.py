"""A plan goes down to its units: once as a whole, later what has changed since.

One press makes an `Issue` and freezes in each arrangement what is issued; a job then works it off in four steps, each
in batches of units, each batch in one transaction that ends by moving the cursor. Every statement adds or changes only
what is not yet as it should be. So a worker that is killed leaves nothing half done, another goes on at the cursor,
and two at once take turns on the row's lock.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from django.db import DatabaseError, OperationalError, connection, transaction
from django.utils import timezone

from cyberweek.editions.models import Edition
from cyberweek.editions.queries import today_in
from cyberweek.kernel.actions import record
from cyberweek.planning.core import statements as _sql
from cyberweek.planning.core.changes import NEW, SAME, TAKEN, kind_of, told_to_tasks
from cyberweek.planning.enums import IssueState, PlanState
from cyberweek.planning.models import Arrangement, Issue, Plan
from cyberweek.planning.queries.plans import arrangements_of, faults_of, values_of
from cyberweek.regions.models import Unit

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

BATCH: Final = 250
"""Units a transaction: some 15,000 tasks of a large plan, a second or two."""

STEPS: Final = ("make", "follow", "take-back", "link")
_ONLY_ONCE_ISSUED: Final = ("follow", "take-back")


class PlanRefused(Exception):  # noqa: N818 -- reads as the sentence it makes
    """The plan cannot be issued as it stands; `faults` says of each arrangement (its number; "" the plan) why."""

    def __init__(self, faults: dict[str, list[str]]) -> None:
        super().__init__("; ".join(f"{code}: {' '.join(texts)}" for code, texts in faults.items()))
        self.faults = faults


@transaction.atomic
def begin_issue(*, plan: Plan, by: User | None, now: dt.datetime) -> Issue:
    """Freeze what the plan says now and make the issue that brings it to the units; `run_issue` works it off.

    While one is under way a second press gives that one, and sets one that broke off going again. Raises PlanRefused.
    """
    plan = Plan.objects.select_for_update(of=("self",)).select_related("edition", "unit").get(pk=plan.pk)
    if under_way := plan.issues.filter(finished=None).first():
        if under_way.state == IssueState.FAILED:
            plan.issues.filter(pk=under_way.pk).update(state=IssueState.WAITING, fault="", touched=now)
            under_way.refresh_from_db()
        return under_way
    arrangements = list(arrangements_of(plan))
    if faults := faults_of(plan, arrangements):
        raise PlanRefused(faults)
    number = plan.revision + 1
    changed = _freeze(plan, arrangements, number=number)
    opening = plan.edition.starts
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.ISSUED, revision=number, issued_at=now, opening=opening)
    steps = len(STEPS) if number > 1 else len(STEPS) - len(_ONLY_ONCE_ISSUED)
    issue = Issue.objects.create(
        plan=plan, number=number, by=by, at=now, touched=now, total=Unit.objects.count() * steps, changed=changed,
        counts={"made": 0, "changed": 0, "dropped": 0, "kept": 0},
    )  # fmt: skip
    record(
        actor=by, verb="plan.issue", thing=plan, unit=plan.unit_id,
        before={"revision": plan.revision}, after={"revision": number, "arrangements": len(changed)},
    )  # fmt: skip
    return issue


def _freeze(plan: Plan, arrangements: list[Arrangement], *, number: int) -> dict[str, Any]:
    """Write into each arrangement what is issued of it; gives what the tasks of each have to be told."""
    changed = {}
    opens = plan.edition.starts
    rows = []
    for one in arrangements:
        values = values_of(one)
        told = told_to_tasks(one.issued, values, opened=plan.opening or opens, opens=opens)
        kind = kind_of(one.issued, values)
        if kind == NEW:
            one.revision = number
        elif one.issued and told["after"]:
            one.revision = number
            changed[str(one.pk)] = told
        elif kind == SAME:
            continue
        one.issued = values
        rows.append(one)
    Arrangement.objects.bulk_update(rows, ["revision", "issued"])
    return changed


def run_issue(pk: int) -> None:
    """Work an issue off to its end, from where it is. Ends quietly where there is nothing (more) to do.

    Raises what the database raises; an error of the data is kept in the issue, which is then broken off until somebody
    presses again, while a database that is away leaves it to be resumed.
    """
    try:
        while _batch(pk):
            pass
    except OperationalError:
        raise
    except DatabaseError as error:
        Issue.objects.filter(pk=pk, finished=None).update(state=IssueState.FAILED, fault=str(error)[:500])
        raise


@transaction.atomic
def _batch(pk: int) -> bool:
    """One batch of one step; False when the issue is through."""
    issue = Issue.objects.select_for_update(of=("self",)).select_related("plan__edition", "plan__unit").get(pk=pk)
    if issue.finished:
        return False
    step = STEPS[issue.step]
    units = list(Unit.objects.filter(pk__gt=issue.cursor).order_by("pk").values_list("pk", flat=True)[:BATCH])
    if units:
        for name, n in _do(step, issue, units).items():
            issue.counts[name] += n
        issue.cursor = units[-1]
        issue.done += len(units)
    if len(units) < BATCH:
        issue.step, issue.cursor = _next_step(issue), 0
        if STEPS[issue.step :] == ("link",) and issue.counts["made"]:
            with connection.cursor() as cursor:
                cursor.execute(_sql.KNOW_TASKS)
    issue.state, issue.touched = IssueState.RUNNING, timezone.now()
    if issue.step == len(STEPS):
        issue.step -= 1
        issue.state, issue.finished, issue.done = IssueState.DONE, issue.touched, issue.total
    issue.save(update_fields=["step", "cursor", "done", "state", "touched", "finished", "counts"])
    return issue.finished is None


def _next_step(issue: Issue) -> int:
    """The step after this one; what a first issue has no use for is passed over."""
    following = issue.step + 1
    while issue.number == 1 and following < len(STEPS) and STEPS[following] in _ONLY_ONCE_ISSUED:
        following += 1
    return following


def _do(step: str, issue: Issue, units: list[int]) -> dict[str, int]:
    """Do the step for these units; gives how many tasks it made, changed, dropped and kept."""
    plan = issue.plan
    values = {
        "plan": plan.pk, "above": plan.unit_id, "edition": plan.edition_id, "opening": plan.edition.starts,
        "units": units, "number": issue.number, "at": issue.at, "by": issue.by_id, "issue": issue.pk,
        "day": today_in(plan.edition, now=issue.at), "taken": list(TAKEN),
    }  # fmt: skip
    if step == "make":
        revived = _count(_sql.REVIVE, values) if issue.number > 1 else 0
        return {"made": _count(_sql.MAKE, values) + revived}
    if step == "follow":
        return {"changed": _count(_sql.FOLLOW, values)}
    if step == "take-back":
        return {"dropped": _count(_sql.DROP, values), "kept": _count(_sql.KEEP, values)}
    _link(issue, values)
    return {}


def _link(issue: Issue, values: dict[str, Any]) -> None:
    """Let the tasks wait for those that the plan says, and no more for those that it said before."""
    pairs = issue.changed.items()
    fresh = [(int(a), b) for a, told in pairs for b in _more(told, "after", "before")]
    stale = [(int(a), b) for a, told in pairs for b in _more(told, "before", "after")]
    values |= {"fresh": [f"{a}>{b}" for a, b in fresh], "stale": [f"{a}>{b}" for a, b in stale]}
    if stale:
        _count(_sql.UNLINK, values)
    _count(_sql.LINK_NEW if issue.number == 1 else _sql.LINK_MORE, values)


def _more(told: dict[str, dict[str, Any]], one: str, other: str) -> list[int]:
    """The arrangements waited for on one side of a change and not on the other."""
    return sorted(set(told[one].get("after") or []) - set(told[other].get("after") or []))


def _count(sql: str, values: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        (n,) = cursor.fetchone()
    return int(n)


def move_tasks(*, edition: Edition, delta: dt.timedelta) -> None:
    """Move all tasks of an edition in time, with what its plans know as the opening. Called where the edition is moved."""
    with connection.cursor() as cursor:
        cursor.execute(_sql.MOVE_TASKS, {"edition": edition.pk, "days": delta.days})
        cursor.execute(_sql.MOVE_PLANS, {"edition": edition.pk, "days": delta.days})
