"""Forms that made something: so that pressing twice makes it once."""

from __future__ import annotations

from django.db import models


class Press(models.Model):
    """A form that was sent and made something. The unique pair settles who is first, also between two machines."""

    form = models.CharField(max_length=64)  # hash of who sent it, to where, and of the one-time token in its page
    said = models.CharField(max_length=64)  # hash of what was sent; the words themselves are not kept
    led_to = models.TextField()  # the address of what it made
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["form", "said"], name="press_once")]

    def __str__(self) -> str:
        return self.led_to
