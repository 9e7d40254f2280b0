"""What is counted: the indicators of an edition, and every wording they have had."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cyberweek.editions.models import Edition
from cyberweek.indicators.enums import Adding, Count, Filler
from cyberweek.kernel.models import LocalizedField
from cyberweek.regions.enums import Provenance


class Indicator(models.Model):
    """Something that is counted. `code` names the same thing in every edition, so that years can be compared.

    Once there are figures the database refuses another unit of count or way of adding (migration 0002); name and
    definition may be put better, and each wording is kept (`Wording`).
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="indicators")
    code = models.SlugField(pgettext_lazy("indicator", "code"), max_length=40)
    name = LocalizedField(_("name"), max_length=80)
    definition = LocalizedField(_("definition"), max_length=600, long=True)
    count = models.CharField(_("unit of count"), max_length=16, choices=Count)
    adding = models.CharField(_("how it adds up"), max_length=8, choices=Adding)
    filler = models.CharField(_("who fills it in"), max_length=10, choices=Filler)
    least = models.DecimalField(_("at least, for one report"), max_digits=18, decimal_places=2, null=True, blank=True)
    most = models.DecimalField(_("at most, for one report"), max_digits=18, decimal_places=2, null=True, blank=True)
    most_capacity = models.DecimalField(
        _("at most, as a multiple of the places"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    verify_above = models.DecimalField(
        _("the level above verifies from"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    is_active = models.BooleanField(_("asked for"), default=True)
    order = models.PositiveSmallIntegerField(_("place in lists"), default=100)
    provenance = models.CharField(max_length=12, choices=Provenance, default=Provenance.OWN)

    class Meta:
        ordering = ["order", "code"]
        verbose_name = _("indicator")
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="indicator_once"),
            # Unique people are a union of sketches; what is merged from sketches are people.
            models.CheckConstraint(
                condition=models.Q(adding=Adding.UNION, count=Count.PEOPLE) | ~models.Q(adding=Adding.UNION),
                name="indicator_union_of_people",
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)


class Wording(models.Model):
    """A name and definition that an indicator has had, from when on; the newest is the one in force."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="wordings")
    number = models.PositiveSmallIntegerField()
    name = LocalizedField(max_length=80)
    definition = LocalizedField(max_length=600, long=True)
    since = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["indicator", "-number"]
        constraints = [models.UniqueConstraint(fields=["indicator", "number"], name="wording_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"
