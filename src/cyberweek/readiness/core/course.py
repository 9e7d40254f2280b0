"""Tasks as arrays, what is believed of each, and when each is finished in each run of a simulation.

Days are counted from the moment of the forecast: 0 is now, 3.5 the noon after three days. The end of a task is

    F = begins + T, given that T is longer than what has passed already
    F = max(F, end of a predecessor + the part of T that the plan left after that predecessor)

with T drawn from `punctuality`, one shock for the nation and one for each unit a run, so that a unit's tasks are late
together. A blocked task waits first. The part after a predecessor: the plan itself says how far two tasks overlap, so a
task that was to begin after the other was due needs all of its time, one that was to end with it needs none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from cyberweek.planning.core.network import in_order
from cyberweek.readiness.core.chance import TO_SCALE, Flags, Floats, Ints, logistics, uniforms
from cyberweek.readiness.core.punctuality import LEAST_DAYS, Punctuality

_REST, _UNIT, _YEAR, _WAIT = range(4)  # streams of random numbers
_MOST: Final = np.float32(1e4)  # days


@dataclass(frozen=True)
class Tasks:
    """What stands open, one a place, ordered by unit. `edges`: (task, comes after) by place, both open.

    `share`: what it last said of itself, `age` days ago. `counts`: must stand by the opening. `cell`: level/sector of its
    unit.
    """

    key: Ints
    unit: Ints
    cell: list[str]
    begins: Floats
    due: Floats
    share: Floats
    age: Floats
    blocked: Flags
    counts: Flags
    edges: Ints  # shape (m, 2)

    def __len__(self) -> int:
        return len(self.key)

    @property
    def planned(self) -> Floats:
        """Days that the plan gives, both ends counted."""
        found: Floats = np.maximum(self.due - self.begins + 1, 1).astype(np.float32)
        return found


@dataclass(frozen=True)
class Outlook:
    """What is believed of each task: log T is logistic around `middle` + `leans`·(shocks of nation and unit)."""

    origin: Floats
    passed: Floats
    middle: Floats
    leans: Floats
    scale: Floats
    unit_sd: Floats
    year_sd: float
    wait_days: float
    wait_sd: float


def outlook(tasks: Tasks, known: Punctuality) -> Outlook:
    """Beliefs from past punctuality, joined with what each task reports by their precisions."""
    unknown = (0.0, known.unit_sd)
    units, at = np.unique(tasks.unit, return_inverse=True)
    of_unit = np.array([known.units.get(int(unit), unknown) for unit in units]).reshape(-1, 2)[at]
    cells, where = np.unique(np.array(tasks.cell, dtype=str), return_inverse=True)
    prior = known.mean + np.array([known.cells.get(str(cell), 0.0) for cell in cells] or [0.0])[where] + of_unit[:, 0]
    shocks = of_unit[:, 1] ** 2 + known.year_sd**2
    all_sd = shocks + known.rest_sd**2

    planned, share = tasks.planned.astype(float), np.clip(tasks.share, 0.0, 0.99).astype(float)
    passed = np.maximum(-tasks.begins, 0).astype(float)
    early = (share > 0) & (passed < 1)  # begun before its day: as if it had kept the plan's pace
    passed = np.where(early, share * planned, passed)
    told = (share > 0) & ~early
    then = np.maximum(passed - tasks.age, LEAST_DAYS)  # the days that its word speaks of
    step = np.searchsorted([word.up_to for word in known.words], share)
    bias = np.array([word.bias for word in known.words])[step]
    error = np.array([word.sd for word in known.words])[step] ** 2
    witness = np.log(then / np.maximum(share, 0.01) / planned) - bias
    leans = np.where(told, error / (error + all_sd), 1.0)
    middle = np.where(told, leans * prior + (1 - leans) * witness, prior) + np.log(planned)
    rest = leans * (known.rest_sd**2 + shocks * (1 - leans))
    return Outlook(
        origin=np.where(early, -passed, tasks.begins).astype(np.float32),
        passed=passed.astype(np.float32),
        middle=middle.astype(np.float32),
        leans=leans.astype(np.float32),
        scale=(np.sqrt(rest) * TO_SCALE).astype(np.float32),
        unit_sd=of_unit[:, 1].astype(np.float32),
        year_sd=known.year_sd,
        wait_days=known.wait_days,
        wait_sd=known.wait_sd,
    )


@dataclass(frozen=True)
class Network:
    """The edges made ready: `levels` holds for each depth from 1 the edges (by place in `task`, `after`, `lag`) of its
    tasks, sorted by task, where each task's edges begin, and the tasks."""

    task: Ints
    after: Ints
    lag: Floats
    levels: list[tuple[slice, Ints, Ints]]


