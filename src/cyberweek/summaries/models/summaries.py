"""The summary of a unit: what its people wrote around the figures, and how far it has come."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cyberweek.editions.models import Edition
from cyberweek.kernel.models import LocalizedField
from cyberweek.regions.enums import Provenance
from cyberweek.regions.models import Unit
from cyberweek.summaries.enums import Part, State


class Summary(models.Model):
    """One a unit and edition; there is none until somebody has written, frozen or been reminded: before that it is
    the template with the figures of the moment. `sent`: the number of the version that went up."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="summaries")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="summaries")
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    sent = models.PositiveIntegerField(null=True)
    sent_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)  # taken in, or sent back
    note = models.CharField(_("why it is sent back"), max_length=500, blank=True)
    reminded = models.DateTimeField(null=True)
    provenance = models.CharField(max_length=12, choices=Provenance, default=Provenance.OWN)

    class Meta:
        ordering = ["edition", "unit"]
        verbose_name = _("summary")
        constraints = [
            models.UniqueConstraint(fields=["edition", "unit"], name="summary_once"),
            models.CheckConstraint(
                condition=~models.Q(state__in=[State.SENT, State.TAKEN])
                | models.Q(sent__isnull=False, sent_at__isnull=False),
                name="summary_sent_is_a_version",
            ),
        ]
        indexes = [models.Index(fields=["edition", "state"], name="summary_states")]

    def __str__(self) -> str:
        return f"{self.unit} · {self.edition}"


class Section(models.Model):
    """What people wrote in the place of the template's text. Figures stand in it as tokens (`core.tokens`), so that no
    text breaks when a figure moves. `revision` rises with each save: who saves an older one is shown the other's."""

    summary = models.ForeignKey(Summary, on_delete=models.CASCADE, related_name="sections")
    part = models.CharField(max_length=16, choices=Part)
    text = LocalizedField(_("text"), max_length=20_000, long=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
    changed = models.DateTimeField(db_default=Now())
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["summary", "id"]
        verbose_name = _("section")
        constraints = [models.UniqueConstraint(fields=["summary", "part"], name="section_once")]

    def __str__(self) -> str:
        return str(self.get_part_display())


class Lesson(models.Model):
    """What a unit learned, in its own language, for who does it next: printed in the summary, handed to the next host."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="lessons")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="lessons")
    what = models.TextField(pgettext_lazy("lesson", "what happened"), max_length=1000)
    why = models.TextField(_("why"), max_length=1000, blank=True)
    next_time = models.TextField(_("what to do next time"), max_length=1000)
    revision = models.PositiveIntegerField(default=1)
    changed = models.DateTimeField(db_default=Now())
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    provenance = models.CharField(max_length=12, choices=Provenance, default=Provenance.OWN)

    class Meta:
        ordering = ["edition", "unit", "id"]
        verbose_name = _("lesson")
        indexes = [models.Index(fields=["edition", "unit"], name="lesson_of_unit")]

    def __str__(self) -> str:
        return self.what[:80]
