"""How many people live where, and tables of it that wait to be confirmed."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cyberweek.editions.models import Edition
from cyberweek.regions.enums import Provenance
from cyberweek.regions.models import Region

EARLIEST: Final = 1900
MOST_PEOPLE: Final = 10_000_000_000


class Population(models.Model):
    """How many people live in a region, by a census or an estimate of a year; an edition takes the year nearest to it
    (`queries.populations_of`)."""

    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="populations", db_index=False)
    people = models.PositiveBigIntegerField(
        _("people living there"), validators=[MinValueValidator(1), MaxValueValidator(MOST_PEOPLE)]
    )
    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(EARLIEST), MaxValueValidator(2200)]
    )
    source = models.CharField(_("source"), max_length=200)
    provenance = models.CharField(max_length=12, choices=Provenance, default=Provenance.RECORD)
    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["region", "-year"]
        verbose_name = _("population")
        constraints = [
            models.UniqueConstraint(fields=["region", "year"], name="population_once_a_year"),
            models.CheckConstraint(condition=models.Q(people__gt=0), name="population_is_some"),
        ]

    def __str__(self) -> str:
        return f"{self.region_id} {self.year}: {self.people}"


class PopulationTable(models.Model):
    """A table of populations that somebody looks through before it is taken in; `year` and `source` stand for rows
    without one of their own. Kept for a day at most."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    year = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name
