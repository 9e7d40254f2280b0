from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from cyberweek.planning.enums import NoticeKind

from .tasks import Task


class Notice(models.Model):
    """Something about a task that a person is told at the desk and by mail; the same thing once a day at most."""

    # The person stands first in both indexes below.
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=10, choices=NoticeKind)
    day = models.DateField()
    at = models.DateTimeField(db_default=Now(), editable=False)
    mailed_at = models.DateTimeField(null=True, editable=False)
    read_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "task", "kind", "day"], name="notice_once_a_day"),
        ]
        indexes = [models.Index(fields=["person", "read_at", "-id"], name="notice_unread")]

    def __str__(self) -> str:
        return f"{self.kind} {self.task_id}"
