from django.db import models
from django.utils.translation import gettext_lazy as _


class Standing(models.TextChoices):
    """How sure it is that something is ready on the opening day; the order of declaration is the gravest first."""

    RED = "red", _("Off course")
    AT_RISK = "atrisk", _("At risk")
    SURE = "sure", _("On course")


SURE_FROM = 0.85
AT_RISK_FROM = 0.6


def standing_of(chance: float) -> Standing:
    """From the chance of a unit, or the share of a region's units that is expected to be ready."""
    if chance >= SURE_FROM:
        return Standing.SURE
    return Standing.AT_RISK if chance >= AT_RISK_FROM else Standing.RED
