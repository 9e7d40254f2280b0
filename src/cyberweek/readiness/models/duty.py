"""The duty roster of the Week."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cyberweek.editions.models import Edition
from cyberweek.readiness.enums import DutyRole
from cyberweek.regions.enums import Provenance
from cyberweek.regions.models import Unit


class DutyHours(models.Model):
    """Between which hours a unit keeps a role on duty on each day of the edition. `opens` equal to `closes`: round the
    clock; `closes` before `opens`: past midnight."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(_("role"), max_length=8, choices=DutyRole)
    opens = models.TimeField(_("starts"))
    closes = models.TimeField(_("until"))

    class Meta:
        ordering = ["edition", "unit", "role"]
        constraints = [models.UniqueConstraint(fields=["edition", "unit", "role"], name="duty_hours_once")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.role}"


class Shift(models.Model):
    """Somebody is on duty for a unit. `person` where they have an account, else `name`. The telephone is there for the
    Week alone and is deleted 30 days after it (`actions.forget_phones`)."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="shifts", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    role = models.CharField(_("role"), max_length=8, choices=DutyRole, default=DutyRole.OFFICER)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        verbose_name=_("person with an account"),
    )  # fmt: skip
    name = models.CharField(pgettext_lazy("person", "name"), max_length=80, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    starts = models.DateTimeField(_("starts"))
    ends = models.DateTimeField(_("until"))
    provenance = models.CharField(max_length=12, choices=Provenance, default=Provenance.OWN)

    class Meta:
        ordering = ["starts", "pk"]
        verbose_name = _("shift")
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="shift_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(person__isnull=False) | ~Q(name=""), name="shift_of_somebody"),
        ]
        indexes = [
            models.Index(fields=["edition", "unit", "starts"], name="shift_of_unit"),
            models.Index(fields=["edition", "starts", "ends"], name="shift_now"),
        ]

    def __str__(self) -> str:
        return self.name or str(self.person)
