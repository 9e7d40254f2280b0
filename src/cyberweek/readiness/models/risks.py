"""The risk register, and the measures against what may happen."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cyberweek.editions.models import Edition
from cyberweek.kernel.models import LocalizedField
from cyberweek.planning.models import Task
from cyberweek.readiness.enums import RiskAct, RiskLevel, RiskState
from cyberweek.regions.enums import Provenance
from cyberweek.regions.models import Unit


class Risk(models.Model):
    """Something that may go wrong. `unit` entered it; `holder` has to act on it now: the unit itself, or one above it
    to which it was passed up. `level` and `left` follow from likelihood and impact (`core.levels`): before the measures
    and with them. `revision` grows with every edit by a person.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="risks", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="risks", verbose_name=_("unit"))
    holder = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("in the hands of"))
    title = LocalizedField(_("risk"), max_length=120)
    cause = LocalizedField(_("cause"), max_length=1000, long=True, blank=True)
    effect = LocalizedField(_("effect"), max_length=1000, long=True, blank=True)
    likelihood = models.PositiveSmallIntegerField(_("likelihood"))
    impact = models.PositiveSmallIntegerField(_("impact"))
    level = models.CharField(pgettext_lazy("risk", "level"), max_length=8, choices=RiskLevel)
    likelihood_left = models.PositiveSmallIntegerField(_("likelihood with the measures"), null=True, blank=True)
    impact_left = models.PositiveSmallIntegerField(_("impact with the measures"), null=True, blank=True)
    left = models.CharField(_("residual level"), max_length=8, choices=RiskLevel, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        verbose_name=pgettext_lazy("risk", "owner"),
    )  # fmt: skip
    state = models.CharField(_("state"), max_length=8, choices=RiskState, default=RiskState.OPEN)
    review = models.DateField(_("to be looked at again on"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=1, editable=False)
    changed = models.DateTimeField(db_default=Now(), editable=False)
    provenance = models.CharField(max_length=12, choices=Provenance, default=Provenance.OWN)

    class Meta:
        ordering = ["-impact", "-likelihood", "pk"]
        verbose_name = _("risk")
        constraints = [
            models.CheckConstraint(
                condition=Q(likelihood__range=(1, 5), impact__range=(1, 5)), name="risk_from_1_to_5"
            ),
            models.CheckConstraint(
                condition=Q(likelihood_left=None, impact_left=None, left="")
                | Q(
                    likelihood_left__range=(1, 5), impact_left__range=(1, 5), likelihood_left__lte=F("likelihood"),
                    impact_left__lte=F("impact"),
                ),
                name="risk_left_is_no_more",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["edition", "unit"], name="risk_of_unit"),
            models.Index(fields=["edition", "state", "level"], name="risk_by_level"),
        ]

    def __str__(self) -> str:
        return str(self.title)


class RiskEvent(models.Model):
    """One thing that happened to a risk; only added (migration 0003)."""

    risk = models.ForeignKey(Risk, on_delete=models.CASCADE, related_name="events")
    act = models.CharField(max_length=14, choices=RiskAct)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField(blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        ordering = ["risk", "pk"]

    def __str__(self) -> str:
        return f"{self.risk_id} {self.act}"

    @property
    def levels(self) -> list[str]:
        """The level before and after, in words; empty where it stayed."""
        pair = [side.get("level") for side in (self.before, self.after)]
        return [str(RiskLevel(one).label) for one in pair] if all(pair) and pair[0] != pair[1] else []


class Measure(models.Model):
    """Something that a unit does against a risk, or because a drill showed that it must. It may be a task of the unit;
    then the task says how far it is."""

    risk = models.ForeignKey(Risk, null=True, on_delete=models.CASCADE, related_name="measures")
    drill = models.ForeignKey("readiness.Drill", null=True, on_delete=models.CASCADE, related_name="measures")
    what = LocalizedField(_("measure"), max_length=120)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    due = models.DateField(_("until"))
    done = models.DateTimeField(null=True)
    task = models.OneToOneField(Task, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["due", "pk"]
        verbose_name = _("measure")
        constraints = [
            models.CheckConstraint(
                condition=Q(risk__isnull=False, drill__isnull=True) | Q(risk__isnull=True, drill__isnull=False),
                name="measure_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return str(self.what)
