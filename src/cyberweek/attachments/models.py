"""Files that people added. What is said about a file and its bytes are two tables, so that no list loads bytes."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from .core.names import ending_of
from .enums import Kind


class AttachmentContent(models.Model):
    """The bytes of a file, once however often it was added."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    body = models.BinaryField()
    thumbnail = models.BinaryField(default=b"")  # a small JPEG where the file is a picture
    size = models.PositiveIntegerField()  # of the body, in bytes

    def __str__(self) -> str:
        return self.sha256


class Attachment(models.Model):
    """One file that somebody added. Never changed; who wants another file adds it.

    Other apps point at it with a ForeignKey or a ManyToManyField (or a through table) and serve it after a scoped fetch
    of their own. One that nobody points at is deleted after a day: see `actions.forget_unused`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)  # as given, cleaned; its ending is that of the content
    kind = models.CharField(max_length=8, choices=Kind)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()  # bytes
    width = models.PositiveSmallIntegerField(null=True)  # of a picture, in pixels
    height = models.PositiveSmallIntegerField(null=True)
    content = models.ForeignKey(AttachmentContent, on_delete=models.PROTECT, db_column="sha256", related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "id"]
        indexes = [
            models.Index(fields=["at"], name="attachment_at"),
            models.Index(fields=["by", "at"], name="attachment_by"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def sha256(self) -> str:
        """Hash of the kept bytes, in hexadecimal: of pictures, those after re-encoding."""
        return self.content_id

    @property
    def ending(self) -> str:
        return ending_of(self.name)

    @property
    def is_image(self) -> bool:
        return self.kind == Kind.IMAGE
