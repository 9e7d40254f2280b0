from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """How far a draw has come."""

    COMMITTED = "committed", _("Announced")
    FROZEN = "frozen", _("Entries frozen")
    REVEALED = "revealed", _("Drawn")
    MISSED = "missed", _("Void: not frozen in time")


class Refusal(models.TextChoices):
    """Why a step of a draw was not done."""

    PRIZES = "prizes", _("1 to %(limit)d prizes are possible.")
    RESERVE = "reserve", _("The reserve has 0 to %(limit)d places.")
    LEAST = "least", _("A paper has %(limit)d points at most, and a draw asks at least for one.")
    SOURCE = "source", _("Name the public number in one line of at most %(limit)d characters, without quotation marks.")
    PUBLIC = "public", _("Write the number in one line of at most %(limit)d characters, without quotation marks.")
    KNOWN_EARLY = "known-early", _("At that time papers may still come in: the number must become known later.")
    OVER = "over", _("The number would be known by now. A draw is announced before.")
    NOT_RELEASED = "not-released", _("The contest has no release yet.")
    OUTSIDE = "outside", _("The contest is not open on %(day)s.")
    TOO_EARLY = "too-early", _("Papers may still come in. The entries can be frozen from %(at)s on.")
    TOO_LATE = "too-late", _("The public number is known by now, so the entries can no longer be frozen.")
    NOT_KNOWN = "not-known", _("The public number is not known before %(at)s.")
    CLOSES = "closes", _("Choose a day from today on, at most a year away.")
    DELETE_ON = "delete-on", _("Choose a day after the last one for contacts, at most a year after it.")
    WRONG_STAGE = "wrong-stage", _("This step has been done already, or its turn has not come.")
