from django.db import models
from django.utils.translation import gettext_lazy as _


class Band(models.TextChoices):
    """Age bands: all that is asked about a participant's age."""

    UNDER_12 = "under-12", _("Under 12")
    FROM_12 = "12-17", _("12 to 17")
    FROM_18 = "18-25", _("18 to 25")
    FROM_26 = "26-40", _("26 to 40")
    FROM_41 = "41-60", _("41 to 60")
    OVER_60 = "over-60", _("Over 60")


class Forgotten(models.TextChoices):
    """What is deleted when its date has come."""

    ORIGINS = "origins", _("networks and devices")
    NICKNAMES = "nicknames", _("nicknames")
    CONTACTS = "contacts", _("winners’ contacts")
