from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cyberweek.kernel.models import LocalizedField
from cyberweek.regions.enums import Level, Provenance, Sector

from .regions import Region


class Unit(models.Model):
    """An organiser: an office, a school, a company. Units form a tree; `ancestry` is kept by the database.

    A trigger (migration 0002) derives `ancestry` (ids from the top down to this one) from `parent`, moves a whole
    subtree along with its top, and refuses a cycle: no code of ours can leave it wrong.
    """

    code = models.SlugField(pgettext_lazy("unit", "code"), max_length=40, unique=True)
    name = LocalizedField(_("name"))
    level = models.CharField(_("level"), max_length=10, choices=Level)
    sector = models.CharField(_("sector"), max_length=12, choices=Sector)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="units", verbose_name=_("region"))
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children", verbose_name=_("unit above")
    )
    ancestry = ArrayField(models.BigIntegerField(), default=list, editable=False)
    accountable = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        verbose_name=_("accountable person"),
    )  # fmt: skip
    provenance = models.CharField(max_length=12, choices=Provenance, default=Provenance.OWN)

    class Meta:
        ordering = ["code"]
        verbose_name = _("unit")
        indexes = [GinIndex(fields=["ancestry"], name="unit_ancestry")]

    def __str__(self) -> str:
        return str(self.name)
