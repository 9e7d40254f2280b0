"""What reviewers decided about a contest's results. The ledger holds each ruling; here is what belongs to it besides."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cyberweek.knowledge.core.rulings import MAX_REASON
from cyberweek.knowledge.enums import ExclusionReason, ObjectionState, PreviewState, RulingKind

from .contests import Contest

MAX_TEXT = 2000
"""Characters of an objection, an answer to one, an internal note."""


class Exclusion(models.Model):
    """A participant whose papers do not count. It is lifted, never deleted."""

    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="exclusions")
    participant = models.UUIDField(_("participant"))
    ruling = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    category = models.CharField(_("kind of reason"), max_length=12, choices=ExclusionReason)
    reason = models.CharField(_("public reason"), max_length=MAX_REASON)
    note = models.TextField(_("internal note"), max_length=MAX_TEXT, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    object_until = models.DateTimeField(_("objection until"))
    lifted = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    lifted_reason = models.CharField(max_length=MAX_REASON, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("exclusion")
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "participant"], condition=Q(lifted=None), name="exclusion_once_at_a_time"
            ),
            models.CheckConstraint(condition=Q(category__in=ExclusionReason.values), name="exclusion_category_known"),
            models.CheckConstraint(
                condition=Q(lifted=None, lifted_by=None) | Q(lifted__isnull=False, lifted_by__isnull=False),
                name="exclusion_lifted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contest_id} {self.participant}"


class Objection(models.Model):
    """What an excluded participant says against it, once; decided by somebody other than who excluded them."""

    exclusion = models.OneToOneField(Exclusion, on_delete=models.PROTECT, related_name="objection")
    excluder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("objection"), max_length=MAX_TEXT)
    at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=ObjectionState, default=ObjectionState.OPEN)
    answer = models.TextField(_("answer"), max_length=MAX_TEXT, blank=True)
    decided = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("objection")
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ObjectionState.OPEN, decided=None, decided_by=None)
                | Q(state__in=[ObjectionState.UPHELD, ObjectionState.GRANTED], decided__isnull=False)
                & Q(decided_by__isnull=False),
                name="objection_open_or_decided",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("excluder")), name="objection_has_four_eyes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.exclusion_id}"


class RegradePreview(models.Model):
    """What a regrade would change, counted up to one batch of the ledger."""

    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="regrade_previews")
    release = models.PositiveIntegerField()
    batch = models.BigIntegerField()
    """The newest batch of the ledger when it was asked for: what it is bound to."""
    state = models.CharField(max_length=8, choices=PreviewState, default=PreviewState.WAITING)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    told = models.JSONField(default=dict)  # `core.regrades.Preview`
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=PreviewState.values), name="preview_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.contest_id} #{self.release} @{self.batch}"


class Regrade(models.Model):
    """Papers of earlier releases count by the keys of this release from now on; the latest of a contest wins."""

    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="regrades")
    release = models.PositiveIntegerField()
    ruling = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    reason = models.CharField(_("public reason"), max_length=MAX_REASON)
    preview = models.OneToOneField(RegradePreview, on_delete=models.PROTECT, related_name="regrade")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-release"]
        verbose_name = _("regrade")
        constraints = [models.UniqueConstraint(fields=["contest", "release"], name="regrade_once_a_release")]

    def __str__(self) -> str:
        return f"{self.contest_id} #{self.release}"


class ResultVersion(models.Model):
    """The result as it stood before a ruling took effect: kept, and readable for good."""

    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="result_versions")
    number = models.PositiveIntegerField()
    batch = models.BigIntegerField()
    """The last batch of the ledger that is in it."""
    head = models.CharField(max_length=64, blank=True)
    boards = models.CharField(max_length=64, blank=True)
    """Hash of all boards as of `batch`; empty until it has been computed."""
    participants = models.BigIntegerField()
    papers = models.BigIntegerField()
    tops = models.JSONField()  # {region: [[participant, score, seconds], …]} in board order; ids, since nicknames go
    ruling = models.UUIDField(unique=True)
    kind = models.CharField(max_length=8, choices=RulingKind)
    reason = models.CharField(max_length=MAX_REASON)
    changed = models.JSONField(default=dict)  # of a regrade: {"papers": …, "people": …, "items": [codes]}
    at = models.DateTimeField()

    class Meta:
        ordering = ["contest", "-number"]
        verbose_name = _("earlier result")
        constraints = [models.UniqueConstraint(fields=["contest", "number"], name="result_version_once")]

    def __str__(self) -> str:
        return f"{self.contest_id} {self.number}"
