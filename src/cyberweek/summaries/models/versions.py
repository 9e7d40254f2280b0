"""Frozen versions. The database refuses to change or delete them (migration 0002)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .summaries import Summary


class Version(models.Model):
    """A summary as it was at one moment: texts, every figure with the query and the digest of its rows. `content` is
    plain JSON; `sha256` is of its canonical text (`core.content.canonical`)."""

    summary = models.ForeignKey(Summary, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["summary", "-number"]
        verbose_name = _("frozen version")
        constraints = [models.UniqueConstraint(fields=["summary", "number"], name="version_once")]

    def __str__(self) -> str:
        return f"{self.summary} · {self.number}"


class Link(models.Model):
    """The printed short link of a figure in a version: /f/<code>."""

    code = models.CharField(max_length=8, primary_key=True)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="links")
    key = models.CharField(max_length=60)  # of the figure in the version's content

    class Meta:
        ordering = ["version", "key"]
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="link_once")]

    def __str__(self) -> str:
        return self.code


class Publication(models.Model):
    """A version that the public reads. Taking it back deletes this row, never the version."""

    version = models.OneToOneField(Version, on_delete=models.PROTECT, related_name="publication")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return str(self.version)
