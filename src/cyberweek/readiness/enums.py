from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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


class MeetingState(models.TextChoices):
    """How far a meeting is; the order of declaration is the order of the steps."""

    PLANNED = "planned", pgettext_lazy("meeting", "Planned")
    CALLED = "called", pgettext_lazy("meeting", "Called")
    HELD = "held", pgettext_lazy("meeting", "Held")
    APPROVED = "approved", pgettext_lazy("meeting", "Minutes approved")
    CANCELLED = "cancelled", pgettext_lazy("meeting", "Cancelled")


class Reach(models.TextChoices):
    """Which units report to a meeting."""

    RIGHT_UNDER = "right-under", _("units right under it")
    ALL_UNDER = "all-under", _("all units under it")


class ItemKind(models.TextChoices):
    """What an item of an agenda is for."""

    REPORTS = "reports", pgettext_lazy("item of an agenda", "Reports")
    DISCUSSION = "discussion", _("Discussion")
    DECISION = "decision", _("Decision wanted")
    OTHER = "other", pgettext_lazy("item of an agenda", "Other")


class Presence(models.TextChoices):
    """Whether somebody was at a meeting."""

    PRESENT = "present", pgettext_lazy("presence", "Present")
    EXCUSED = "excused", pgettext_lazy("presence", "Excused")
    ABSENT = "absent", pgettext_lazy("presence", "Absent")


class BriefState(models.TextChoices):
    """How far the papers of a meeting are."""

    MAKING = "making", _("Being made")
    READY = "ready", pgettext_lazy("papers", "Ready")
    FAILED = "failed", pgettext_lazy("papers", "Broken off")


class RiskState(models.TextChoices):
    """Where a risk stands."""

    OPEN = "open", pgettext_lazy("risk", "Open")
    WATCHED = "watched", pgettext_lazy("risk", "Watched")
    HAPPENED = "happened", pgettext_lazy("risk", "Happened")
    CLOSED = "closed", pgettext_lazy("risk", "Closed")


LIVE_RISKS = frozenset({RiskState.OPEN, RiskState.WATCHED, RiskState.HAPPENED})


class RiskLevel(models.TextChoices):
    """How grave a risk is (`core.levels`); the order of declaration is the gravest first."""

    EXTREME = "extreme", pgettext_lazy("risk", "Extreme")
    HIGH = "high", pgettext_lazy("risk", "High")
    MEDIUM = "medium", pgettext_lazy("risk", "Medium")
    LOW = "low", pgettext_lazy("risk", "Low")


class RiskAct(models.TextChoices):
    """What happened to a risk."""

    RAISED = "raised", _("entered it")
    EDITED = "edited", _("edited it")
    STATE = "state", _("changed its state")
    PASSED_UP = "passed-up", _("passed it up")
    HANDED_BACK = "handed-back", _("handed it back")
    MEASURE = "measure", _("added a measure")
    MEASURE_DONE = "measure-done", _("ticked a measure")


class Danger(models.TextChoices):
    """What a contingency plan is for, and what an incident is of: the bottom lines of safety, and the rest."""

    NETWORK = "network", _("Network security of our own systems")
    CROWD = "crowd", _("Crowd")
    WEATHER = "weather", _("Weather")
    EPIDEMIC = "epidemic", _("Epidemic")
    FIRE = "fire", _("Fire and power")
    OPINION = "opinion", _("Rumours and public opinion")
    OTHER = "other", pgettext_lazy("danger", "Other")


BOTTOM_LINES = (Danger.NETWORK, Danger.CROWD, Danger.WEATHER, Danger.EPIDEMIC)
"""Every unit that holds something has a plan for each of these."""


class Severity(models.IntegerChoices):
    """How grave an incident is. From `SEVERE_FROM` the units above are told at once."""

    MINOR = 1, pgettext_lazy("severity", "Minor")
    NOTABLE = 2, pgettext_lazy("severity", "Notable")
    SEVERE = 3, pgettext_lazy("severity", "Severe")
    GRAVE = 4, pgettext_lazy("severity", "Grave")


SEVERE_FROM = Severity.SEVERE


class IncidentAct(models.TextChoices):
    """What a line of an incident's log says."""

    ENTERED = "entered", _("entered it")
    UPDATE = "update", _("wrote")
    SEVERITY = "severity", _("changed the severity")
    STEP = "step", _("ticked a step")
    PLAN = "plan", _("put a contingency plan into force")
    TOLD = "told", _("The units above were told")
    CLOSED = "closed", pgettext_lazy("incident log", "closed it")


class DutyRole(models.TextChoices):
    """What somebody on duty answers for."""

    LEAD = "lead", _("Duty lead")
    OFFICER = "officer", _("Duty officer")
    NETWORK = "network", _("Network security watch")
    SITE = "site", _("Site safety")
    MEDIA = "media", _("Media and enquiries")
