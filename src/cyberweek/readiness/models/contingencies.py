"""Contingency plans: when they come into force, what is done first, by whom; and drills."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cyberweek.attachments.models import Attachment
from cyberweek.editions.models import Edition
from cyberweek.kernel.models import LocalizedField
from cyberweek.programme.models import Activity
from cyberweek.readiness.enums import Danger
from cyberweek.regions.enums import Provenance
from cyberweek.regions.models import Unit


class Contingency(models.Model):
    """What a unit does when something happens. It holds for the unit in general, or for the activities that it names."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="contingencies", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    danger = models.CharField(_("against what"), max_length=10, choices=Danger)
    other = models.CharField(_("what else"), max_length=60, blank=True)
    title = LocalizedField(_("title"), max_length=120)
    trigger = LocalizedField(_("it comes into force when"), max_length=1000, long=True)
    authority = models.CharField(_("who may order it"), max_length=120)
    activities = models.ManyToManyField(Activity, blank=True, related_name="+", verbose_name=_("activities"))
    files = models.ManyToManyField(Attachment, blank=True, related_name="+")
    reviewed = models.DateField(_("last reviewed on"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=1, editable=False)
    provenance = models.CharField(max_length=12, choices=Provenance, default=Provenance.OWN)

    class Meta:
        ordering = ["unit", "danger", "pk"]
        verbose_name = _("contingency plan")
        constraints = [
            models.CheckConstraint(condition=~Q(danger=Danger.OTHER) | ~Q(other=""), name="contingency_says_what_else"),
        ]
        indexes = [models.Index(fields=["edition", "danger", "unit"], name="contingency_against")]

    def __str__(self) -> str:
        return str(self.title)


class Step(models.Model):
    """One of the first things that are done: what, who, within how many minutes of the beginning."""

    plan = models.ForeignKey(Contingency, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveSmallIntegerField()
    what = models.CharField(_("what is done"), max_length=300)
    who = models.CharField(_("who does it"), max_length=80, blank=True)
    within = models.PositiveSmallIntegerField(_("within minutes"), null=True, blank=True)

    class Meta:
        ordering = ["plan", "number"]

    def __str__(self) -> str:
        return self.what


class Contact(models.Model):
    """Whom to call. The number is there for the Week alone and is deleted 30 days after it (`actions.forget_phones`)."""

    plan = models.ForeignKey(Contingency, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(pgettext_lazy("person", "name"), max_length=80)
    role = models.CharField(_("role"), max_length=80, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)

    class Meta:
        ordering = ["plan", "pk"]

    def __str__(self) -> str:
        return self.name


class Drill(models.Model):
    """A contingency plan was tried: when, by whom, and what was found."""

    plan = models.ForeignKey(Contingency, on_delete=models.CASCADE, related_name="drills")
    held = models.DateTimeField(_("held"))
    who = models.CharField(_("who took part"), max_length=300)
    found = models.TextField(_("what was found"), max_length=4000)
    minutes = models.PositiveSmallIntegerField(_("how long it took, in minutes"), null=True, blank=True)
    files = models.ManyToManyField(Attachment, blank=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-held", "-pk"]
        verbose_name = _("drill")

    def __str__(self) -> str:
        return f"{self.plan_id} {self.held:%Y-%m-%d}"