def network(tasks: Tasks) -> Network:
    """Raises `planning.core.network.Circle`, with the keys of the tasks, where some wait for each other."""
    task, after = tasks.edges[:, 0], tasks.edges[:, 1]
    depth = _depths(tasks, task, after)
    order = np.lexsort((task, depth[task]))
    task, after = task[order], after[order]
    left = tasks.due[task] - np.maximum(tasks.begins[task] - 1, tasks.due[after])
    lag = np.clip(left / tasks.planned[task], 0, 1).astype(np.float32)
    levels = []
    for level in range(1, int(depth.max(initial=0)) + 1):
        start, stop = np.searchsorted(depth[task], [level, level + 1])
        rows, begins = np.unique(task[start:stop], return_index=True)
        levels.append((slice(int(start), int(stop)), begins, rows))
    return Network(task, after, lag, levels)


def _depths(tasks: Tasks, task: Ints, after: Ints) -> Ints:
    """The length of the longest chain before each task."""
    depth = np.zeros(len(tasks), dtype=np.int64)
    waits = np.bincount(task, minlength=len(tasks))
    by_after = np.argsort(after, kind="stable")
    begins = np.searchsorted(after[by_after], np.arange(len(tasks) + 1))
    ready, seen = np.flatnonzero(waits == 0), 0
    while len(ready):
        seen += len(ready)
        runs = [by_after[begins[one] : begins[one + 1]] for one in ready if begins[one] < begins[one + 1]]
        if not runs:
            break
        edges = np.concatenate(runs)
        np.maximum.at(depth, task[edges], depth[after[edges]] + 1)
        np.subtract.at(waits, task[edges], 1)
        touched = np.unique(task[edges])
        ready = touched[waits[touched] == 0]
    if (waits > 0).any():
        rest: dict[int, list[int]] = {int(tasks.key[one]): [] for one in np.flatnonzero(waits > 0)}
        for one, before in zip(task.tolist(), after.tolist(), strict=True):
            if waits[one] > 0:
                rest[int(tasks.key[one])].append(int(tasks.key[before]))
        in_order(rest)  # says which
    return depth


def drawn(tasks: Tasks, seen: Outlook, seed: int, runs: range) -> tuple[Floats, Floats]:
    """For each task and run: the day on which it ends if it waits for nobody, and the days of work still in it."""
    units, at = np.unique(tasks.unit, return_inverse=True)
    shock = logistics(seed, _UNIT, units, runs)[at]
    shock *= seen.unit_sd[:, None]
    shock += np.float32(seen.year_sd) * logistics(seed, _YEAR, np.zeros(1, dtype=np.int64), runs)
    shock *= seen.leans[:, None]
    shock += seen.middle[:, None]
    scale = seen.scale[:, None]
    # T given that it is longer than what has passed: the tail of the logistic beyond log(passed).
    gone = np.log(np.maximum(seen.passed, np.float32(1e-3)))[:, None]
    tail = 1 / (1 + np.exp(np.clip((gone - shock) / scale, -80, 80)))
    tail *= uniforms(seed, _REST, tasks.key, runs)
    tail = np.clip(tail, np.float32(1e-12), np.float32(1 - 2**-23))
    takes = np.log((1 - tail) / tail)
    takes *= scale
    takes += shock
    # exp and log in single precision may fall a hair short of what has passed.
    takes = np.minimum(np.maximum(np.exp(takes), seen.passed[:, None]), _MOST)
    ends = takes + seen.origin[:, None]
    work = takes * (1 - np.clip(tasks.share, 0, 1))[:, None]
    if tasks.blocked.any():
        stuck = np.flatnonzero(tasks.blocked)
        wait = np.exp(np.float32(seen.wait_sd) * logistics(seed, _WAIT, tasks.key[stuck], runs))
        ends[stuck] += np.minimum(np.float32(seen.wait_days) * wait, _MOST)
    return ends, work


def joined(ends: Floats, work: Floats, net: Network) -> Floats:
    """The ends when tasks wait for each other; `ends` is changed and given back."""
    for edges, begins, rows in net.levels:
        after, task = net.after[edges], net.task[edges]
        wanted = ends[after] + net.lag[edges][:, None] * work[task]
        ends[rows] = np.maximum(ends[rows], np.maximum.reduceat(wanted, begins, axis=0))
    return ends
