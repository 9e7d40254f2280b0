"""Why a row is not sure, in words; and its cells. Tasks are read as they are now, the figures as they were foretold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cyberweek.kernel.templatetags.look import day_short
from cyberweek.planning.enums import TaskState
from cyberweek.planning.models import Arrangement, Task
from cyberweek.readiness.core.totals import BLOCKED, DONE, DUE_SOON, OVERDUE, PROGRESS, TASKS
from cyberweek.readiness.models import ForecastRow
from cyberweek.regions.models import Unit


@dataclass(frozen=True)
class Cell:
    """One arrangement of one row. `state`: done, late, due, doing, todo or "" (none)."""

    arrangement: Arrangement
    state: str = ""
    text: str = ""
    said: str = ""


@dataclass(frozen=True)
class Reason:
    """A task, unit or arrangement that holds a row up: its name, what is the matter, and by how many points."""

    name: Any
    text: str
    points: int = 0
    task: Task | None = None
    unit: Unit | None = None


@dataclass(frozen=True)
class Line:
    """A row of the matrix ready to be shown."""

    row: ForecastRow
    name: Any
    cells: list[Cell]
    short: str
    reasons: list[Reason]
    turn: str

    @property
    def percent(self) -> int:
        """Never 100 of what is not all done, never 0 of what may still be."""
        return percent(self.row.chance)

    @property
    def most(self) -> int:
        """Of a region: the chance that nine in ten of its units are ready."""
        return percent(self.row.most or 0)

    @property
    def moved(self) -> int:
        """By how many points it has moved since the forecast before."""
        return 0 if self.row.before is None else self.percent - percent(self.row.before)


def percent(chance: float) -> int:
    """Hundredths, with 0 and 100 kept for the certain."""
    whole = round(100 * chance)
    return min(99, max(1, whole)) if 0 < chance < 1 else whole


def ids_named(rows: Iterable[ForecastRow]) -> tuple[set[int], set[int], set[int]]:
    """The tasks, units and arrangements that the rows' causes name."""
    tasks: set[int] = set()
    units: set[int] = set()
    arrangements: set[int] = set()
    for row in rows:
        tasks |= {one[0] for one in row.why.get("causes", ())} | set(row.why.get("turn", ()) if row.unit_id else ())
        units |= {one[0] for one in row.why.get("units", ())}
        arrangements |= {one[0] for one in row.why.get("arrangements", ())}
    return tasks, units, arrangements


@dataclass(frozen=True)
class Named:
    """What the causes name: tasks, units that may be seen, and arrangements, by id."""

    tasks: Mapping[int, Task]
    units: Mapping[int, Unit]
    arrangements: Mapping[int, Arrangement]


def line_of(row: ForecastRow, columns: Sequence[Arrangement], named: Named, today: dt.date) -> Line:
    reasons = _of_unit(row, named, today) if row.unit_id else _of_region(row, named)
    short = _short(row, reasons, named)
    cells = [_cell(row, one) for one in columns]
    return Line(row, row.subject.name, cells, short, reasons, _turn(row, named))


def _cell(row: ForecastRow, arrangement: Arrangement) -> Cell:
    counts = row.cells.get(str(arrangement.pk))
    if not counts:
        return Cell(arrangement, said=_("not asked of it"))
    tasks, done, late, soon = counts[TASKS], counts[DONE], counts[OVERDUE], counts[DUE_SOON]
    mean = round(counts[PROGRESS] / tasks)
    if tasks > 1:
        said = _("%(done)d of %(tasks)d done") % {"done": done, "tasks": tasks}
    else:
        said = _("%(percent)d%% done") % {"percent": mean}
    if late:
        overdue = ngettext("%(n)d overdue", "%(n)d overdue", late) % {"n": late}
        return Cell(arrangement, "late", str(late) if tasks > 1 else "", f"{said}, {overdue}")
    if soon:
        due = ngettext("%(n)d due within two days", "%(n)d due within two days", soon) % {"n": soon}
        return Cell(arrangement, "due", str(soon) if tasks > 1 else f"{mean}%", f"{said}, {due}")
    if done == tasks:
        return Cell(arrangement, "done", "", said)
    if counts[BLOCKED] and not mean:
        return Cell(arrangement, "doing", "", said)
    return Cell(arrangement, "doing" if mean else "todo", f"{mean}%" if mean else "", said)


