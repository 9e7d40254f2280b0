"""How the items of a contest did, as a job counted it last."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.kernel.models import LocalizedField
from cyberweek.knowledge.enums import ItemFlag

from .contests import Contest


class ItemCount(models.Model):
    """Up to which batch of the ledger the items of a contest were counted, and when; `papers`: of so many papers."""

    contest = models.OneToOneField(Contest, on_delete=models.CASCADE, primary_key=True, related_name="+")
    batch = models.BigIntegerField()
    papers = models.PositiveIntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.contest_id} @{self.batch}"


class ItemFigure(models.Model):
    """One item of one release: `core.statistics` says what the figures are. `options`: of each its text, whether it is
    right by today's key, how often it was ticked and how its choosers did on the rest."""

    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="+")
    release = models.PositiveIntegerField()
    item = models.CharField(max_length=64)
    topic = models.CharField(max_length=64)
    stem = LocalizedField(max_length=2000)
    shown = models.PositiveIntegerField()
    answered = models.PositiveIntegerField()
    right = models.PositiveIntegerField()
    facility = models.FloatField()
    discrimination = models.FloatField(null=True)
    options = models.JSONField(default=list)
    flags = ArrayField(models.CharField(max_length=12), default=list)

    class Meta:
        ordering = ["contest", "release", "item"]
        constraints = [models.UniqueConstraint(fields=["contest", "release", "item"], name="item_figure_once")]

    def __str__(self) -> str:
        return f"{self.contest_id} {self.release} {self.item}"

    @property
    def seen(self) -> list[ItemFlag]:
        """Why to look at it, worst first."""
        return [ItemFlag(flag) for flag in self.flags]

    @property
    def wrong(self) -> list[dict[str, Any]]:
        """The wrong options that were ticked, most often first."""
        ticked = [one | {"text": LocalizedText(one["text"])} for one in self.options if not one["right"] and one["n"]]
        return sorted(ticked, key=lambda one: -one["n"])
