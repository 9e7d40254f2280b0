"""Who may do what with plans, and with tasks: the unit works on one, and who gave it may take it back."""

from __future__ import annotations

from cyberweek.editions.enums import Stage
from cyberweek.editions.models import Edition
from cyberweek.planning.models import Task
from cyberweek.regions.models import Unit
from cyberweek.regions.queries import Scope


def may_write_plan(scope: Scope, unit: Unit, edition: Edition) -> bool:
    """True for coordinators of the unit and of those above it, until the edition is closed."""
    return bool(scope.coordinating & set(unit.ancestry)) and takes_plans(edition)


def takes_plans(edition: Edition) -> bool:
    """False once an edition is closed."""
    return edition.stage not in {Stage.CLOSED, Stage.ARCHIVED}


def takes_work(edition: Edition) -> bool:
    """False once an edition is put away; what is owed after the Week is still done while it is closed."""
    return edition.stage != Stage.ARCHIVED


def may_work_on(scope: Scope, task: Task) -> bool:
    """Report, edit, comment, give evidence: whoever enters things for the unit or one above it."""
    return bool(scope.editing & set(task.unit.ancestry)) and takes_work(task.edition)


def may_comment(scope: Scope, task: Task) -> bool:
    """Whoever sees a task may say something of it: units of a region coordinate with each other."""
    return bool(scope.units) and takes_work(task.edition)


def may_break_down(scope: Scope, task: Task) -> bool:
    """Coordinators of the unit or above it, while it is open."""
    return bool(scope.coordinating & set(task.unit.ancestry)) and takes_work(task.edition) and task.state != "dropped"


def may_remind(scope: Scope, task: Task) -> bool:
    return bool(scope.coordinating & set(task.unit.ancestry)) and takes_work(task.edition)


def giver_of(task: Task) -> Unit:
    """Whose word the task is: the unit that broke it down, the unit of the plan, or the task's own."""
    if task.parent:
        return task.parent.unit
    return task.arrangement.plan.unit if task.arrangement else task.unit


def may_drop(scope: Scope, task: Task) -> bool:
    """Take it off the list for good: coordinators of who gave it, or above."""
    return bool(scope.coordinating & set(giver_of(task).ancestry)) and takes_work(task.edition)
