"""The tasks of units: made by a plan, broken down from a task of the unit above, or a unit's own."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cyberweek.attachments.models import Attachment
from cyberweek.editions.models import Edition, ThemeDay
from cyberweek.kernel.models import LocalizedField
from cyberweek.planning.enums import EventKind, TaskState
from cyberweek.regions.models import Unit

from .plans import Arrangement


class Task(models.Model):
    """What one unit has to do by a date, and how far it is. Dates are days in the edition's zone.

    A task with an `arrangement` was made by a plan; one with a `parent` was broken down from that task. `own` names the
    fields that the unit wrote itself: a changed plan leaves them and says so. `revision` grows with every change by a
    person, so that the second of two editors sees the first's. `plan_revision` is the plan's that the task last took.
    """

    # Keys without an index of their own stand first in one below.
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="tasks", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="tasks", verbose_name=_("unit"))
    arrangement = models.ForeignKey(Arrangement, null=True, on_delete=models.PROTECT, related_name="tasks")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="parts")
    title = LocalizedField(_("title"), max_length=120)
    what = LocalizedField(_("what must happen"), max_length=4000, long=True, blank=True)
    deliverables = LocalizedField(_("deliverables, one a line"), max_length=1000, long=True, blank=True)
    begins = models.DateField(_("begins"))
    due = models.DateField(_("due"))
    theme_day = models.ForeignKey(
        ThemeDay, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("theme day")
    )
    is_milestone = models.BooleanField(_("milestone"), default=False)
    needs_evidence = models.BooleanField(_("done only with evidence"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=TaskState, default=TaskState.TODO)
    progress = models.PositiveSmallIntegerField(_("progress in hundredths"), default=0)
    blocker = models.CharField(_("what blocks it"), max_length=500, blank=True)
    accountable = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        verbose_name=_("accountable person"), db_index=False,
    )  # fmt: skip
    after = models.ManyToManyField(
        "self", symmetrical=False, through="Dependency", through_fields=("task", "after"), related_name="before"
    )
    # Where it follows its parts, its progress is their mean by weight; a person's own word is not asked.
    follows_parts = models.BooleanField(_("progress follows the parts"), default=False, db_default=False)
    weight = models.PositiveSmallIntegerField(_("weight among the parts"), default=1, db_default=1)
    evidence = models.ManyToManyField(Attachment, through="Evidence", related_name="+")
    own = ArrayField(models.CharField(max_length=20), default=list, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)
    plan_revision = models.PositiveIntegerField(default=0, editable=False)
    done_at = models.DateTimeField(null=True, editable=False)
    created = models.DateTimeField(db_default=Now(), editable=False)
    changed = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["due", "pk"]
        verbose_name = _("task")
        constraints = [
            models.UniqueConstraint(
                fields=["arrangement", "unit"],
                condition=models.Q(parent=None),
                name="task_once_an_arrangement",
                include=["state"],  # a plan counts its hundreds of thousands of tasks without reading them
            ),
            models.CheckConstraint(condition=models.Q(due__gte=models.F("begins")), name="task_due_after_it_begins"),
            models.CheckConstraint(condition=models.Q(progress__lte=100), name="task_progress_to_100"),
            models.CheckConstraint(condition=models.Q(weight__gte=1), name="task_weighs_something"),
            models.CheckConstraint(
                condition=models.Q(state=TaskState.DONE, done_at__isnull=False, progress=100)
                | (~models.Q(state=TaskState.DONE) & models.Q(done_at__isnull=True)),
                name="task_done_at_a_time",
            ),
            models.CheckConstraint(
                condition=(models.Q(state=TaskState.BLOCKED) & ~models.Q(blocker=""))
                | (~models.Q(state=TaskState.BLOCKED) & models.Q(blocker="")),
                name="task_blocked_by_something",
            ),
        ]
        indexes = [
            models.Index(fields=["edition", "unit", "state"], name="task_of_unit"),
            models.Index(fields=["edition", "state", "due"], name="task_due"),
            models.Index(fields=["accountable", "due"], name="task_of_person"),
            models.Index(fields=["edition", "due", "id"], name="task_by_due"),
            models.Index(
                fields=["edition", "-done_at", "-id"], condition=models.Q(state=TaskState.DONE), name="task_done_last"
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)


class Dependency(models.Model):
    """`task` can be finished only when `after` is. `planning.core.network` refuses circles before they are saved."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="dependencies", db_index=False)
    after = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="dependents")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "after"], name="dependency_once"),
            models.CheckConstraint(condition=~models.Q(task=models.F("after")), name="dependency_on_another"),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} > {self.after_id}"


class Evidence(models.Model):
    """A file that shows that a task was done."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="files")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["task", "id"]
        constraints = [models.UniqueConstraint(fields=["task", "attachment"], name="task_evidence_once")]

    def __str__(self) -> str:
        return f"{self.task_id} {self.attachment_id}"


class TaskEvent(models.Model):
    """One thing that happened to a task: its history, its comments, and what the forecast learns from."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=12, choices=EventKind)
    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField(blank=True)  # a comment, a reason; in the words of who wrote it
    progress = models.PositiveSmallIntegerField(null=True)  # what the task's was afterwards
    before = models.JSONField(default=dict)  # only what changed
    after = models.JSONField(default=dict)

    class Meta:
        ordering = ["task", "id"]

    def __str__(self) -> str:
        return f"{self.task_id} {self.kind}"
