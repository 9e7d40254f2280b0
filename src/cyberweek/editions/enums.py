from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """Where an edition stands in its year."""

    PREPARING = "preparing", _("Preparing")
    OPEN = "open", _("Open for registration")
    RUNNING = "running", _("Running")
    CLOSED = "closed", _("Closed")
    ARCHIVED = "archived", _("Archived")


class OrganiserRole(models.TextChoices):
    """A unit's part in an edition or an activity."""

    LEAD = "lead", _("Lead organiser")
    CO = "co", _("Co-organiser")
    UNDERTAKER = "undertaker", _("Undertaker")
