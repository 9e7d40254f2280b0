from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cyberweek.editions.models import Edition
from cyberweek.honours.enums import AwardLevel, State
from cyberweek.kernel.models import LocalizedField
from cyberweek.regions.enums import Level, Provenance, Sector
from cyberweek.regions.models import Unit


class Call(models.Model):
    """A unit calls for cases from the units under it; a jury scores what comes in, and the best are published."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="calls")
    owner = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="calls", verbose_name=pgettext_lazy("call", "unit that calls")
    )
    title = LocalizedField(_("title"), max_length=120)
    asked = LocalizedField(pgettext_lazy("call", "what is asked"), max_length=3000, long=True)
    contact = models.CharField(_("telephone or e-mail"), max_length=120, blank=True)
    opens = models.DateTimeField(pgettext_lazy("call", "entries from"))
    closes = models.DateTimeField(pgettext_lazy("call", "entries until"))
    scoring_until = models.DateTimeField(_("scores until"))
    objection_days = models.PositiveSmallIntegerField(_("days for objections"), default=5)
    objections_until = models.DateTimeField(null=True, editable=False)
    levels = ArrayField(
        models.CharField(max_length=10, choices=Level), default=list, blank=True, verbose_name=_("levels addressed")
    )
    sectors = ArrayField(
        models.CharField(max_length=12, choices=Sector), default=list, blank=True, verbose_name=_("sectors addressed")
    )
    top = models.PositiveSmallIntegerField(_("highest score on each criterion"), default=10)
    readers = models.PositiveSmallIntegerField(_("jurors for each entry"), default=3)
    first = models.PositiveSmallIntegerField(_("first prizes"), default=1)
    second = models.PositiveSmallIntegerField(_("second prizes"), default=2)
    third = models.PositiveSmallIntegerField(_("third prizes"), default=3)
    merit = models.PositiveSmallIntegerField(_("merits"), default=0)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    state_since = models.DateTimeField(db_default=Now(), editable=False)
    order_reason = models.TextField(blank=True, editable=False)  # why awards depart from the order of scores
    provenance = models.CharField(max_length=12, choices=Provenance, default=Provenance.OWN, editable=False)

    class Meta:
        ordering = ["-closes", "-id"]
        verbose_name = _("call")
        constraints = [
            models.CheckConstraint(condition=models.Q(closes__gt=models.F("opens")), name="call_closes_after_opens"),
            models.CheckConstraint(
                condition=models.Q(scoring_until__gt=models.F("closes")), name="call_scored_after_closes"
            ),
            models.CheckConstraint(condition=models.Q(top__range=(1, 100)), name="call_has_a_scale"),
            models.CheckConstraint(condition=models.Q(readers__range=(1, 20)), name="call_has_readers"),
            models.CheckConstraint(
                condition=~models.Q(state=State.OBJECTION) | models.Q(objections_until__isnull=False),
                name="call_objections_end",
            ),
        ]
        indexes = [models.Index(fields=["edition", "state"], name="call_of_edition")]

    def __str__(self) -> str:
        return str(self.title)

    def places(self) -> list[tuple[str, int]]:
        """How many awards of each level there are, highest first; levels without any are left out."""
        counts = [self.first, self.second, self.third, self.merit]
        return [(level.value, n) for level, n in zip(AwardLevel, counts, strict=True) if n]

    def takes_entries(self, now: dt.datetime) -> bool:
        return self.state == State.OPEN and self.opens <= now < self.closes

    def takes_scores(self, now: dt.datetime) -> bool:
        return self.state == State.SCORING and now < self.scoring_until

    def takes_objections(self, now: dt.datetime) -> bool:
        return self.state == State.OBJECTION and self.objections_until is not None and now < self.objections_until


class Criterion(models.Model):
    """A line of the rubric: each juror gives 0 to the call's highest score on it."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="criteria")
    number = models.PositiveSmallIntegerField()
    name = LocalizedField(_("criterion"), max_length=80)
    hint = LocalizedField(_("what to look at"), max_length=300, blank=True)
    weight = models.PositiveSmallIntegerField(_("weight"))

    class Meta:
        ordering = ["call", "number"]
        verbose_name = _("criterion")
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], name="criterion_number_once"),
            models.CheckConstraint(condition=models.Q(weight__gt=0), name="criterion_weighs"),
        ]

    def __str__(self) -> str:
        return str(self.name)


class Move(models.Model):
    """One step in the life of a call: who, when, to which state."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="moves")
    state = models.CharField(max_length=10, choices=State)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["call", "id"]

    def __str__(self) -> str:
        return f"{self.call_id} {self.state}"
