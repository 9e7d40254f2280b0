"""Learning from the editions before."""

from __future__ import annotations

import datetime as dt

import numpy as np
from django.db import transaction

from cyberweek.editions.models import Edition
from cyberweek.kernel.actions import record
from cyberweek.readiness.core.backtest import judged, learnt_from
from cyberweek.readiness.models import Calibration
from cyberweek.readiness.queries import past_editions, record_of


@transaction.atomic
def calibrate(*, edition: Edition, now: dt.datetime, seed: int = 1) -> Calibration:
    """Learn from the editions before this one how long tasks take, and how well that would have foretold each of them.

    Where there is none yet the calibration holds what is believed beforehand and no report.
    """
    years = [record_of(one) for one in past_editions(edition)]
    waits = np.concatenate([year.waits() for year in years]) if years else None
    known = learnt_from(years, waits)
    report, of_tasks, of_units = judged(years, seed=seed)
    made = Calibration.objects.create(
        edition=edition,
        at=now,
        known=known.plain(),
        of_tasks=of_tasks.plain(),
        of_units=of_units.plain(),
        report=report.plain() if report else {},
    )
    record(
        actor=None, verb="forecast.calibrate", thing=made, unit=edition.owner_id,
        after={"tasks": known.tasks, "years": list(known.years)},
    )  # fmt: skip
    return made
