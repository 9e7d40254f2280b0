"""The public is known by a passport: a random id, a nickname, a region, an age band, a sector. Nothing more."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cyberweek.passport.enums import Band
from cyberweek.regions.enums import Sector
from cyberweek.regions.models import Region


class Participant(models.Model):
    """One passport. The arena adds these rows when it issues one; nothing changes them."""

    id = models.UUIDField(primary_key=True)
    nickname = models.CharField(_("nickname"), max_length=20)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    band = models.CharField(_("age"), max_length=10, choices=Band)
    sector = models.CharField(_("sector"), max_length=12, choices=Sector)
    created = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("participant")

    def __str__(self) -> str:
        return self.nickname
