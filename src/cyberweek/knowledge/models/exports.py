from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from .contests import Contest


class Export(models.Model):
    """A contest's export as it is offered to the public: made once, never changed; a later one stands beside it."""

    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="exports", verbose_name=_("contest"))
    made = models.DateTimeField(_("made"))
    first = models.BigIntegerField(_("first batch"))
    last = models.BigIntegerField(_("last batch"))
    head = models.CharField(_("head"), max_length=64)
    boards = models.CharField(_("hash of the boards"), max_length=64)
    entries = models.BigIntegerField(_("entries"))
    papers = models.BigIntegerField(_("papers"))
    size = models.BigIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)

    class Meta:
        ordering = ["contest", "-last"]
        verbose_name = _("export")

    def __str__(self) -> str:
        return f"{self.contest.slug} {self.last}"


class ExportPart(models.Model):
    """A piece of an export, PART_BYTES long but for the last: in the database, where every web process can read it."""

    PART_BYTES: ClassVar = 1 << 20

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="parts")
    number = models.IntegerField()
    data = models.BinaryField()

    class Meta:
        ordering = ["export", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["export", "number"], name="export_part_once"),
        ]

    def __str__(self) -> str:
        return f"{self.export_id}/{self.number}"


class PublishedHead(models.Model):
    """A head of the ledger that was published at the end of an hour, for others to keep copies of."""

    batch = models.BigIntegerField(_("batch"), primary_key=True)
    at = models.DateTimeField(_("time of the batch"))
    head = models.CharField(_("head"), max_length=64)
    published = models.DateTimeField(_("published"))

    class Meta:
        ordering = ["-batch"]
        verbose_name = _("published head")

    def __str__(self) -> str:
        return f"{self.batch} {self.head}"
