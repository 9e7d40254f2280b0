"""The unified plan of an edition, and the implementation plans that units under it make for their own."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cyberweek.editions.models import Edition, ThemeDay
from cyberweek.kernel.models import LocalizedField
from cyberweek.planning.enums import IssueState, PlanState
from cyberweek.regions.enums import Level, Sector
from cyberweek.regions.models import Unit


class Plan(models.Model):
    """What a unit lays down for itself and the units under it. The nation's is the unified plan; a province's own is
    its implementation plan. `revision` counts how often it was issued; `opening` is the edition's first day as the tasks
    know it. `version` grows with every change of its own words."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="plans")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="plans", verbose_name=_("issued by"))
    title = LocalizedField(_("title"), max_length=120)
    preface = LocalizedField(_("preface"), max_length=4000, long=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=PlanState, default=PlanState.DRAFT)
    revision = models.PositiveIntegerField(default=0, editable=False)
    issued_at = models.DateTimeField(null=True, editable=False)
    opening = models.DateField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["edition", "unit"]
        verbose_name = _("plan")
        constraints = [
            models.UniqueConstraint(fields=["edition", "unit"], name="plan_once"),
            models.CheckConstraint(
                condition=models.Q(state=PlanState.DRAFT, issued_at__isnull=True)
                | models.Q(state=PlanState.ISSUED, issued_at__isnull=False),
                name="plan_issued_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)


class Arrangement(models.Model):
    """Something that must happen: the template of a task for every unit that it falls to.

    `begins` and `due` are days from the edition's first day (-5: five days before it). It falls to the plan's own unit
    and the units under it that are of any of `levels` and of any of `sectors` (none given: any; neither given: none),
    and to those of them that `units` names one by one. What people edit is a draft: `issued` holds what went down to
    the units last ({} before that, see `planning.core.changes`), and `revision` the plan's at which that last changed:
    a task with an older one has yet to follow. `version` grows with every edit.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="arrangements")
    code = models.CharField(_("number"), max_length=12)
    title = LocalizedField(_("title"), max_length=120)
    what = LocalizedField(_("what must happen"), max_length=4000, long=True, blank=True)
    deliverables = LocalizedField(_("deliverables, one a line"), max_length=1000, long=True, blank=True)
    begins = models.SmallIntegerField(_("begins, in days from the opening"))
    due = models.SmallIntegerField(_("due, in days from the opening"))
    levels = ArrayField(models.CharField(max_length=10, choices=Level), default=list, blank=True)
    sectors = ArrayField(models.CharField(max_length=12, choices=Sector), default=list, blank=True)
    units = models.ManyToManyField(Unit, blank=True, related_name="+", verbose_name=_("units by name"))
    theme_day = models.ForeignKey(
        ThemeDay, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("theme day")
    )
    is_milestone = models.BooleanField(_("milestone"), default=False)
    needs_evidence = models.BooleanField(_("done only with evidence"), default=False)
    after = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="before")
    is_withdrawn = models.BooleanField(default=False, editable=False)
    withdrawn_because = models.CharField(_("why it is withdrawn"), max_length=300, blank=True)
    revision = models.PositiveIntegerField(default=1, editable=False)
    issued = models.JSONField(default=dict, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["plan", "due", "code"]
        verbose_name = _("arrangement")
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="arrangement_code_once"),
            models.CheckConstraint(
                condition=models.Q(due__gte=models.F("begins")), name="arrangement_due_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)


class Issue(models.Model):
    """One going down of a plan to its units: made with one press, worked off by a job in small transactions.

    `step` and `cursor` (the last unit that is through with the step) say how far it is, so that whoever finds it
    unfinished goes on from there; the row itself is the lock under which a batch is done. `changed` has, for each
    arrangement that differs from what was issued before, what the plan said and says ({"12": {"before": …, "after": …}}).
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="issues")
    number = models.PositiveIntegerField()  # the plan's revision that it makes
    state = models.CharField(max_length=10, choices=IssueState, default=IssueState.WAITING)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    touched = models.DateTimeField()
    finished = models.DateTimeField(null=True)
    step = models.PositiveSmallIntegerField(default=0)
    cursor = models.BigIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)  # units that are through, over all steps
    total = models.PositiveIntegerField(default=0)
    changed = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)  # tasks made, changed, dropped, kept
    fault = models.TextField(blank=True)

    class Meta:
        ordering = ["plan", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="issue_number_once"),
            models.UniqueConstraint(
                fields=["plan"], condition=models.Q(finished__isnull=True), name="issue_one_under_way"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.number}"