def state_in_words(task: Task, today: dt.date) -> str:
    """What is the matter with a task: blocked by what, overdue by how much, or how far and when due."""
    if task.state == TaskState.DONE:
        return _("done since this forecast")
    if task.state == TaskState.DROPPED:
        return _("dropped since this forecast")
    if task.state == TaskState.BLOCKED:
        return _("blocked: %(what)s") % {"what": task.blocker}
    late = (today - task.due).days
    if late > 0:
        text = ngettext("%(n)d day overdue, %(percent)d%% done", "%(n)d days overdue, %(percent)d%% done", late)
        return text % {"n": late, "percent": task.progress}
    if not task.progress:
        return _("not begun, due %(day)s") % {"day": day_short(task.due)}
    return _("%(percent)d%% done, due %(day)s") % {"percent": task.progress, "day": day_short(task.due)}


def _of_unit(row: ForecastRow, named: Named, today: dt.date) -> list[Reason]:
    found = []
    for key, _chance, gain in row.why.get("causes", ()):
        if not (task := named.tasks.get(key)):
            continue
        text = state_in_words(task, today)
        if task.unit_id != row.unit_id:
            text = _("waits for %(unit)s: %(state)s") % {"unit": task.unit, "state": text}
        found.append(Reason(task.title, text, round(100 * gain), task=task))
    return found


def _of_region(row: ForecastRow, named: Named) -> list[Reason]:
    found = []
    for key, n in row.why.get("arrangements", ()):
        if one := named.arrangements.get(key):
            tasks = max(1, round(n))
            text = ngettext("%(n)d task is expected late", "%(n)d tasks are expected late", tasks) % {"n": tasks}
            found.append(Reason(one.title, text))
    for key, chance, turned in row.why.get("units", ()):
        if unit := named.units.get(key):
            text = _("%(now)d%%; %(then)d%% once what holds it up is settled") % {
                "now": percent(chance),
                "then": percent(turned),
            }
            found.append(Reason(unit.name, text, unit=unit))
    return found


def _short(row: ForecastRow, reasons: Sequence[Reason], named: Named) -> str:
    """The gravest in a few words, for the last column."""
    if row.standing == "sure" or not reasons:
        return ""
    if row.unit_id:
        return _("%(task)s: %(state)s") % {"task": reasons[0].name, "state": reasons[0].text}
    units = row.units - row.sure
    text = ngettext("%(n)d unit is not sure", "%(n)d units are not sure", units) % {"n": units}
    if row.why.get("arrangements") and row.why["arrangements"][0][0] in named.arrangements:
        what = named.arrangements[row.why["arrangements"][0][0]].title
        return _("%(units)s; most often %(what)s") % {"units": text, "what": what}
    return text


def _turn(row: ForecastRow, named: Named) -> str:
    """What would turn it: one sentence."""
    why = row.why
    if not why.get("turn"):
        return ""
    if row.unit_id is None:
        text = ngettext(
            "If %(n)d unit settles what is named with it, %(percent)d%% of the units are expected to be ready.",
            "If %(n)d units settle what is named with them, %(percent)d%% of the units are expected to be ready.",
            why["turn"],
        )
        return text % {"n": why["turn"], "percent": percent(why["turned"])}
    names = _(", ").join(str(named.tasks[key].title) for key in why["turn"] if key in named.tasks)
    if why["turns"]:
        text = _("Settled today: %(names)s. The chance then returns to %(percent)d%%, on course.")
    else:
        text = _("Even settled today, %(names)s leave a chance of %(percent)d%%: dates must move, or help must come.")
    return text % {"names": names, "percent": percent(why["turned"])}
