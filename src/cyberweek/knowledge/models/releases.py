from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Release(models.Model):
    """A contest as the arena holds it: immutable (the database refuses changes), named by the hash of its bytes."""

    contest = models.SlugField(_("contest"), max_length=64)
    number = models.PositiveIntegerField(_("number"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    pack = models.BinaryField(_("pack"))
    published = models.DateTimeField(_("published"), null=True, blank=True)

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contest", "number"], name="knowledge_release_once"),
        ]

    def __str__(self) -> str:
        return f"{self.contest} #{self.number}"
