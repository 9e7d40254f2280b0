"""Forecasts of being ready on the opening day, as they were made. Pages read these rows and compute nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Q

from cyberweek.editions.models import Edition
from cyberweek.readiness.enums import Standing
from cyberweek.regions.models import Region, Unit


class Calibration(models.Model):
    """What was learnt from earlier editions, and how well that would have foretold each of them unseen.

    `known`: `core.punctuality.Punctuality`. `of_tasks`, `of_units`: `core.calibration.Curve`s laid over the chances; empty
    where they win nothing. `report`: `core.backtest.Report`; empty where there is no earlier edition.
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="calibrations")
    at = models.DateTimeField()
    known = models.JSONField()
    of_tasks = models.JSONField()
    of_units = models.JSONField()
    report = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["edition", "-at"], name="calibration_latest")]

    def __str__(self) -> str:
        return f"{self.edition} · {self.at.astimezone(self.edition.tz):%Y-%m-%d}"


class Forecast(models.Model):
    """One forecast for an edition. Days in its rows count from `day`, the date on the edition's clocks.

    `circles`: ids of tasks that waited for each other; what they wait for among themselves was left out.
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="forecasts")
    calibration = models.ForeignKey(Calibration, on_delete=models.PROTECT, related_name="forecasts")
    at = models.DateTimeField()
    day = models.DateField()
    opening = models.DateField()
    seed = models.BigIntegerField()
    runs = models.PositiveIntegerField()
    tasks = models.PositiveIntegerField()
    open_tasks = models.PositiveIntegerField()
    units = models.PositiveIntegerField()
    circles = models.JSONField(default=list)
    milliseconds = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["edition", "-at"], name="forecast_latest")]

    def __str__(self) -> str:
        return f"{self.edition} · {self.at.astimezone(self.edition.tz):%Y-%m-%d %H:%M}"

    @property
    def days_left(self) -> int:
        return (self.opening - self.day).days

    def date_of(self, day: int) -> dt.date:
        return self.day + dt.timedelta(days=day)


class ForecastRow(models.Model):
    """What is foretold of one unit, or of one region with all units in it and under it.

    `chance`: of a unit, that all it must have done stands; of a region, the share of its units expected to be ready, with
    `most` the chance that nine in ten are. `before`: the same in the forecast before. `cells`: for each arrangement (id)
    [tasks, done, blocked, overdue, due within two days, sum of progress]. `why`: `actions.forecasts` says what it holds.
    `tasks`: of a unit, its open tasks: [id, chance in hundredths, day by which it ends in half of the runs, in nine of
    ten]. `curve`: of a region, {"first": day, "plan": […], "done": […], "ahead": […]} in tasks.
    """

    forecast = models.ForeignKey(Forecast, on_delete=models.CASCADE, related_name="rows")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.CASCADE, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="+")
    within = models.ForeignKey(Region, null=True, on_delete=models.CASCADE, related_name="+")
    chance = models.FloatField()
    most = models.FloatField(null=True)
    before = models.FloatField(null=True)
    standing = models.CharField(max_length=8, choices=Standing)
    units = models.PositiveIntegerField(default=1)
    sure = models.PositiveIntegerField(default=0)
    at_risk = models.PositiveIntegerField(default=0)
    must = models.PositiveIntegerField()  # tasks that must stand by the opening
    done = models.PositiveIntegerField()
    overdue = models.PositiveIntegerField()
    cells = models.JSONField(default=dict)
    why = models.JSONField(default=dict)
    tasks = models.JSONField(default=list)
    curve = models.JSONField(default=dict)

    class Meta:
        ordering = ["chance", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["forecast", "unit"], name="forecast_row_a_unit"),
            models.UniqueConstraint(
                fields=["forecast", "region"], condition=Q(unit=None), name="forecast_row_a_region"
            ),
        ]
        indexes = [
            models.Index(fields=["forecast", "within", "standing", "chance"], name="forecast_row_within"),
            models.Index(fields=["forecast", "region", "chance"], name="forecast_row_region"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id or self.region_id} {self.chance:.2f}"

    @property
    def subject(self) -> Any:
        """The unit or region that it speaks of."""
        return self.unit or self.region

    @property
    def red(self) -> int:
        """How many of its units are off course."""
        return self.units - self.sure - self.at_risk
