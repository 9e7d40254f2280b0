from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """How high a region or a unit stands; the order of declaration is the order from the top down."""

    NATION = "nation", _("Nation")
    PROVINCE = "province", _("Province")
    CITY = "city", _("City")
    COUNTY = "county", _("County")


class Sector(models.TextChoices):
    """The part of society that a unit or a participant belongs to."""

    EDUCATION = "education", _("Education")
    TELECOM = "telecom", _("Telecom")
    FINANCE = "finance", _("Finance")
    GOVERNMENT = "government", _("Government")
    ENTERPRISE = "enterprise", _("Enterprise")
    MEDIA = "media", _("Media")
    COMMUNITY = "community", _("Community")
    OTHER = "other", _("Other")


class Role(models.TextChoices):
    """What a person does in a unit. Each role holds the ones below it, but editors do not review."""

    COORDINATOR = "coordinator", _("Coordinator")
    REVIEWER = "reviewer", _("Reviewer")
    EDITOR = "editor", _("Editor")
    VIEWER = "viewer", _("Viewer")


class Provenance(models.TextChoices):
    """Where a statement in sample data comes from; what organisers enter themselves is theirs."""

    OWN = "own", _("Entered by the organiser")
    RECORD = "record", _("Public record")
    ILLUSTRATIVE = "illustrative", _("Illustrative")
