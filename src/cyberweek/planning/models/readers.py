from __future__ import annotations

from django.conf import settings
from django.db import models


class Reader(models.Model):
    """How a person is told of tasks: whether by mail, when last, and the secret of their calendar.

    Of the secret only its hash is kept: the address is shown once, and renewed when it got into the wrong hands.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    wants_mail = models.BooleanField(default=True)
    mailed_on = models.DateField(null=True, editable=False)  # one mail a day: the last day with one
    feed_hash = models.CharField(max_length=64, null=True, unique=True, editable=False)
    feed_since = models.DateTimeField(null=True, editable=False)

    def __str__(self) -> str:
        return str(self.person_id)
