"""A number with its pedigree, and the questions that are asked about it."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cyberweek.attachments.models import Attachment
from cyberweek.editions.models import Edition
from cyberweek.indicators.core.numbers import plain
from cyberweek.indicators.enums import COUNTING, Doubt, Grade, State, Way
from cyberweek.regions.enums import Provenance
from cyberweek.regions.models import Region

from .dictionary import Indicator
from .reports import Report


class Figure(models.Model):
    """One number of a report, or of a machine (`source`, with the region to which it belongs).

    `sketch` (core.sketches) stands for the people of a figure that counts each of them once; `value` is its estimate.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="figures")
    report = models.ForeignKey(Report, null=True, on_delete=models.CASCADE, related_name="figures")
    region = models.ForeignKey(Region, null=True, on_delete=models.PROTECT, related_name="+")
    source = models.SlugField(max_length=40, blank=True)
    value = models.DecimalField(_("figure"), max_digits=18, decimal_places=2)
    way = models.CharField(_("how it was counted"), max_length=10, choices=Way)
    basis = models.CharField(_("on what it rests"), max_length=200, blank=True)
    grade = models.CharField(_("evidence"), max_length=10, choices=Grade)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    sketch = models.BinaryField(null=True)
    changed = models.DateTimeField(db_default=Now())
    provenance = models.CharField(max_length=12, choices=Provenance, default=Provenance.OWN)

    class Meta:
        ordering = ["indicator__order", "indicator__code", "id"]
        verbose_name = _("figure")
        constraints = [
            models.CheckConstraint(condition=models.Q(value__gte=0), name="reported_figure_not_negative"),
            models.CheckConstraint(
                condition=models.Q(report__isnull=False, region=None, source="")
                | (models.Q(report=None, region__isnull=False) & ~models.Q(source="")),
                name="figure_of_report_or_machine",
            ),
            models.UniqueConstraint(fields=["report", "indicator"], name="figure_once_in_report"),
            models.UniqueConstraint(
                fields=["indicator", "source", "region"], condition=models.Q(report=None), name="figure_once_of_machine"
            ),
        ]
        indexes = [
            models.Index(
                fields=["indicator", "-value"], condition=models.Q(state__in=COUNTING), name="figure_counting"
            ),
            models.Index(fields=["edition", "state"], name="figure_states"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id}: {self.value}"

    @property
    def number(self) -> int | Decimal:
        """The figure as it is shown."""
        return plain(self.value)

    @property
    def counts(self) -> bool:
        """It is in the totals (unless its activity was called off since)."""
        return self.state in COUNTING


class Question(models.Model):
    """A doubt about a figure, put to its reporter before it counts. `numbers` are what the sentence speaks of."""

    figure = models.ForeignKey(Figure, on_delete=models.CASCADE, related_name="questions")
    doubt = models.CharField(max_length=12, choices=Doubt)
    value = models.DecimalField(max_digits=18, decimal_places=2)  # of the figure when it was asked about
    numbers = models.JSONField(default=dict)
    asked = models.DateTimeField()
    answer = models.TextField(_("why it is right"), max_length=500, blank=True)
    answered = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    corrected = models.BooleanField(default=False)  # the figure was changed instead of explained

    class Meta:
        ordering = ["figure", "id"]
        verbose_name = _("question about a figure")
        constraints = [models.UniqueConstraint(fields=["figure", "doubt", "value"], name="question_once")]

    def __str__(self) -> str:
        return f"{self.figure_id} {self.doubt}"

    @property
    def number(self) -> int | Decimal:
        return plain(self.value)

    @property
    def sentence(self) -> str:
        """What is asked, in the active language."""
        n = {name: f"{plain(Decimal(str(value))):,}" for name, value in self.numbers.items()}
        if self.doubt == Doubt.OUTLIER:
            told = _("%(peers)s reports of like kind and size have about %(typical)s. Is this one right?")
        elif self.doubt == Doubt.CAPACITY:
            told = _("The place holds %(capacity)s. Is this one right?")
        elif self.doubt == Doubt.POPULATION:
            told = _("Only %(population)s people live there. Is this one right?")
        elif self.doubt == Doubt.MIXED_UP:
            told = _(
                "The same number stands for people and for person-times. Who came twice counts twice as person-times."
            )
        elif "most" in n:
            told = _("More than %(most)s is hardly possible for one report. Is this one right?")
        else:
            told = _("Less than %(least)s is hardly possible for one report. Is this one right?")
        return str(told % n)


class Evidence(models.Model):
    """A file that shows what a report says: of one figure, or of the report as a whole."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="evidence")
    indicator = models.ForeignKey(Indicator, null=True, on_delete=models.CASCADE, related_name="+")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["report", "id"]
        verbose_name = _("evidence")
        constraints = [models.UniqueConstraint(fields=["report", "attachment"], name="evidence_once")]

    def __str__(self) -> str:
        return str(self.attachment)
