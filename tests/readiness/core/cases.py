"""Small sets of tasks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cyberweek.readiness.core.course import Tasks


def tasks_of(*rows: dict, edges: Sequence[tuple[int, int]] = ()) -> Tasks:
    """Each row: what differs from a task of unit 1 that begins today, is due in 9 days and must stand."""
    full = [
        {"unit": 1, "begins": 0, "due": 9, "share": 0.0, "age": 0, "blocked": False, "counts": True, **row}
        for row in rows
    ]

    def column(name: str, kind: type) -> np.ndarray:
        return np.array([row[name] for row in full], dtype=kind)

    return Tasks(
        key=np.arange(len(rows)) + 100,
        unit=column("unit", np.int64),
        cell=["county/media"] * len(rows),
        begins=column("begins", np.float32),
        due=column("due", np.float32),
        share=column("share", np.float32),
        age=column("age", np.float32),
        blocked=column("blocked", bool),
        counts=column("counts", bool),
        edges=np.array(edges, dtype=np.int64).reshape(-1, 2),
    )
