"""What an organiser tells after an activity, or a unit about the whole edition."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cyberweek.editions.models import Edition
from cyberweek.indicators.enums import State
from cyberweek.programme.enums import Status
from cyberweek.programme.models import Activity
from cyberweek.regions.enums import Provenance
from cyberweek.regions.models import Region, Unit


class Report(models.Model):
    """The report on an activity, or, without one, of a unit for the edition. Opened by a job when the activity ends.

    `revision` rises with every save: who saves an older one is shown what came between. `unit` is the lead organiser
    of the activity.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="reports")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="reports")
    activity = models.OneToOneField(Activity, null=True, on_delete=models.PROTECT, related_name="report")
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    worked = models.TextField(_("what worked, and what you would do otherwise"), max_length=2000, blank=True)
    due = models.DateTimeField()
    sent = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    settled = models.DateTimeField(null=True)  # verified or rejected
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.TextField(_("why it is rejected"), max_length=500, blank=True)
    revision = models.PositiveIntegerField(default=0)
    reminded = models.DateTimeField(null=True)
    changed = models.DateTimeField(db_default=Now())
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    provenance = models.CharField(max_length=12, choices=Provenance, default=Provenance.OWN)

    class Meta:
        ordering = ["due", "id"]
        verbose_name = _("report")
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "unit"], condition=models.Q(activity=None), name="report_of_unit_once"
            ),
        ]
        indexes = [
            models.Index(fields=["edition", "state", "due"], name="report_waiting"),
            models.Index(
                fields=["edition", "due", "id"],
                condition=models.Q(state__in=[State.DRAFT, State.REJECTED]),
                name="report_due",
            ),
        ]

    def __str__(self) -> str:
        return str(self.activity or self.unit)

    @property
    def region(self) -> Region:
        """Where its figures belong: where the activity is, or the unit."""
        return self.activity.region if self.activity else self.unit.region

    @property
    def is_off(self) -> bool:
        """Its activity was called off: nothing of it counts or is asked any more."""
        return self.activity is not None and self.activity.status == Status.CANCELLED

    def late(self, now: dt.datetime) -> bool:
        """Still not sent, and past its date."""
        return self.state == State.DRAFT and now > self.due and not self.is_off
