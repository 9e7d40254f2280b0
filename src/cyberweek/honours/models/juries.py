from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cyberweek.honours.enums import SheetState
from cyberweek.regions.models import Unit

from .calls import Call, Criterion
from .entries import Entry


class Juror(models.Model):
    """A person who scores for a call. An account is enough, a post is not needed."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="jurors")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="juries")
    added = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["call", "id"]
        verbose_name = _("juror")
        constraints = [models.UniqueConstraint(fields=["call", "person"], name="juror_once")]

    def __str__(self) -> str:
        return str(self.person)


class Conflict(models.Model):
    """A juror says why they cannot judge a unit (with all under it), or one entry. Cannot be taken back."""

    juror = models.ForeignKey(Juror, on_delete=models.CASCADE, related_name="conflicts")
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    entry = models.ForeignKey(Entry, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(_("reason"), max_length=300)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["juror", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(unit__isnull=False, entry__isnull=True)
                | models.Q(unit__isnull=True, entry__isnull=False),
                name="conflict_with_one_thing",
            ),
            models.UniqueConstraint(fields=["juror", "unit"], name="conflict_unit_once"),
            models.UniqueConstraint(fields=["juror", "entry"], name="conflict_entry_once"),
        ]

    def __str__(self) -> str:
        return f"{self.juror_id} {self.unit_id or self.entry_id}"


class Sheet(models.Model):
    """One juror's reading of one entry. Nobody but the juror sees its scores before scoring ends."""

    juror = models.ForeignKey(Juror, on_delete=models.CASCADE, related_name="sheets")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="sheets")
    state = models.CharField(max_length=10, choices=SheetState, default=SheetState.TO_READ)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    total = models.FloatField(null=True)  # 0 to 100, weighted; null until all criteria are scored
    handed_in_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["juror", "entry__number"]
        constraints = [
            models.UniqueConstraint(fields=["juror", "entry"], name="sheet_once"),
            models.CheckConstraint(
                condition=~models.Q(state=SheetState.HANDED_IN)
                | models.Q(total__isnull=False, handed_in_at__isnull=False),
                name="sheet_handed_in_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(total__isnull=True) | models.Q(total__range=(0, 100)), name="sheet_total_in_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.juror_id} {self.entry_id}"


class Score(models.Model):
    """A juror's score of an entry on one criterion."""

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    value = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["sheet", "criterion__number"]
        constraints = [models.UniqueConstraint(fields=["sheet", "criterion"], name="score_once")]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.value}"


class Result(models.Model):
    """What the sheets came to when scoring ended; nothing that happens later changes it."""

    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, related_name="outcome")
    raw = models.FloatField()
    corrected = models.FloatField()
    error = models.FloatField()
    sheets = models.PositiveSmallIntegerField()
    set = models.PositiveSmallIntegerField()  # sets of jurors who share no entry cannot be compared
    rank = models.PositiveIntegerField(null=True)
    tied = models.BooleanField()

    class Meta:
        ordering = ["-corrected", "entry__number"]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.corrected:.2f}"
