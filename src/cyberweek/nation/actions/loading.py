"""An edition of a simulated nation, whole or not at all."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from cyberweek.editions.enums import Stage
from cyberweek.editions.models import Edition
from cyberweek.indicators.actions import load_populations, roll_up
from cyberweek.kernel.actions import record
from cyberweek.nation.core.course import YEARS, course, habits
from cyberweek.nation.core.offices import ROOT, SAMPLES, UNITS
from cyberweek.nation.core.plan import arrangements
from cyberweek.nation.core.season import ACTIVITIES, season
from cyberweek.planning.models import Task
from cyberweek.readiness.actions import make_forecast
from cyberweek.regions.models import Region, Unit

from .ground import open_nation_edition, people_of, place_units
from .matters import load_cases, load_meetings, load_risks, load_safety
from .seasons import load_activities, load_past_figures, load_reports
from .tasks import break_down, issue_plan, lay_down_plan, live, load_past_tasks

TASKS: Final = 200_000
DAYS_BEFORE: Final = 12
_PAST_STEPS: Final = 10  # arrangements of a past year: two strands of the thirteen; more teach a forecast nothing new

Say = Callable[[str, float], None]


class Refused(Exception):  # noqa: N818 -- reads as the sentence it makes
    """The edition is not ours to fill."""


@dataclass
class Loaded:
    """How many rows of what were made, and what took how long. Empty where all was there already."""

    counts: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


def load_nation(
    *, slug: str, now: dt.datetime, seed: int = 1, share: float = 1.0, days_before: int = DAYS_BEFORE,
    years: int = YEARS, say: Say = lambda _what, _seconds: None,
) -> Loaded:  # fmt: skip
    """Make the edition `slug` as it is `days_before` its opening, and the `years` before it. `share`: of the full size.

    All in one transaction: broken off, nothing is there. Made before, nothing is changed. Raises Refused where the edition
    is somebody's own.
    """
    if found := Edition.objects.filter(slug=slug).select_related("owner").first():
        if found.owner.code != ROOT:
            raise Refused(f"The edition {slug} is not a simulated one; nothing was changed.")
        return Loaded()
    if Region.objects.filter(pk__in=SAMPLES).count() < len(SAMPLES):
        raise Refused("The country's regions are not there. Load them first: manage loadregions.")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # checked as rows come, not millions of them at the end
        return _Load(slug, now, seed, share, days_before, years, say).run()


@dataclass
class _Load:
    slug: str
    now: dt.datetime
    seed: int
    share: float
    days_before: int
    years: int
    say: Say
    loaded: Loaded = field(default_factory=Loaded)

    @contextmanager
    def _timed(self, what: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.loaded.seconds[what] = time.monotonic() - began
        self.say(what, self.loaded.seconds[what])

    def run(self) -> Loaded:
        counts = self.loaded.counts
        today = -self.days_before
        starts = self.now.date() + dt.timedelta(days=self.days_before)
        with self._timed("units"):
            load_populations()
            units = place_units(count=max(12, round(UNITS * self.share)), seed=self.seed)
            people = people_of(units)
            counts["units"] = len(units)
        habit = habits(len(units), seed=self.seed)
        self._past(units, habit, people, starts)
        edition = open_nation_edition(slug=self.slug, year=starts.year, starts=starts, stage=Stage.OPEN)
        wanted = arrangements()
        with self._timed("issuing the plan"):
            plan = lay_down_plan(edition=edition, wanted=wanted)
            counts["tasks of the plan"] = issue_plan(plan=plan, now=self.now).counts["made"]
        with self._timed("tasks as of today"):
            live(
                edition=edition, plan=plan, units=units, today=today,
                course=course(wanted, habit, seed=self.seed, year=YEARS),
            )  # fmt: skip
            lacking = round(TASKS * self.share) - counts["tasks of the plan"]
            counts["tasks broken down"] = break_down(
                edition=edition, plan=plan, units=units, count=lacking, today=today, now=self.now
            )
        with self._timed("activities"):
            made = season(
                [one.level for one in units], people, count=round(ACTIVITIES * self.share), today=today, seed=self.seed
            )
            keys = load_activities(edition=edition, units=units, made=made)
            counts["activities"] = len(keys)
        with self._timed("reports"):
            counts["reports"] = load_reports(
                edition=edition, units=units, made=made, keys=keys, today=today, now=self.now, seed=self.seed
            )
        with self._timed("risks, meetings, cases"):
            counts["risks"] = load_risks(edition=edition, units=units, now=self.now, seed=self.seed)
            counts["meetings"] = load_meetings(edition=edition, units=units, now=self.now)
            load_safety(edition=edition, units=units, now=self.now, seed=self.seed)
            counts["cases"] = load_cases(edition=edition, units=units, now=self.now, seed=self.seed)
        with self._timed("roll-up"):
            roll_up(edition=edition, now=self.now)
        with self._timed("forecast"):
            make_forecast(edition=edition, now=self.now)
        counts["tasks in all"] = Task.objects.filter(edition=edition).count()
        record(
            actor=None, verb="nation.load", thing=edition, unit=edition.owner_id, after={**counts, "seed": self.seed}
        )
        return self.loaded

    def _past(
        self, units: list[Unit], habit: NDArray[np.float64], people: NDArray[np.float64], starts: dt.date
    ) -> None:
        """The years before, oldest first. A week's number and day are kept: 52 weeks are a year."""
        wanted = arrangements()[:_PAST_STEPS]
        made = 0
        with self._timed(f"{self.years} years of history"):
            for year in range(YEARS - self.years, YEARS):
                opening = starts - dt.timedelta(weeks=52 * (YEARS - year))
                edition = open_nation_edition(
                    slug=f"{self.slug}-{opening.year}", year=opening.year, starts=opening, stage=Stage.ARCHIVED
                )
                went = course(wanted, habit, seed=self.seed, year=year)
                made += load_past_tasks(edition=edition, wanted=wanted, units=units, course=went)
                load_past_figures(
                    edition=edition, units=units, people=people, growth=1 + 0.12 * year, seed=self.seed, now=self.now
                )
        self.loaded.counts["tasks of earlier years"] = made
