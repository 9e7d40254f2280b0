from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """How far a summary has come on its way up."""

    DRAFT = "draft", pgettext_lazy("summary", "Not frozen")
    FROZEN = "frozen", pgettext_lazy("summary", "Frozen")
    SENT = "sent", pgettext_lazy("summary", "Sent up")
    TAKEN = "taken", pgettext_lazy("summary", "Taken in")


class Part(models.TextChoices):
    """The sections of a summary, in their order."""

    OVERVIEW = "overview", pgettext_lazy("section", "Overview")
    ORGANISATION = "organisation", pgettext_lazy("section", "Organisation")
    DAYS = "days", pgettext_lazy("section", "Theme days")
    ACTIVITIES = "activities", pgettext_lazy("section", "Activities")
    CONTEST = "contest", pgettext_lazy("section", "Contest")
    PUBLICITY = "publicity", pgettext_lazy("section", "Publicity and reach")
    SAFETY = "safety", pgettext_lazy("section", "Safety")
    CASES = "cases", pgettext_lazy("section", "Typical cases")
    LESSONS = "lessons", pgettext_lazy("section", "Problems and lessons")
    NEXT = "next", pgettext_lazy("section", "Next year")


class Table(models.TextChoices):
    """The tables that are given away as open data."""

    TOTALS = "totals", _("Totals by region")
    ACTIVITIES = "activities", _("Activities by region and kind")


LICENCE = "CC-BY-4.0"
