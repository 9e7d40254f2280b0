"""Small sets of tasks, and a past to learn from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cyberweek.readiness.core.course import Tasks
from cyberweek.readiness.core.history import Year
from cyberweek.readiness.core.punctuality import Past, Punctuality, Reports, learnt


def tasks_of(*rows: dict, edges: Sequence[tuple[int, int]] = ()) -> Tasks:
    """Each row: what differs from a task of unit 1 that begins today, is due in 9 days and must stand."""
    full = [{"unit": 1, "begins": 0, "due": 9, "share": 0.0, "blocked": False, "counts": True, **row} for row in rows]

    def column(name: str, kind: type) -> np.ndarray:
        return np.array([row[name] for row in full], dtype=kind)

    return Tasks(
        key=np.arange(len(rows)) + 100,
        unit=column("unit", np.int64),
        cell=["county/media"] * len(rows),
        begins=column("begins", np.float32),
        due=column("due", np.float32),
        share=column("share", np.float32),
        blocked=column("blocked", bool),
        counts=column("counts", bool),
        edges=np.array(edges, dtype=np.int64).reshape(-1, 2),
    )


def learnt_from(years: Sequence[Year]) -> Punctuality:
    pasts, reports = [year.past() for year in years], [year.reports() for year in years]
    past = Past(
        unit=np.concatenate([one.unit for one in pasts]),
        cell=[cell for one in pasts for cell in one.cell],
        year=np.concatenate([one.year for one in pasts]),
        planned=np.concatenate([one.planned for one in pasts]),
        took=np.concatenate([one.took for one in pasts]),
    )
    names = ("elapsed", "share", "planned", "took")
    return learnt(past, Reports(*(np.concatenate([getattr(one, name) for one in reports]) for name in names)))
