"""The figure of a region, made of those that count; and how fresh the totals of an edition are."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from cyberweek.editions.models import Edition
from cyberweek.indicators.core.numbers import plain
from cyberweek.indicators.enums import Adding, Count
from cyberweek.regions.models import Region

from .dictionary import Indicator


class Total(models.Model):
    """What an indicator comes to in a region and all under it. `low` and `high`: between these with 95 % where sketches
    were merged, else both are the value."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")
    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="totals")
    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="+")
    count = models.CharField(_("unit of count"), max_length=16, choices=Count)
    adding = models.CharField(_("how it adds up"), max_length=8, choices=Adding)
    value = models.DecimalField(max_digits=26, decimal_places=2)
    low = models.DecimalField(max_digits=26, decimal_places=2)
    high = models.DecimalField(max_digits=26, decimal_places=2)
    figures = models.PositiveIntegerField()  # how many figures it is made of, and how many of each grade
    logs = models.PositiveIntegerField(default=0)
    documents = models.PositiveIntegerField(default=0)
    estimates = models.PositiveIntegerField(default=0)
    sketch = models.BinaryField(null=True)
    as_of = models.DateTimeField()

    class Meta:
        ordering = ["indicator", "region"]
        verbose_name = _("total")
        constraints = [models.UniqueConstraint(fields=["indicator", "region"], name="total_once")]
        indexes = [models.Index(fields=["edition", "region"], name="total_of_region")]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.region_id}: {self.value}"

    @property
    def number(self) -> int | Decimal:
        """The total as it is shown."""
        return plain(self.value)

    @property
    def error(self) -> int:
        """The ± of a total from sketches, in the unit of count; 0 where the total is exact."""
        return int(max(self.high - self.value, self.value - self.low))


class Roll(models.Model):
    """One row an edition: since when its totals want making again (None: nothing has moved), when the making of the
    last ones began, and which making is done. Where `made` is not `started`, one is under way or was cut off.

    The database marks it (migration 0002) when a unit, a region or an activity moves or an activity is called off.
    """

    edition = models.OneToOneField(Edition, on_delete=models.CASCADE, primary_key=True, related_name="+")
    stale_since = models.DateTimeField(null=True)
    started = models.DateTimeField(null=True)
    made = models.DateTimeField(null=True)
    seconds = models.FloatField(default=0)

    class Meta:
        verbose_name = _("roll-up")

    def __str__(self) -> str:
        return str(self.edition_id)
