from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Count(models.TextChoices):
    """The unit of count: what one of it is. Only like is added to like (`core.totals`)."""

    PEOPLE = "people", pgettext_lazy("unit of count", "people")
    PERSON_TIMES = "person-times", pgettext_lazy("unit of count", "person-times")
    IMPRESSIONS = "impressions", pgettext_lazy("unit of count", "impressions")
    MESSAGES = "messages", pgettext_lazy("unit of count", "messages sent")
    ITEMS = "items", pgettext_lazy("unit of count", "items")
    ACTIVITIES = "activities", pgettext_lazy("unit of count", "activities")
    ORGANISATIONS = "organisations", pgettext_lazy("unit of count", "organisations")
    SCREENS = "screens", pgettext_lazy("unit of count", "screens")
    PLAYS = "plays", pgettext_lazy("unit of count", "plays")
    PAPERS = "papers", pgettext_lazy("unit of count", "papers")
    ANSWERS = "answers", pgettext_lazy("unit of count", "answers")
    HOURS = "hours", pgettext_lazy("unit of count", "hours")


class Adding(models.TextChoices):
    """How figures become the figure of a region."""

    SUM = "sum", _("added up")
    MAX = "max", _("the greatest counts")
    UNION = "union", _("each person once")
    NONE = "none", _("not added up")


class Filler(models.TextChoices):
    """Where the figures of an indicator come from."""

    ACTIVITY = "activity", _("the report on an activity")
    UNIT = "unit", _("the report of a unit")
    MACHINE = "machine", _("a machine that knows")


class Way(models.TextChoices):
    """How a figure was counted."""

    MACHINE = "machine", _("a machine counted")
    SIGNED = "signed", _("tickets or signatures")
    HEADS = "heads", _("heads counted at the place")
    PLATFORM = "platform", _("statistics of a platform")
    RECEIPT = "receipt", _("invoice or delivery note")
    GUESS = "guess", _("an estimate")


class Grade(models.TextChoices):
    """How good the evidence is, best first."""

    LOG = "log", _("machine log")
    DOCUMENT = "document", _("document")
    ESTIMATE = "estimate", _("estimate")


class State(models.TextChoices):
    """How far a figure has come; that of a report follows from its figures (`core.states`). Two of them count."""

    DRAFT = "draft", _("Draft")
    QUESTIONED = "questioned", _("Asked about")
    TO_VERIFY = "to-verify", _("To be verified")
    COUNTED = "counted", _("Counted")
    VERIFIED = "verified", _("Verified")
    REJECTED = "rejected", _("Rejected")


COUNTING = (State.COUNTED, State.VERIFIED)


class Doubt(models.TextChoices):
    """Why a figure is asked about."""

    OUTLIER = "outlier", _("far from activities of like kind and size")
    BOUNDS = "bounds", _("outside what is likely for one activity")
    CAPACITY = "capacity", _("far more than the place holds")
    POPULATION = "population", _("more people than live there")
    MIXED_UP = "mixed-up", _("the same number as people and as person-times")


# Why something that was typed is no figure, by `core.numbers.NoNumberError.why`.
WRONG_NUMBERS: Final[dict[str, _StrPromise]] = {
    "shape": _("This is no number. Write it in digits, such as 1200 or 1.2万."),
    "negative": _("There is no figure below nought."),
    "large": _("Nothing of this world comes to so many. Look at the noughts."),
    "parts": _("Only whole ones are counted here."),
}
