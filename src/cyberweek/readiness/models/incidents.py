"""The incident log of the Week: what is written there stays as it was written (migration 0003)."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cyberweek.editions.models import Edition
from cyberweek.readiness.enums import Danger, IncidentAct, Severity
from cyberweek.regions.enums import Provenance
from cyberweek.regions.models import Unit

from .contingencies import Contingency, Step


class Incident(models.Model):
    """Something that happened. `kind`, `place`, `what` and `at` are as they were entered; severity, plan and closing
    change with a line of the log that says so. `zone`: the clocks of the place."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="incidents", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    kind = models.CharField(_("kind"), max_length=10, choices=Danger)
    severity = models.PositiveSmallIntegerField(_("severity"), choices=Severity)
    place = models.CharField(_("where"), max_length=120)
    what = models.TextField(pgettext_lazy("incident", "what happened"), max_length=2000)
    at = models.DateTimeField(_("when"))
    zone = models.CharField(max_length=40)
    entered = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    plan = models.ForeignKey(Contingency, null=True, on_delete=models.SET_NULL, related_name="+")
    closed = models.DateTimeField(null=True, editable=False)
    outcome = models.TextField(_("outcome"), blank=True, max_length=2000)
    told = models.DateTimeField(null=True, editable=False)
    provenance = models.CharField(max_length=12, choices=Provenance, default=Provenance.OWN)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("incident")
        constraints = [
            models.CheckConstraint(
                condition=Q(closed__isnull=True) | ~Q(outcome=""), name="incident_closed_with_an_outcome"
            ),
        ]
        indexes = [
            models.Index(fields=["edition", "-at"], name="incident_latest"),
            models.Index(fields=["edition", "unit", "-at"], name="incident_of_unit"),
        ]

    def __str__(self) -> str:
        return self.what[:80]

    @property
    def local_at(self) -> dt.datetime:
        return self.at.astimezone(ZoneInfo(self.zone))


class IncidentLine(models.Model):
    """One line of an incident's log: only added."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="lines")
    act = models.CharField(max_length=10, choices=IncidentAct)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField(blank=True, max_length=2000)
    severity = models.PositiveSmallIntegerField(null=True, choices=Severity)
    step = models.ForeignKey(Step, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["incident", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "step"], condition=Q(step__isnull=False), name="incident_step_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.act}"
