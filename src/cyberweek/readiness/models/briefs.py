from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cyberweek.kernel.core.localized import LANGUAGES
from cyberweek.readiness.enums import BriefState

from .meetings import Meeting


class Brief(models.Model):
    """The agenda pack of a meeting as it stood at `at`: everybody has the same paper.

    `content` are plain values in all languages, from which every file is made; `digest` is their hash. Neither changes
    (migration 0003). `done` of `total` files are made; who finds it unfinished goes on from there.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="briefs")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=BriefState, default=BriefState.MAKING)
    done = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveSmallIntegerField()
    touched = models.DateTimeField()
    fault = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["meeting", "-number"]
        verbose_name = _("agenda pack")
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="brief_number_once")]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.number}"


class BriefFile(models.Model):
    """One file of an agenda pack. In a table of its own, so that no list loads bytes."""

    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="files")
    language = models.CharField(max_length=8, choices=[(tag, tag) for tag in LANGUAGES])
    ending = models.CharField(max_length=4, choices=[("pdf", "PDF"), ("docx", "DOCX")])
    body = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["brief", "pk"]
        constraints = [models.UniqueConstraint(fields=["brief", "language", "ending"], name="brief_file_once")]

    def __str__(self) -> str:
        return f"{self.brief_id} {self.language}.{self.ending}"
