from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cyberweek.kernel.models import LocalizedField
from cyberweek.regions.enums import Level


class Region(models.Model):
    """An administrative division. China's have GB/T 2260 codes, other countries' ISO 3166-2 codes."""

    code = models.CharField(pgettext_lazy("unit", "code"), max_length=12, primary_key=True)
    name = LocalizedField(_("name"))
    short = LocalizedField(_("short name"), max_length=4, blank=True)  # on a tile: 津, TJ
    level = models.CharField(_("level"), max_length=10, choices=Level)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    ancestry = ArrayField(models.CharField(max_length=12), default=list, editable=False)  # from the nation down
    column = models.SmallIntegerField(null=True, blank=True)  # place on the tile map, from 1
    row = models.SmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("region")
        indexes = [GinIndex(fields=["ancestry"], name="region_ancestry")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(parent__isnull=False) | models.Q(level=Level.NATION), name="region_has_parent"
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)
