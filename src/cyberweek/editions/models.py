"""The year's Week. All dates and instants are as shown: a rehearsal moves them and keeps by how far."""

from __future__ import annotations

import datetime as dt
from zlib import crc32
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from cyberweek.editions.core.zones import zones
from cyberweek.editions.enums import OrganiserRole, Stage
from cyberweek.kernel.models import LocalizedField
from cyberweek.regions.enums import Provenance
from cyberweek.regions.models import Region, Unit


def validate_zone(name: str) -> None:
    """Refuse a time zone that the tz database does not know."""
    if name not in zones():
        raise ValidationError(_("“%(zone)s” is no time zone; one like Asia/Shanghai is wanted."), params={"zone": name})


class Edition(models.Model):
    """One year's Week of a nation, or a province's part of it."""

    slug = models.SlugField(_("short name in addresses"), max_length=40, unique=True)
    year = models.SmallIntegerField(_("year"))
    title = LocalizedField(_("title"))
    theme = LocalizedField(_("theme"))
    starts = models.DateField(_("first day"))
    ends = models.DateField(_("last day"))
    zone = models.CharField(_("time zone"), max_length=40, default="Asia/Shanghai", validators=[validate_zone])
    scope = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("where it is held"))
    host = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("host"))
    venue = LocalizedField(_("main venue"), blank=True)
    owner = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="editions", verbose_name=_("lead organiser"))
    stage = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.PREPARING)
    is_current = models.BooleanField(_("shown on the front page"), default=False)
    rehearsal_shift = models.DurationField(null=True, editable=False)  # whole days added to every date; null: none
    provenance = models.CharField(max_length=12, choices=Provenance, default=Provenance.OWN)
    sources = models.TextField(_("sources"), blank=True)

    class Meta:
        ordering = ["-year", "slug"]
        verbose_name = _("edition")
        constraints = [
            models.CheckConstraint(condition=models.Q(ends__gte=models.F("starts")), name="edition_ends_after_start"),
            models.UniqueConstraint(
                fields=["is_current"], condition=models.Q(is_current=True), name="edition_one_current"
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def seed(self) -> int:
        """What chance about the edition begins with: the same on every server, and each time."""
        return crc32(self.slug.encode())

    @property
    def true_starts(self) -> dt.date:
        """The first day as planned: what a rehearsal moved is moved back."""
        return self.starts - (self.rehearsal_shift or dt.timedelta())

    @property
    def true_ends(self) -> dt.date:
        return self.ends - (self.rehearsal_shift or dt.timedelta())


class ThemeDay(models.Model):
    """A day of the Week with a theme of its own. Days are data: an edition may have five or eight."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="theme_days")
    number = models.PositiveSmallIntegerField(_("place in the week"))  # from 1; also its hue
    date = models.DateField(_("date"))
    name = LocalizedField(_("name"))
    lead = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("lead department")
    )
    provenance = models.CharField(max_length=12, choices=Provenance, default=Provenance.OWN)

    class Meta:
        ordering = ["edition", "number"]
        verbose_name = _("theme day")
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="theme_day_number_once"),
            # Checked at the end of a transaction: a rehearsal moves all days at once.
            models.UniqueConstraint(
                fields=["edition", "date"], name="theme_day_date_once", deferrable=models.Deferrable.DEFERRED
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)


class Organiser(models.Model):
    """A unit named as one of an edition's organisers, in the order of protocol."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="organisers")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=10, choices=OrganiserRole)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["edition", "order"]
        verbose_name = _("organiser")
        constraints = [models.UniqueConstraint(fields=["edition", "unit"], name="organiser_once")]

    def __str__(self) -> str:
        return str(self.unit)
