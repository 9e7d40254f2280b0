from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Rule(models.TextChoices):
    """The published rules, in the words of `core.inspection`."""

    FAST = "fast", _("Faster than one can read")
    ALIKE = "alike", _("Two who err alike")
    BURST = "burst", _("Burst of all-right papers from one network")
    DEVICE = "device", _("Many passports from one device")


class FlagState(models.TextChoices):
    """A flag is a question until a person has answered it."""

    OPEN = "open", _("To be looked at")
    DISMISSED = "dismissed", _("Dismissed")
