"""Who did what, to what, and what it was before: rows that the application can add and never change."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from cyberweek.kernel.core.localized import LocalizedText

from .localized import LocalizedField


class AuditEvent(models.Model):
    """One act. A trigger of the database refuses to update, delete or truncate these rows (migration 0001)."""

    at = models.DateTimeField(db_default=Now(), editable=False)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=60)  # "activity.approve"
    noun = models.CharField(max_length=60)  # "programme.activity"
    key = models.CharField(max_length=60)  # primary key or code of the thing
    label = models.CharField(max_length=200)  # what the thing was called then, in the language of who did it
    names = LocalizedField()  # the same by language; empty where all say the label
    unit = models.BigIntegerField(null=True)  # unit in whose scope it happened; no foreign key, units may go
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["noun", "key"], name="audit_thing"),
            models.Index(fields=["unit", "-id"], name="audit_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.called}"

    @property
    def called(self) -> LocalizedText | str:
        """What the thing was called then, in the reader's language where it had a name in that."""
        return self.names or self.label
