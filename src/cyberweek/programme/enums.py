from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What sort of activity it is."""

    CEREMONY = "ceremony", _("Ceremony")
    EXHIBITION = "exhibition", _("Exhibition")
    FORUM = "forum", _("Forum")
    THEME_DAY = "theme-day", _("Theme-day event")
    CONTEST = "contest", _("Contest")
    LECTURE = "lecture", _("Lecture")
    DRILL = "drill", _("Drill")
    PUBLICITY = "publicity", _("Publicity")
    CLOSING = "closing", _("Closing")
    OTHER = "other", _("Other")


class Format(models.TextChoices):
    """How one takes part."""

    ON_SITE = "on-site", _("On site")
    ONLINE = "online", _("Online")
    BOTH = "both", _("On site and online")


class Status(models.TextChoices):
    """Moderation: which step follows which is `programme.core.moderation`."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned")
    APPROVED = "approved", _("Approved")
    PUBLISHED = "published", _("Published")
    CANCELLED = "cancelled", _("Cancelled")
