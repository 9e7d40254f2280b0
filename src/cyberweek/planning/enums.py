from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PlanState(models.TextChoices):
    """Whether a plan has gone down to the units that it addresses."""

    DRAFT = "draft", pgettext_lazy("plan", "Draft")
    ISSUED = "issued", pgettext_lazy("plan", "Issued")


class IssueState(models.TextChoices):
    """How far a plan is on its way to its units."""

    WAITING = "waiting", pgettext_lazy("issue", "Waiting")
    RUNNING = "running", pgettext_lazy("issue", "Under way")
    DONE = "done", pgettext_lazy("issue", "Issued")
    FAILED = "failed", pgettext_lazy("issue", "Broken off")


class TaskState(models.TextChoices):
    """Where a task stands; the order of declaration is that of the board's columns."""

    TODO = "todo", pgettext_lazy("task", "Not begun")
    DOING = "doing", pgettext_lazy("task", "Under way")
    BLOCKED = "blocked", pgettext_lazy("task", "Blocked")
    DONE = "done", pgettext_lazy("task", "Done")
    DROPPED = "dropped", pgettext_lazy("task", "Dropped")


OPEN = frozenset({TaskState.TODO, TaskState.DOING, TaskState.BLOCKED})


class EventKind(models.TextChoices):
    """What happened to a task."""

    ISSUED = "issued", _("came with the plan")
    CREATED = "created", _("added")
    PLAN_CHANGED = "plan-changed", _("changed by the plan")
    WITHDRAWN = "withdrawn", _("withdrawn by the plan")
    EDITED = "edited", _("edited")
    PROGRESS = "progress", _("reported")
    BROKEN_DOWN = "broken-down", _("broken down")
    COMMENT = "comment", _("commented")
    EVIDENCE = "evidence", _("gave evidence")
    REMINDED = "reminded", _("was reminded")
    ESCALATED = "escalated", _("went one level up")


class NoticeKind(models.TextChoices):
    """Why somebody is told of a task."""

    ASSIGNED = "assigned", _("You are accountable for it")
    CHANGED = "changed", _("The plan changed it")
    SOON = "soon", _("Due soon")
    DUE = "due", _("Due today")
    OVERDUE = "overdue", _("Overdue")
    ESCALATED = "escalated", _("Overdue in a unit below yours")
    COMMENT = "comment", _("A comment")
    REMINDED = "reminded", _("Somebody reminds you of it")
